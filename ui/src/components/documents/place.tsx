import { useTranslation } from "react-i18next";
import type { DocumentBrief } from "@/api/types";
import { useFormats } from "@/shared/formats";

interface Where {
  page: number | null;
  page_last?: number | null;
  sheet: string | null;
  cells?: string | null;
}

/** "p. 3", "p. 3–4", "slide 3", "Budget!A1:D20": the place of a passage inside a document. */
export function usePlace(): (format: string, where: Where) => string | null {
  const { t } = useTranslation();
  return (format, { page, page_last: last, sheet, cells }) => {
    if (sheet) return cells ? t("place.cells", { sheet, cells }) : t("place.sheet", { sheet });
    if (page === null) return null;
    const slides = format === "pptx" || format === "odp";
    if (last && last !== page) return t(slides ? "place.slides" : "place.pages", { page, last });
    return t(slides ? "place.slide" : "place.page", { page });
  };
}

export const useFormatName = (): ((format: string) => string) => {
  const { t, i18n } = useTranslation();
  return (format) => (i18n.exists(`formats.${format}`) ? t(`formats.${format}` as "formats.pdf") : format);
};

/** Place, date and type of a passage on one line. */
export function PlaceLine({ document, where }: { document: DocumentBrief; where?: Where }) {
  const { date } = useFormats();
  const place = usePlace();
  const formatName = useFormatName();
  const parts = [
    where ? place(document.format, where) : null,
    document.modified ? date(document.modified) : null,
    formatName(document.format),
  ].filter((part) => part !== null);
  return <span>{parts.join(" · ")}</span>;
}

export const titleOf = (document: { title: string; path: string }): string =>
  document.title || (document.path.split("/").at(-1) ?? document.path);

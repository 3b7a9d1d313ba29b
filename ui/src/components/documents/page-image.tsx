import { ChevronLeft, ChevronRight, ZoomIn, ZoomOut } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { pageImageAddress } from "@/api/documents/queries";
import type { DocumentDetails } from "@/api/types";
import { classes } from "@/shared/classes";
import { Notice } from "../states/notice";
import { Button } from "../ui/button";
import { titleOf } from "./place";
import { useWithin } from "./within";

interface Props {
  document: DocumentDetails;
  first: number;
  passage: { chunk: number; quote: string | undefined; page: number } | null;
}

/** A page as it is printed, the passage marked on it, and the pages before and after. */
export function PageImage({ document, first, passage }: Props) {
  const { t } = useTranslation();
  const within = useWithin();
  const [page, setPage] = useState(first);
  const [large, setLarge] = useState(false);
  const [shown, setShown] = useState<{ page: number; good: boolean } | null>(null);
  const last = document.page_count ?? first;
  const marked = passage !== null && passage.page === page;
  const state = shown?.page === page ? shown : null;
  return (
    <div>
      <div className="mb-3 flex items-center gap-1">
        <Button
          look="quiet"
          size="iconSmall"
          aria-label={t("document.previousPage")}
          disabled={page <= 1}
          onClick={() => setPage(page - 1)}
        >
          <ChevronLeft aria-hidden="true" />
        </Button>
        <p aria-live="polite" className="min-w-24 text-center text-sm text-ink-soft tabular-nums">
          {t("document.pageOf", { page, last })}
        </p>
        <Button
          look="quiet"
          size="iconSmall"
          aria-label={t("document.nextPage")}
          disabled={page >= last}
          onClick={() => setPage(page + 1)}
        >
          <ChevronRight aria-hidden="true" />
        </Button>
        {passage !== null && !marked && (
          <Button look="quiet" size="small" onClick={() => setPage(passage.page)}>
            {t("document.backToPassage")}
          </Button>
        )}
        <Button
          look="quiet"
          size="iconSmall"
          className="ml-auto"
          aria-label={large ? t("document.smaller") : t("document.larger")}
          onClick={() => setLarge(!large)}
        >
          {large ? <ZoomOut aria-hidden="true" /> : <ZoomIn aria-hidden="true" />}
        </Button>
      </div>
      {state?.good === false ? (
        <Notice title={t("document.noImage")}>{t("document.noImageAdvice")}</Notice>
      ) : (
        <div tabIndex={large ? 0 : undefined} className="overflow-x-auto rounded-lg border bg-white">
          <img
            key={page}
            src={pageImageAddress(document.id, page, marked ? passage : null, within)}
            alt={t(marked ? "document.imageMarked" : "document.image", { page, title: titleOf(document) })}
            onLoad={() => setShown({ page, good: true })}
            onError={() => setShown({ page, good: false })}
            className={classes(
              "block h-auto",
              large ? "w-[190%] max-w-none" : "w-full",
              state === null && "aspect-[1/1.414] animate-breathe bg-sunken",
            )}
          />
        </div>
      )}
    </div>
  );
}

import { useInfiniteQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { filePassagesQuery } from "@/api/sources/file";
import type { IndexedPassage, SourceFile } from "@/api/types";
import { useFormats } from "@/shared/formats";
import { MarkedPassage } from "../../documents/marked";
import { usePlace } from "../../documents/place";
import { ProblemNotice } from "../../states/problem";
import { Waiting } from "../../states/waiting";
import { Button } from "../../ui/button";
import { Part } from "./part";

type Indexed = NonNullable<SourceFile["document"]>;

interface Props {
  source: number;
  path: string;
  document: Indexed;
}

/** The passages as they are searched, twenty at once. */
export function FilePassages({ source, path, document }: Props) {
  const { t } = useTranslation();
  const { number } = useFormats();
  const pages = useInfiniteQuery(filePassagesQuery(source, path));
  const passages = pages.data?.pages.flatMap((page) => page.passages) ?? [];
  return (
    <Part id="file-passages" title={t("file.passages")} lead={t("file.passagesLead")}>
      {pages.isPending && <Waiting lines={8} />}
      {pages.isError && <ProblemNotice error={pages.error} onRetry={() => void pages.refetch()} />}
      {pages.data && passages.length === 0 && (
        <p className="text-[0.9375rem] text-ink-soft">{t("file.noPassage")}</p>
      )}
      <ol className="divide-y border-t empty:hidden">
        {passages.map((passage) => (
          <Passage key={passage.chunk_id} passage={passage} format={document.format} />
        ))}
      </ol>
      {passages.length > 0 && (
        <div className="mt-4 flex flex-wrap items-center gap-4">
          {pages.hasNextPage && (
            <Button disabled={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
              {t("ledger.more")}
            </Button>
          )}
          <p className="text-sm text-ink-faint" aria-live="polite">
            {t("file.shown", { shown: number(passages.length), all: number(document.passages) })}
          </p>
        </div>
      )}
    </Part>
  );
}

function Passage({ passage, format }: { passage: IndexedPassage; format: string }) {
  const { t } = useTranslation();
  const { language, number } = useFormats();
  const place = usePlace();
  const about = [place(format, { ...passage, page: passage.page_first }), ...passage.heading].filter(Boolean);
  const spoken = passage.language === "simple" ? null : passage.language;
  return (
    <li className="py-4">
      <p className="flex flex-wrap items-baseline gap-x-3 text-sm text-ink-soft">
        <span className="font-medium tabular-nums">
          {t("file.passageNumber", { number: number(passage.position + 1) })}
        </span>
        {about.length > 0 && <span className="min-w-0 break-words">{about.join(" › ")}</span>}
        {spoken && <span className="text-ink-faint">{language(spoken)}</span>}
        {passage.kind === "table" && <span className="text-ink-faint">{t("file.table")}</span>}
      </p>
      <div
        {...(spoken && { lang: spoken })}
        className="mt-2 max-w-prose font-serif text-[1.0625rem] leading-relaxed"
      >
        <MarkedPassage text={passage.text} highlights={[]} />
      </div>
    </li>
  );
}

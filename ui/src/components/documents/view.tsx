import { useQuery } from "@tanstack/react-query";
import { Download } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { documentQuery, originalAddress, passageQuery } from "@/api/documents/queries";
import type { DocumentDetails } from "@/api/types";
import { ProblemNotice } from "../states/problem";
import { Waiting } from "../states/waiting";
import { buttonClasses } from "../ui/button";
import { ClassificationBadge } from "./classification";
import { DocumentFacts } from "./facts";
import { PageImage } from "./page-image";
import { PassageText } from "./passage-text";
import { PlaceLine, titleOf } from "./place";
import { useWithin } from "./within";

interface Props {
  id: number;
  passage: number | undefined;
  quote: string | undefined;
  titleId: string;
  close: ReactNode;
}

/** One document at one passage: the page as it was printed where there is one, else the words around. */
export function DocumentView({ id, passage, quote, titleId, close }: Props) {
  const { t } = useTranslation();
  const within = useWithin();
  const details = useQuery(documentQuery(id, within));
  return (
    <>
      <header className="flex items-start gap-3 border-b px-4 py-3 sm:px-6">
        <div className="min-w-0 flex-1 pt-1.5">
          <h2 id={titleId} className="text-lg leading-snug font-semibold break-words">
            {details.data ? titleOf(details.data) : t("document.label")}
          </h2>
          {details.data && (
            <p className="mt-1 flex flex-wrap items-center gap-x-3 gap-y-1.5 text-sm text-ink-soft">
              <ClassificationBadge value={details.data.classification} />
              <PlaceLine document={details.data} />
            </p>
          )}
        </div>
        {details.data && (
          <a
            href={originalAddress(id, within)}
            download
            className={buttonClasses({ look: "quiet", size: "icon" })}
            title={t("document.original")}
          >
            <Download aria-hidden="true" />
            <span className="sr-only">{t("document.original")}</span>
          </a>
        )}
        {close}
      </header>
      <section
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard scrolls this region.
        tabIndex={0}
        aria-labelledby={titleId}
        className="min-h-0 flex-1 overflow-y-auto outline-offset-[-2px]"
      >
        <div className="mx-auto max-w-4xl space-y-8 px-4 py-5 sm:px-6">
          {details.isPending && <Waiting lines={6} />}
          {details.isError && <ProblemNotice error={details.error} onRetry={() => void details.refetch()} />}
          {details.data && (
            <>
              <Content document={details.data} passage={passage} quote={quote} />
              <DocumentFacts document={details.data} />
            </>
          )}
        </div>
      </section>
    </>
  );
}

function Content({
  document,
  passage,
  quote,
}: {
  document: DocumentDetails;
  passage: number | undefined;
  quote: string | undefined;
}) {
  if (passage === undefined) {
    return document.has_page_images ? <PageImage document={document} first={1} passage={null} /> : null;
  }
  return <AtPassage document={document} passage={passage} quote={quote} />;
}

function AtPassage({
  document,
  passage,
  quote,
}: {
  document: DocumentDetails;
  passage: number;
  quote: string | undefined;
}) {
  const { t } = useTranslation();
  const within = useWithin();
  const context = useQuery(passageQuery(document.id, passage, within));
  if (context.isPending) return <Waiting lines={8} />;
  if (context.isError) {
    return <ProblemNotice error={context.error} onRetry={() => void context.refetch()} />;
  }
  const { page } = context.data.passage;
  if (!document.has_page_images || page === null) {
    return <PassageText context={context.data} format={document.format} quote={quote} />;
  }
  return (
    <>
      <PageImage document={document} first={page} passage={{ chunk: passage, quote, page }} />
      <details className="group rounded-xl border bg-paper">
        <summary className="flex items-center justify-between rounded-xl px-4 py-3 text-[0.9375rem] font-medium">
          {t("document.asText")}
          <span aria-hidden="true" className="text-ink-faint transition-transform group-open:rotate-90">
            ›
          </span>
        </summary>
        <div className="px-4 pb-4">
          <PassageText context={context.data} format={document.format} quote={quote} />
        </div>
      </details>
    </>
  );
}

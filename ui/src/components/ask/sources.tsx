import { Link, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Citation } from "@/api/answers/events";
import { useFeedback } from "@/api/search/feedback";
import { classes } from "@/shared/classes";
import { ClassificationBadge } from "../documents/classification";
import { PlaceLine, titleOf, usePlace } from "../documents/place";
import { Thumbs } from "../feedback/thumbs";
import type { Exchange } from "./exchanges";

const opening = (citation: Citation) => ({
  to: "." as const,
  search: { document: citation.document.id, passage: citation.chunk_id },
  state: { quote: citation.quote },
});

function useIsOpen(): (citation: Citation) => boolean {
  const search = useSearch({ from: "/_app" });
  return ({ document, chunk_id }) => search.document === document.id && search.passage === chunk_id;
}

/** The number behind a sentence, which opens its passage. */
export function CitationLink({ citation, question }: { citation: Citation; question: string }) {
  const { t } = useTranslation();
  const place = usePlace();
  const isOpen = useIsOpen()(citation);
  const { opened } = useFeedback(question);
  const { document, number } = citation;
  const where = place(document.format, citation);
  const name = [titleOf(document), where].filter(Boolean).join(", ");
  return (
    <Link
      {...opening(citation)}
      activeOptions={{ exact: true, includeSearch: true }}
      onClick={() => opened(document.id)}
      title={name}
      aria-label={t("ask.citation", { number, name })}
      className={classes(
        "ml-1 inline-grid h-[1.375rem] min-w-[1.375rem] -translate-y-[0.2em] place-items-center rounded-md px-1 align-baseline",
        "font-sans text-xs leading-none font-semibold tabular-nums transition-colors",
        isOpen
          ? "bg-accent text-on-accent"
          : "bg-accent-soft text-accent hover:bg-accent hover:text-on-accent",
      )}
    >
      {number}
    </Link>
  );
}

/** An answer, as far as its sources go. */
type Cited = Pick<Exchange, "question" | "citations"> & { id: number | string };

/** The documents behind an answer, each at its passage. */
export function SourceList({ exchange }: { exchange: Cited }) {
  const { t } = useTranslation();
  const isOpen = useIsOpen();
  const { opened } = useFeedback(exchange.question);
  const id = `sources-${exchange.id}`;
  return (
    <section aria-labelledby={id} className="mt-7">
      <h3 id={id} className="mb-2 text-sm font-semibold text-ink-soft">
        {t("ask.sources")}
      </h3>
      <ol className="overflow-hidden rounded-xl border bg-surface">
        {exchange.citations.map((citation) => {
          const { document, number } = citation;
          return (
            <li
              key={number}
              className={classes(
                "flex flex-wrap items-start border-t first:border-t-0 sm:flex-nowrap",
                isOpen(citation) && "bg-accent-soft",
              )}
            >
              <Link
                {...opening(citation)}
                onClick={() => opened(document.id)}
                className={classes(
                  "flex w-full min-w-0 items-start gap-3 px-3.5 py-3 outline-offset-[-2px] transition-colors sm:w-auto sm:flex-1",
                  !isOpen(citation) && "hover:bg-sunken",
                )}
              >
                <span
                  aria-hidden="true"
                  className="mt-0.5 grid h-[1.375rem] min-w-[1.375rem] place-items-center rounded-md bg-accent-soft px-1 text-xs font-semibold text-accent tabular-nums"
                >
                  {number}
                </span>
                <span className="min-w-0 flex-1">
                  <span className="block font-medium break-words">{titleOf(document)}</span>
                  <span className="mt-0.5 block text-sm text-ink-soft">
                    <PlaceLine document={document} where={citation} />
                  </span>
                </span>
                <ClassificationBadge value={document.classification} />
              </Link>
              <Thumbs
                query={exchange.question}
                document={document}
                className="mr-2 mb-2 ml-auto max-sm:-mt-3 sm:mt-2"
              />
            </li>
          );
        })}
      </ol>
    </section>
  );
}

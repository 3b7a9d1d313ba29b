import { Link, useSearch } from "@tanstack/react-router";
import { ChevronRight } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useFeedback } from "@/api/search/feedback";
import type { DocumentBrief, Hit } from "@/api/types";
import { flattened } from "@/shared/blocks";
import { classes } from "@/shared/classes";
import { excerpt, keySentence, partAt } from "@/shared/highlights";
import { ClassificationBadge } from "../documents/classification";
import { Marked } from "../documents/marked";
import { PlaceLine, titleOf } from "../documents/place";
import { Thumbs } from "../feedback/thumbs";

/** What is read of a hit before it is opened, in characters; of one merged of several passages, more. */
const SHOWN = { one: 380, merged: 620 };

interface Props {
  hit: Hit;
  query: string;
  /** Whether its document is among those to ask about. */
  chosen: boolean;
  onChoose: (chosen: boolean) => void;
}

/** One document found, at its best passage; its copies and older versions folded under it. */
export function HitView({ hit, query, chosen, onChoose }: Props) {
  const { t } = useTranslation();
  const open = useSearch({ from: "/_app" });
  const { opened } = useFeedback(query);
  const { document } = hit;
  const quote = keySentence(hit.text, hit.highlights, document.language);
  const isMerged = hit.parts.length > 0;
  // The document opens at the passage that holds the sentence to show.
  const passage = partAt(hit.text, hit.parts, quote)?.chunk_id ?? hit.chunk_id;
  const isOpen =
    open.document === document.id &&
    (open.passage === hit.chunk_id || hit.parts.some((part) => part.chunk_id === open.passage));
  const cut = excerpt(flattened(hit.text), hit.highlights, isMerged ? SHOWN.merged : SHOWN.one);
  const heading = hit.heading.filter((title) => title !== titleOf(document));
  return (
    <li className="border-t py-1.5 first:border-t-0">
      <article className={classes("-mx-3 rounded-xl px-3 py-3.5", isOpen && "bg-accent-soft/70")}>
        <div className="flex items-start justify-between gap-3">
          <h2 className="min-w-0 text-[1.0625rem] leading-snug font-semibold break-words">
            <Link
              to="."
              search={(before) => ({ ...before, document: document.id, passage })}
              state={quote ? { quote } : {}}
              data-hit=""
              onClick={() => opened(document.id)}
              className="rounded-sm text-accent underline-offset-4 hover:underline"
            >
              {titleOf(document)}
            </Link>
          </h2>
          <div className="flex shrink-0 items-center gap-2">
            <ClassificationBadge value={document.classification} />
            <label className="-my-1 -mr-1 grid size-8 place-items-center" title={t("about.choose")}>
              <input
                type="checkbox"
                className="size-[1.125rem] accent-accent"
                aria-label={t("about.chooseOne", { name: titleOf(document) })}
                checked={chosen}
                onChange={(event) => onChoose(event.target.checked)}
              />
            </label>
          </div>
        </div>
        <p className="mt-1 text-sm text-ink-soft">
          <PlaceLine document={document} where={hit} />
          {heading.length > 0 && <span className="text-ink-faint"> · {heading.join(" › ")}</span>}
          {isMerged && (
            <span className="text-ink-faint"> · {t("search.merged", { count: hit.parts.length })}</span>
          )}
        </p>
        <p
          className={classes(
            "mt-2 font-serif text-[1.0625rem] leading-relaxed break-words whitespace-pre-line",
            isMerged ? "line-clamp-8" : "line-clamp-5",
          )}
        >
          {cut.cutBefore && "… "}
          <Marked text={cut.text} highlights={cut.highlights} />
          {cut.cutAfter && " …"}
        </p>
        <div className="mt-1 flex items-center gap-2">
          <p className="min-w-0 flex-1 truncate text-xs text-ink-faint" title={document.path}>
            {document.source} › {document.path.split("/").join(" › ")}
          </p>
          <Thumbs query={query} document={document} className="-mr-1.5" />
        </div>
        {hit.others.length > 0 && <Others documents={hit.others} />}
      </article>
    </li>
  );
}

function Others({ documents }: { documents: DocumentBrief[] }) {
  const { t } = useTranslation();
  return (
    <details className="group mt-2">
      <summary className="inline-flex items-center gap-1 rounded text-sm font-medium text-ink-soft hover:text-ink">
        <ChevronRight aria-hidden="true" className="size-4 transition-transform group-open:rotate-90" />
        {t("search.others", { count: documents.length })}
      </summary>
      <ul className="mt-2 space-y-2 border-l-2 pl-4">
        {documents.map((other) => (
          <li key={other.id} className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm">
            <Link
              to="."
              search={(before) => ({ ...before, document: other.id, passage: undefined })}
              className="font-medium break-words text-accent underline-offset-4 hover:underline"
            >
              {titleOf(other)}
            </Link>
            <span className="text-ink-soft">
              <PlaceLine document={other} />
            </span>
            <ClassificationBadge value={other.classification} />
            <span className="w-full truncate text-xs text-ink-faint">{other.path}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}

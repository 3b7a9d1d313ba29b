import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { Passage, PassageInContext } from "@/api/types";
import { quoteRange } from "@/shared/highlights";
import { MarkedPassage } from "./marked";
import { usePlace } from "./place";

interface Props {
  context: PassageInContext;
  format: string;
  quote: string | undefined;
}

/** The passage among its neighbours, the quoted sentence marked, in the type that documents speak in. */
export function PassageText({ context, format, quote }: Props) {
  const { t } = useTranslation();
  const place = usePlace();
  const here = useRef<HTMLElement>(null);
  const { passage, before, after } = context;
  useEffect(() => {
    // Only where the panel has more above: a passage that already shows must not jump.
    if (before.length > 0) here.current?.scrollIntoView({ block: "center" });
  }, [before.length]);
  const where = place(format, passage);
  const range = quote ? quoteRange(passage.text, quote) : null;
  return (
    <div className="font-serif text-[1.0625rem] leading-relaxed">
      <Neighbours passages={before} label={t("document.before")} />
      <section
        ref={here}
        aria-label={t("document.passage")}
        className="-mx-4 my-4 scroll-my-4 border-l-[3px] border-accent bg-accent-soft/50 px-4 py-3 sm:rounded-r-lg"
      >
        {(passage.heading.length > 0 || where) && (
          <p className="mb-2 font-sans text-sm text-ink-soft">
            {[...passage.heading, where].filter(Boolean).join(" › ")}
          </p>
        )}
        <MarkedPassage text={passage.text} highlights={range ? [range] : []} />
      </section>
      <Neighbours passages={after} label={t("document.after")} />
    </div>
  );
}

function Neighbours({ passages, label }: { passages: Passage[]; label: string }) {
  if (passages.length === 0) return null;
  return (
    <section aria-label={label} className="space-y-3 text-ink-soft">
      {passages.map((passage) => (
        <div key={passage.chunk_id}>
          <MarkedPassage text={passage.text} highlights={[]} />
        </div>
      ))}
    </section>
  );
}

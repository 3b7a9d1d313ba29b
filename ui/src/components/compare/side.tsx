import { useTranslation } from "react-i18next";
import type { Side } from "@/api/comparisons/stream";
import { classes } from "@/shared/classes";
import { Words } from "../ask/exchange";
import { paragraphs } from "../ask/paragraphs";
import { SourceList } from "../ask/sources";
import { Waiting } from "../states/waiting";
import { type Comparison, isWhole, preferred } from "./comparison";
import { Reveal } from "./reveal";

/** One of the two answers, without a name until the vote. */
export function SideView({ side, comparison }: { side: Side; comparison: Comparison }) {
  const { t } = useTranslation();
  const { question, whole } = comparison;
  const { sentences, citations, outcome, problem } = comparison[side];
  const cited = new Map(citations.map((citation) => [citation.number, citation]));
  const ended = comparison.state !== "answering" || isWhole(comparison[side]);
  const mine = preferred(whole?.comparison.vote) === side;
  const revealed = side === "left" ? whole?.left_revealed : whole?.right_revealed;
  const id = `side-${side}`;
  return (
    <section
      aria-labelledby={id}
      className={classes(
        "min-w-0 rounded-2xl border bg-surface p-5 sm:p-6",
        mine && "border-accent outline-1 outline-accent",
      )}
    >
      <div className="mb-3 flex items-center justify-between gap-3">
        <h3 id={id} className="text-sm font-semibold text-ink-soft">
          {t(`compare.sides.${side}`)}
        </h3>
        {mine && (
          <span className="rounded-full bg-accent-soft px-2.5 py-0.5 text-xs font-semibold text-accent">
            {t("compare.preferred")}
          </span>
        )}
      </div>
      {revealed && whole && <Reveal kind={whole.comparison.kind} revealed={revealed} />}
      <div
        aria-live="polite"
        aria-busy={!ended}
        lang={outcome?.language === "simple" ? undefined : outcome?.language}
        className="space-y-4 font-serif text-[1.125rem] leading-[1.6]"
      >
        {paragraphs(sentences).map((paragraph) => (
          <Words key={paragraph.at} paragraph={paragraph} cited={cited} question={question} />
        ))}
      </div>
      {sentences.length === 0 && !ended && <Waiting lines={4} />}
      {outcome?.warning && <p className="mt-4 text-sm text-warning">{t("ask.warning")}</p>}
      {outcome?.stopped && (
        <p className="mt-4 text-sm text-ink-soft">{t(`ask.endsEarly.${outcome.stopped}`)}</p>
      )}
      {(problem || outcome?.problem) && (
        <p className="mt-4 text-sm text-danger">
          {t("compare.noAnswer")} {problem || outcome?.problem}
        </p>
      )}
      {ended && citations.length > 0 && <SourceList exchange={{ id: side, question, citations }} />}
    </section>
  );
}

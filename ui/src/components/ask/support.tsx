import { Check, CircleHelp, Quote, TriangleAlert } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Sentence } from "@/api/answers/events";
import { classes } from "@/shared/classes";
import type { Exchange } from "./exchanges";
import { CitationLink } from "./sources";

const LOOKS = {
  supported: { icon: Check, look: "text-accent" },
  unsupported: { icon: TriangleAlert, look: "text-warning" },
  unchecked: { icon: CircleHelp, look: "text-ink-soft" },
  quoted: { icon: Quote, look: "text-ink-soft" },
};

/** Sentence by sentence, whether what it cites bears it out, and why. */
export function Support({ exchange }: { exchange: Exchange }) {
  const { t } = useTranslation();
  const cited = new Map(exchange.citations.map((citation) => [citation.number, citation]));
  return (
    <section aria-label={t("support.title")} className="mt-3 animate-rise rounded-xl border bg-surface">
      <p className="border-b px-3.5 py-2.5 text-sm text-ink-soft">{t("support.lead")}</p>
      <ol>
        {exchange.sentences.map((sentence, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the sentences of an answer that is there do not move.
          <li key={place} className="border-t px-3.5 py-3 first:border-t-0">
            <p className="font-serif text-[1.0625rem] leading-normal break-words">
              {sentence.text}
              {sentence.citations.map((number) => {
                const citation = cited.get(number);
                return (
                  citation && <CitationLink key={number} citation={citation} question={exchange.question} />
                );
              })}
            </p>
            <State sentence={sentence} />
          </li>
        ))}
      </ol>
    </section>
  );
}

function State({ sentence }: { sentence: Sentence }) {
  const { t } = useTranslation();
  const state = sentence.support ?? "quoted";
  const { icon: Icon, look } = LOOKS[state];
  return (
    <p className="mt-1 flex items-start gap-2 text-sm text-ink-soft">
      <Icon aria-hidden="true" className={classes("mt-0.5 size-4 shrink-0", look)} />
      <span>
        <span className={classes("font-medium", look)}>{t(`support.${state}`)}</span>
        {sentence.reason && <> {sentence.reason}</>}
      </span>
    </p>
  );
}

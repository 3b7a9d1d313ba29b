import { CalendarX2, CheckCheck } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { ApprovedAnswer } from "@/api/types";
import { classes } from "@/shared/classes";
import { useFormats } from "@/shared/formats";
import { ClassificationBadge } from "../documents/classification";
import { Button } from "../ui/button";
import { type ApprovedState, stateOf } from "./days";

const EVERYBODY = "*";

interface Props {
  pair: ApprovedAnswer;
  now: string;
  onReview: () => void;
  onEnd: () => void;
}

/** An approved answer: its words, for whom and until when, and what its curator may do. */
export function ApprovedEntry({ pair, now, onReview, onEnd }: Props) {
  const { t } = useTranslation();
  const state = stateOf(pair, now);
  const ended = state === "ended";
  const { question } = pair;
  return (
    <li className="border-t px-4 py-4 first:border-t-0 sm:px-5">
      <article className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div className={classes("min-w-0 flex-1 basis-80", ended && "text-ink-faint")}>
          <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
            <h2 className="min-w-0 font-medium break-words">{question}</h2>
            <ClassificationBadge value={pair.classification} />
          </div>
          <p
            lang={pair.language}
            className="mt-1.5 max-w-prose font-serif text-[1.0625rem] leading-relaxed break-words whitespace-pre-line"
          >
            {pair.answer}
          </p>
          <Wordings phrasings={pair.phrasings} />
          {pair.sources && (
            <p className="mt-1.5 text-sm break-words text-ink-soft">
              {t("approved.restsOn", { sources: pair.sources })}
            </p>
          )}
          <About pair={pair} state={state} now={now} />
        </div>
        {!ended && (
          <div className="flex flex-wrap gap-2">
            <Button
              size="small"
              look={state === "due" ? "primary" : "outline"}
              aria-label={t("approved.reviewOne", { question })}
              onClick={onReview}
            >
              <CheckCheck aria-hidden="true" />
              {t("approved.review")}
            </Button>
            <Button size="small" aria-label={t("approved.endOne", { question })} onClick={onEnd}>
              <CalendarX2 aria-hidden="true" />
              {t("approved.end")}
            </Button>
          </div>
        )}
      </article>
    </li>
  );
}

function Wordings({ phrasings }: { phrasings: string[] }) {
  const { t } = useTranslation();
  if (phrasings.length === 0) return null;
  return (
    <details className="mt-1.5 text-sm text-ink-soft">
      <summary className="w-fit rounded underline decoration-line-strong underline-offset-4">
        {t("approved.phrasings", { count: phrasings.length })}
      </summary>
      <ul className="mt-1 list-disc space-y-0.5 pl-5 marker:text-ink-faint">
        {phrasings.map((phrasing) => (
          <li key={phrasing} className="break-words">
            {phrasing}
          </li>
        ))}
      </ul>
    </details>
  );
}

/** When it is given and reviewed, to whom, and who stands for it. */
function About({ pair, state, now }: { pair: ApprovedAnswer; state: ApprovedState; now: string }) {
  const { t } = useTranslation();
  const { day } = useFormats();
  const { readers, owner, valid_from, valid_to, review_on } = pair;
  const names = readers.map(({ key, label }) => (key.startsWith("user:") ? label || key.slice(5) : label));
  const facts = [
    readers.some(({ key }) => key === EVERYBODY)
      ? t("approved.everybody")
      : names.length > 0
        ? t("approved.for", { readers: names.join(", ") })
        : t("approved.nobody"),
    owner ? t("approved.owner", { name: owner.label }) : t("approved.ownerGone"),
    state === "ended" && valid_to
      ? t("approved.endedOn", { to: day(valid_to) })
      : valid_to
        ? t("approved.between", { from: day(valid_from), to: day(valid_to) })
        : t(valid_from > now ? "approved.coming" : "approved.from", { from: day(valid_from) }),
    state !== "ended" && state !== "due" && t("approved.reviewOn", { date: day(review_on) }),
  ];
  return (
    <>
      {state === "due" && (
        <p className="mt-1.5 text-sm font-medium text-warning">
          {t("approved.dueSince", { date: day(review_on) })}
        </p>
      )}
      <p className="mt-1 text-sm break-words text-ink-faint">{facts.filter(Boolean).join(" · ")}</p>
    </>
  );
}

import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { REASONS, vote } from "@/api/comparisons/queries";
import type { ComparisonVote, WholeComparison } from "@/api/types";
import { classes } from "@/shared/classes";
import { ProblemNotice } from "../states/problem";
import { Button } from "../ui/button";
import { Field } from "../ui/field";

const VOTES = ["left", "equal", "neither", "right"] as const satisfies ComparisonVote["vote"][];

/** Which answer is better, and why; the names come in return. */
export function VoteForm({ id, onVoted }: { id: number; onVoted: (whole: WholeComparison) => void }) {
  const { t } = useTranslation();
  const [said, setSaid] = useState<ComparisonVote["vote"] | null>(null);
  const [reasons, setReasons] = useState<readonly (typeof REASONS)[number][]>([]);
  const [comment, setComment] = useState("");
  const [consent, setConsent] = useState(false);
  const voting = useMutation({
    mutationFn: (chosen: ComparisonVote["vote"]) =>
      vote(id, { vote: chosen, reasons: [...reasons], comment, consent }),
    onSuccess: onVoted,
  });
  return (
    <form
      className="rounded-2xl border bg-surface p-5 sm:p-6"
      onSubmit={(event) => {
        event.preventDefault();
        if (said !== null) voting.mutate(said);
      }}
    >
      <fieldset>
        <legend className="mb-3 text-lg font-semibold">{t("compare.vote.title")}</legend>
        <div className="grid gap-2 sm:grid-cols-4">
          {VOTES.map((value) => (
            <label
              key={value}
              className={classes(
                "relative flex min-h-12 cursor-pointer items-center justify-center rounded-lg border px-3 py-2 text-center font-medium",
                "has-[input:focus-visible]:outline-2 has-[input:focus-visible]:outline-accent",
                said === value
                  ? "border-accent bg-accent-soft text-accent"
                  : "border-line-strong/60 hover:bg-sunken",
              )}
            >
              <input
                type="radio"
                name="vote"
                value={value}
                checked={said === value}
                onChange={() => setSaid(value)}
                className="sr-only"
              />
              {t(`compare.vote.${value}`)}
            </label>
          ))}
        </div>
      </fieldset>
      <fieldset className="mt-5">
        <legend className="mb-2 text-sm font-medium">{t("compare.vote.why")}</legend>
        <div className="flex flex-wrap gap-2">
          {REASONS.map((reason) => {
            const chosen = reasons.includes(reason);
            return (
              <button
                key={reason}
                type="button"
                aria-pressed={chosen}
                onClick={() =>
                  setReasons(chosen ? reasons.filter((each) => each !== reason) : [...reasons, reason])
                }
                className={classes(
                  "h-8 rounded-full border px-3 text-sm transition-colors",
                  chosen
                    ? "border-accent bg-accent-soft font-medium text-accent"
                    : "bg-surface text-ink-soft hover:bg-sunken",
                )}
              >
                {t(`compare.reasons.${reason}`)}
              </button>
            );
          })}
        </div>
      </fieldset>
      <Field
        className="mt-5 max-w-xl"
        label={t("compare.vote.comment")}
        value={comment}
        maxLength={1000}
        autoComplete="off"
        onChange={(event) => setComment(event.target.value)}
      />
      <label className="mt-5 flex max-w-prose items-start gap-3 text-[0.9375rem]">
        <input
          type="checkbox"
          checked={consent}
          onChange={(event) => setConsent(event.target.checked)}
          className="mt-1 size-4 shrink-0 accent-accent"
        />
        <span>
          {t("compare.vote.consent")}
          <span className="mt-0.5 block text-sm text-ink-soft">{t("compare.vote.consentHint")}</span>
        </span>
      </label>
      {voting.isError && (
        <div className="mt-5">
          <ProblemNotice error={voting.error} />
        </div>
      )}
      <Button type="submit" look="primary" className="mt-6" disabled={said === null || voting.isPending}>
        {t("compare.vote.submit")}
      </Button>
    </form>
  );
}

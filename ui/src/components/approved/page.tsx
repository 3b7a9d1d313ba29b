import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useDeferredValue, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { approvedQuery } from "@/api/approved/queries";
import type { ApprovedAnswer } from "@/api/types";
import { classes } from "@/shared/classes";
import { useFormats } from "@/shared/formats";
import { Page } from "../layout/shell";
import { Notice } from "../states/notice";
import { ProblemNotice } from "../states/problem";
import { Waiting } from "../states/waiting";
import { Button } from "../ui/button";
import { inputClasses } from "../ui/field";
import { Pills } from "../ui/pills";
import { APPROVED_STATES, type ApprovedState, holds, inOrder, stateOf, today } from "./days";
import { ApprovedEntry } from "./entry";
import { NewApproved } from "./new";
import { Reviewing } from "./reviewing";

/** Answers that somebody stands for, those to be reviewed first; begins one for a question. */
export function ApprovedPage({ question }: { question: string | undefined }) {
  const { t } = useTranslation();
  const { day } = useFormats();
  const [state, setState] = useState<ApprovedState | "">("");
  const [words, setWords] = useState("");
  const [adding, setAdding] = useState(question !== undefined);
  const [reviewing, setReviewing] = useState<{ pair: ApprovedAnswer; what: "review" | "end" } | null>(null);
  const [done, setDone] = useState("");
  const said = useRef<HTMLParagraphElement>(null);
  const sought = useDeferredValue(words);
  const approved = useQuery(approvedQuery);
  const now = today();
  const pairs = inOrder(approved.data ?? [], now);
  const shown = pairs.filter((pair) => (state === "" || stateOf(pair, now) === state) && holds(pair, sought));
  const tell = (what: string) => {
    setDone(what);
    setAdding(false);
    setReviewing(null);
    // After the dialog has given the focus back to a button that may be gone.
    setTimeout(() => said.current?.focus());
  };
  return (
    <Page
      title={t("approved.title")}
      lead={t("approved.lead")}
      actions={
        <Button look="primary" onClick={() => setAdding(true)}>
          <Plus aria-hidden="true" />
          {t("approved.add")}
        </Button>
      }
    >
      <p
        ref={said}
        role="status"
        tabIndex={-1}
        className={done ? "mb-4 rounded-xl bg-info-soft px-4 py-2.5 text-sm text-info" : "sr-only"}
      >
        {done}
      </p>
      {approved.isPending && <Waiting lines={6} />}
      {approved.isError && <ProblemNotice error={approved.error} onRetry={() => void approved.refetch()} />}
      {approved.data?.length === 0 && <Notice title={t("approved.none")}>{t("approved.noneAdvice")}</Notice>}
      {pairs.length > 0 && (
        <div className="mb-4 flex flex-wrap items-center gap-x-4 gap-y-3">
          <Pills
            label={t("approved.filter")}
            value={state}
            options={(["", ...APPROVED_STATES] as const).map((value) => ({
              value,
              label: value === "" ? t("approved.all") : t(`approved.states.${value}`),
              count: pairs.filter((pair) => value === "" || stateOf(pair, now) === value).length,
            }))}
            onChoose={setState}
          />
          <input
            type="search"
            aria-label={t("approved.words")}
            placeholder={t("approved.words")}
            className={classes(inputClasses, "min-w-0 flex-1 basis-56")}
            value={words}
            maxLength={200}
            onChange={(event) => setWords(event.target.value)}
          />
        </div>
      )}
      {pairs.length > 0 && shown.length === 0 && (
        <p className="rounded-2xl border border-dashed border-line-strong/60 p-8 text-center text-ink-soft">
          {t("approved.nothingFound")}
        </p>
      )}
      {shown.length > 0 && (
        <ul className="overflow-hidden rounded-2xl border bg-surface">
          {shown.map((pair) => (
            <ApprovedEntry
              key={pair.id}
              pair={pair}
              now={now}
              onReview={() => setReviewing({ pair, what: "review" })}
              onEnd={() => setReviewing({ pair, what: "end" })}
            />
          ))}
        </ul>
      )}
      {adding && (
        <NewApproved
          question={question ?? ""}
          onClose={() => setAdding(false)}
          onAdded={() => tell(t("approved.added"))}
        />
      )}
      {reviewing && (
        <Reviewing
          {...reviewing}
          onClose={() => setReviewing(null)}
          onDone={(date) =>
            tell(t(reviewing.what === "end" ? "approved.ended" : "approved.reviewed", { date: day(date) }))
          }
        />
      )}
    </Page>
  );
}

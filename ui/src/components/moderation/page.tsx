import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { HELD_STATES, moderationKeys, queueQuery } from "@/api/moderation/queries";
import type { Held, HeldDecision, HeldState } from "@/api/types";
import { Page } from "../layout/shell";
import { Notice } from "../states/notice";
import { ProblemNotice } from "../states/problem";
import { Waiting } from "../states/waiting";
import { Button } from "../ui/button";
import { Pills } from "../ui/pills";
import { HeldEntry } from "./entry";

/** What others asked and a check held back, for an administrator to decide on. */
export function ModerationPage() {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const [state, setState] = useState<HeldState>("waiting");
  const [done, setDone] = useState<"released" | "refused" | "question" | null>(null);
  const said = useRef<HTMLParagraphElement>(null);
  const queue = useInfiniteQuery(queueQuery(state));
  const waiting = useInfiniteQuery(queueQuery("waiting"));
  const listed = queue.data?.pages.flat();
  const decided = ({ stage }: Held, decision: HeldDecision) => {
    setDone(decision === "released" && stage !== "output" ? "question" : decision);
    void queryClient.invalidateQueries({ queryKey: moderationKeys.all });
    // Where one was is gone with what was decided.
    requestAnimationFrame(() => said.current?.focus());
  };
  return (
    <Page title={t("moderation.title")} lead={t("moderation.lead")}>
      <div className="mb-4">
        <Pills
          label={t("moderation.filter")}
          value={state}
          options={HELD_STATES.map((value) => ({
            value,
            label: t(`moderation.states.${value}`),
            count: value === "waiting" ? waiting.data?.pages.flat().length : undefined,
          }))}
          onChoose={(chosen) => {
            setState(chosen);
            setDone(null);
          }}
        />
      </div>
      <p
        ref={said}
        role="status"
        tabIndex={-1}
        className={
          done ? "mb-4 rounded-xl bg-info-soft px-4 py-2.5 text-sm text-info outline-offset-2" : "sr-only"
        }
      >
        {done && t(`moderation.done.${done}`)}
      </p>
      {queue.isPending && <Waiting lines={6} />}
      {queue.isError && <ProblemNotice error={queue.error} onRetry={() => void queue.refetch()} />}
      {listed?.length === 0 && (
        <Notice title={t(`moderation.none.${state}`)}>{t(`moderation.noneAdvice.${state}`)}</Notice>
      )}
      {listed && listed.length > 0 && (
        <ul className="overflow-hidden rounded-2xl border bg-surface">
          {listed.map((held) => (
            <HeldEntry key={held.id} held={held} onDecided={decided} />
          ))}
        </ul>
      )}
      {queue.hasNextPage && (
        <Button
          className="mt-4"
          disabled={queue.isFetchingNextPage}
          onClick={() => void queue.fetchNextPage()}
        >
          {t("moderation.more")}
        </Button>
      )}
    </Page>
  );
}

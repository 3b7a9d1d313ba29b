import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { choicesQuery, comparisonKeys } from "@/api/comparisons/queries";
import { SIDES, streamComparison } from "@/api/comparisons/stream";
import type { ComparisonWish, WholeComparison } from "@/api/types";
import { ProblemNotice } from "../states/problem";
import { Waiting } from "../states/waiting";
import { Button } from "../ui/button";
import { after, begun, type Comparison } from "./comparison";
import { CompareForm, FIRST, type Wished, wishOf } from "./form";
import { Frame } from "./frame";
import { SideView } from "./side";
import { VoteForm } from "./vote";

/** One question, two answers without names, a vote, and only then the names. */
export function ComparePage() {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const choices = useQuery(choicesQuery);
  const [wished, setWished] = useState<Wished>(FIRST);
  const [comparison, setComparison] = useState<Comparison | null>(null);
  const running = useRef<AbortController | null>(null);
  const result = useRef<HTMLElement>(null);
  useEffect(() => () => running.current?.abort(), []);

  const compare = async (wish: ComparisonWish) => {
    running.current?.abort();
    const controller = new AbortController();
    running.current = controller;
    setComparison(begun(wish.question));
    requestAnimationFrame(() => result.current?.focus());
    try {
      for await (const event of streamComparison(wish, controller.signal)) {
        if (controller.signal.aborted) return;
        setComparison((before) => before && after(before, event));
      }
    } catch (problem) {
      if (controller.signal.aborted) return;
      setComparison((before) => before && { ...before, state: "failed", problem });
    }
  };
  const voted = (whole: WholeComparison) => {
    setComparison((before) => before && { ...before, state: "voted", whole });
    void queryClient.invalidateQueries({ queryKey: comparisonKeys.all });
    requestAnimationFrame(() => result.current?.focus());
  };
  const again = () => {
    running.current?.abort();
    setComparison(null);
    setWished({ ...wished, question: "" });
  };
  return (
    <Frame>
      {choices.isPending && <Waiting lines={6} />}
      {choices.isError && <ProblemNotice error={choices.error} onRetry={() => void choices.refetch()} />}
      {choices.data && comparison === null && (
        <CompareForm
          choices={choices.data}
          wished={wished}
          onChange={setWished}
          onCompare={(whole) => void compare(wishOf(whole))}
        />
      )}
      {comparison && (
        <section ref={result} tabIndex={-1} aria-labelledby="compared" className="outline-none">
          <h2 id="compared" className="font-serif text-2xl leading-snug font-medium break-words">
            {comparison.question}
          </h2>
          <Progress comparison={comparison} />
          <div className="mt-6 grid gap-6 md:grid-cols-2">
            {SIDES.map((side) => (
              <SideView key={side} side={side} comparison={comparison} />
            ))}
          </div>
          <div className="mt-8">
            {comparison.state === "votable" && comparison.id !== null && (
              <VoteForm id={comparison.id} onVoted={voted} />
            )}
            {comparison.state === "failed" && (
              <ProblemNotice error={comparison.problem} onRetry={() => void compare(wishOf(wished))} />
            )}
            {comparison.state === "answering" ? (
              <Button onClick={again}>{t("compare.stop")}</Button>
            ) : (
              comparison.state !== "votable" && (
                <div className="mt-4 flex flex-wrap gap-2">
                  {comparison.state === "unvotable" && (
                    <Button look="primary" onClick={() => void compare(wishOf(wished))}>
                      {t("actions.retry")}
                    </Button>
                  )}
                  <Button look={comparison.state === "voted" ? "primary" : "outline"} onClick={again}>
                    {t("compare.another")}
                  </Button>
                </div>
              )
            )}
          </div>
        </section>
      )}
    </Frame>
  );
}

/** Where the comparison is, in words that are read out. */
function Progress({ comparison: { state, left, right } }: { comparison: Comparison }) {
  const { t } = useTranslation();
  const silent = left.sentences.length + right.sentences.length === 0;
  return (
    <p role="status" className="mt-2 text-ink-soft">
      {state === "answering" && t(silent ? "compare.searching" : "compare.writing")}
      {state === "votable" && t("compare.ready")}
      {state === "unvotable" && t("compare.unvotable")}
      {state === "voted" && t("compare.voted")}
    </p>
  );
}

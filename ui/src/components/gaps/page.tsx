import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { GAP_STATES, gapKeys, gapsQuery } from "@/api/gaps/queries";
import type { GapState } from "@/api/types";
import { Page } from "../layout/shell";
import { Notice } from "../states/notice";
import { ProblemNotice } from "../states/problem";
import { Waiting } from "../states/waiting";
import { Button } from "../ui/button";
import { Pills } from "../ui/pills";
import { GapEntry } from "./entry";

/** Groups shown at once: for each, what documents have is looked up. */
const AT_ONCE = 10;

/** Questions without a good answer, grouped, with the documents that are missing. */
export function GapsPage() {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const [state, setState] = useState<GapState>("open");
  const [most, setMost] = useState(AT_ONCE);
  const [done, setDone] = useState<GapState | null>(null);
  const said = useRef<HTMLParagraphElement>(null);
  const found = useQuery(gapsQuery(state));
  const gaps = found.data?.gaps ?? [];
  const decided = (to: GapState) => {
    setDone(to);
    void queryClient.invalidateQueries({ queryKey: gapKeys.all });
    // After the dialog has given the focus back to a button that may be gone.
    setTimeout(() => said.current?.focus());
  };
  return (
    <Page title={t("gaps.title")} lead={t("gaps.lead")}>
      <div className="mb-4">
        <Pills
          label={t("gaps.filter")}
          value={state}
          options={GAP_STATES.map((value) => ({
            value,
            label: t(`gaps.states.${value}`),
            count: value === state && found.data ? gaps.length : undefined,
          }))}
          onChoose={(chosen) => {
            setState(chosen);
            setMost(AT_ONCE);
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
        {done && t(`gaps.done.${done}`)}
      </p>
      {found.isPending && <Waiting lines={6} />}
      {found.isError && <ProblemNotice error={found.error} onRetry={() => void found.refetch()} />}
      {found.data && gaps.length === 0 && (
        <Notice title={t(`gaps.none.${state}`)}>
          {state === "open" && t(found.data.kept ? "gaps.noneAdvice" : "gaps.onlySent")}
        </Notice>
      )}
      {gaps.length > 0 && (
        <ul className="space-y-4">
          {gaps.slice(0, most).map((gap) => (
            <GapEntry key={gap.id ?? gap.terms.join(" ")} gap={gap} state={state} onDecided={decided} />
          ))}
        </ul>
      )}
      {gaps.length > most && (
        <Button className="mt-4" onClick={() => setMost(most + AT_ONCE)}>
          {t("gaps.more")}
        </Button>
      )}
      {gaps.length > 0 && found.data && !found.data.kept && (
        <p className="mt-6 text-sm text-ink-soft">{t("gaps.onlySent")}</p>
      )}
    </Page>
  );
}

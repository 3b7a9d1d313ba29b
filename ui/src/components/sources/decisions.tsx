import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Undo2 } from "lucide-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { decide, exclusionsQuery, sourceKeys } from "@/api/sources/queries";
import type { Decision, Exclusion } from "@/api/types";
import { useFormats } from "@/shared/formats";
import { ProblemNotice } from "../states/problem";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { Field } from "../ui/field";

export interface Asked {
  decision: Decision;
  path: string;
}

/** Asks the worker to do something with a path of a source. */
export function useDecision(source: number, onDone?: () => void) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ decision, path }: Asked) => decide(source, decision, path),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: sourceKeys.exclusions(source) });
      void queryClient.invalidateQueries({ queryKey: sourceKeys.runs(source) });
      onDone?.();
    },
  });
}

interface LeavingOutProps {
  source: number;
  /** Null: the person writes it. */
  path: string | null;
  onClose: () => void;
  /** Once it is asked for. */
  onAsked?: () => void;
}

/** Asks whether a path is truly to be left out, with what that means. */
export function LeavingOut({ source, path, onClose, onAsked }: LeavingOutProps) {
  const { t } = useTranslation();
  const [written, setWritten] = useState("");
  const leaveOut = useDecision(source, () => {
    onClose();
    onAsked?.();
  });
  const chosen = path ?? written.trim();
  return (
    <Dialog open onClose={onClose} title={t("ledger.leaveOutTitle")} description={t("ledger.leaveOutAdvice")}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (chosen !== "") leaveOut.mutate({ decision: "exclude", path: chosen });
        }}
      >
        {path === null ? (
          <Field
            label={t("ledger.path")}
            hint={t("ledger.pathHint")}
            value={written}
            required
            maxLength={4000}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => setWritten(event.target.value)}
          />
        ) : (
          <p className="rounded-lg border bg-sunken px-3 py-2 font-medium break-words">{path}</p>
        )}
        {leaveOut.isError && (
          <div className="mt-4">
            <ProblemNotice error={leaveOut.error} />
          </div>
        )}
        <div className="mt-5 flex justify-end gap-2">
          <Button onClick={onClose}>{t("actions.cancel")}</Button>
          <Button type="submit" look="danger" disabled={leaveOut.isPending || chosen === ""}>
            {t("ledger.leaveOut")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** What is left out of a source, each to be taken back. */
export function Exclusions({ source }: { source: number }) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const { data: exclusions, error } = useQuery(exclusionsQuery(source));
  const takeBack = useDecision(source);
  const waiting = exclusions?.some((each) => each.asked) ?? false;
  useEffect(() => {
    // What the worker has just done shows in the ledger, and may have begun a run.
    if (waiting) return;
    void queryClient.invalidateQueries({ queryKey: sourceKeys.ledgers(source) });
    void queryClient.invalidateQueries({ queryKey: sourceKeys.runs(source) });
  }, [waiting, queryClient, source]);
  if (error) return <ProblemNotice error={error} />;
  if (!exclusions || exclusions.length === 0) return null;
  return (
    <section aria-labelledby="left-out" className="mb-8">
      <h2 id="left-out" className="mb-2 text-lg font-semibold">
        {t("ledger.leftOut")}
      </h2>
      {takeBack.isError && <ProblemNotice error={takeBack.error} />}
      <ul className="overflow-hidden rounded-2xl border bg-surface">
        {exclusions.map((exclusion) => (
          <Row
            key={exclusion.path}
            exclusion={exclusion}
            onTakeBack={() => takeBack.mutate({ decision: "include", path: exclusion.path })}
          />
        ))}
      </ul>
    </section>
  );
}

function Row({ exclusion, onTakeBack }: { exclusion: Exclusion; onTakeBack: () => void }) {
  const { t } = useTranslation();
  const { moment } = useFormats();
  const { path, excluded_at: since, asked } = exclusion;
  return (
    <li className="flex flex-wrap items-center gap-x-6 gap-y-2 border-t px-4 py-3 first:border-t-0">
      <div className="min-w-48 flex-1">
        <p className="font-medium break-words">{path}</p>
        <p className="text-sm text-ink-faint" aria-live="polite">
          {asked
            ? t(asked === "include" ? "ledger.takingBack" : "ledger.leavingOut")
            : since && t("ledger.since", { when: moment(since) })}
        </p>
      </div>
      <Button
        size="small"
        disabled={asked !== null}
        aria-label={t("ledger.takeBackOne", { path })}
        onClick={onTakeBack}
      >
        <Undo2 aria-hidden="true" />
        {t("ledger.takeBack")}
      </Button>
    </li>
  );
}

import { useTranslation } from "react-i18next";
import { isUnderWay } from "@/api/sources/queries";
import type { SyncRun } from "@/api/types";
import { classes } from "@/shared/classes";
import { useFormats } from "@/shared/formats";

/** The counts of a report that say what changed; the others are for the command line. */
const COUNTS = ["new", "changed", "moved", "deleted", "rights_changed"] as const;

/** What the worker calls what it does, and the name of our sentence for it. */
const PHASES = {
  rights: "rights",
  listing: "listing",
  "moves and deletions": "moves",
  reading: "reading",
} as const;

/** How far a sync is, or how the last one ended. */
export function RunProgress({ run }: { run: SyncRun }) {
  const { t, i18n } = useTranslation();
  const { moment } = useFormats();
  if (isUnderWay(run)) {
    return (
      <div className="mt-4 border-t pt-4">
        <Working run={run} />
      </div>
    );
  }
  const state = i18n.exists(`sources.states.${run.state}`)
    ? t(`sources.states.${run.state}` as "sources.states.failed")
    : run.state;
  const changes = COUNTS.flatMap((name) => {
    const count = run.counts[name] ?? 0;
    return count > 0 ? [t(`sources.counts.${name}`, { count })] : [];
  });
  const failed = Object.values(run.failed).reduce((sum, count) => sum + count, 0);
  if (failed > 0) changes.push(t("sources.counts.failed", { count: failed }));
  const good = run.state === "succeeded";
  return (
    <div className="mt-4 border-t pt-3 text-sm text-ink-soft">
      <p className={good ? "" : "font-medium text-danger"}>
        {state} · {moment(run.finished_at ?? run.started_at ?? run.requested_at)}
      </p>
      {good && <p>{changes.length > 0 ? changes.join(" · ") : t("sources.noChange")}</p>}
      {run.problem && <p className="mt-1">{run.problem}</p>}
      {run.warnings.length > 0 && (
        <details className="mt-1">
          <summary className="inline rounded font-medium underline decoration-line-strong underline-offset-4">
            {t("sources.warnings", { count: run.warnings.length })}
          </summary>
          <ul className="mt-1 list-disc space-y-0.5 pl-5">
            {run.warnings.map((warning) => (
              <li key={warning}>{warning}</li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}

/** What it does now, how many files are done, how fast, and how long it still takes. */
export function Working({ run }: { run: SyncRun }) {
  const { t } = useTranslation();
  const { number, length } = useFormats();
  const phase = PHASES[run.phase as keyof typeof PHASES];
  const counted = run.phase === "reading" && run.total > 0;
  const figures = counted
    ? [
        t("sources.progress", { done: number(run.done), total: number(run.total) }),
        run.rate_per_s !== null && t("sources.rate", { rate: number(roundedRate(run.rate_per_s)) }),
        run.left_s ? t("sources.left", { length: length(run.left_s) }) : "",
      ]
    : [];
  return (
    <>
      <p className="mb-2 text-sm text-ink-soft tabular-nums">
        <span role="status">
          {run.state === "queued" || !phase ? t("sources.preparing") : t(`sources.phases.${phase}`)}
        </span>
        {figures.filter(Boolean).map((words) => ` · ${words}`)}
      </p>
      <progress
        aria-label={t("sources.syncing")}
        {...(counted ? { value: run.done, max: run.total } : {})}
        className={classes(
          "block h-1.5 w-full appearance-none overflow-hidden rounded-full border-0 bg-line",
          "[&::-webkit-progress-bar]:bg-line [&::-webkit-progress-value]:rounded-full [&::-webkit-progress-value]:bg-accent [&::-moz-progress-bar]:bg-accent",
        )}
      />
    </>
  );
}

const roundedRate = (rate: number) => (rate < 10 ? Math.round(rate * 10) / 10 : Math.round(rate));

import { useTranslation } from "react-i18next";
import { isUnderWay } from "@/api/sources/queries";
import type { SyncRun } from "@/api/types";
import { classes } from "@/shared/classes";
import { useFormats } from "@/shared/formats";

/** How far a sync is, or how the last one ended. */
export function RunProgress({ run }: { run: SyncRun }) {
  const { t, i18n } = useTranslation();
  const { number, moment } = useFormats();
  const counts = Object.entries(run.counts).filter(
    ([name, value]) => value > 0 && i18n.exists(`sources.counts.${name}`),
  );
  if (isUnderWay(run)) {
    const label =
      run.total > 0
        ? t("sources.progress", { done: number(run.done), total: number(run.total) })
        : t("sources.preparing");
    return (
      <div className="mt-4 border-t pt-4">
        <p role="status" className="mb-2 text-sm text-ink-soft">
          {label}
        </p>
        <progress
          aria-label={t("sources.syncing")}
          {...(run.total > 0 ? { value: run.done, max: run.total } : {})}
          className={classes(
            "block h-1.5 w-full appearance-none overflow-hidden rounded-full border-0 bg-line",
            "[&::-webkit-progress-bar]:bg-line [&::-webkit-progress-value]:rounded-full [&::-webkit-progress-value]:bg-accent [&::-moz-progress-bar]:bg-accent",
          )}
        />
      </div>
    );
  }
  const at = run.finished_at ?? run.started_at ?? run.requested_at;
  return (
    <p
      className={classes(
        "mt-4 border-t pt-3 text-sm",
        run.state === "succeeded" ? "text-ink-soft" : "text-danger",
      )}
    >
      {t(`sources.states.${run.state}`)} · {moment(at)}
      {counts.length > 0 &&
        ` · ${counts.map(([name, value]) => t(`sources.counts.${name}` as "sources.counts.new", { count: value })).join(", ")}`}
    </p>
  );
}

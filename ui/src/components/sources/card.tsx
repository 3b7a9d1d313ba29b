import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Ellipsis, FolderOpen, ListRestart, RefreshCw, ScrollText } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { isUnderWay, runsQuery, type SyncWish, sourceKeys, startSync } from "@/api/sources/queries";
import type { Source } from "@/api/types";
import { useFormats } from "@/shared/formats";
import { ProblemNotice } from "../states/problem";
import { Button, buttonClasses } from "../ui/button";
import { Menu, MenuItem } from "../ui/menu";
import { useLatestRun } from "./latest";
import { RunProgress } from "./run";

/** One source: what this person can read of it, how fresh it is, and for a curator how its reading goes. */
export function SourceCard({ source, curator }: { source: Source; curator: boolean }) {
  const { t, i18n } = useTranslation();
  const { number } = useFormats();
  return (
    <article className="rounded-2xl border bg-surface p-5" aria-labelledby={`source-${source.id}`}>
      <div className="flex flex-wrap items-start gap-4">
        <span
          aria-hidden="true"
          className="grid size-11 place-items-center rounded-xl bg-accent-soft text-accent"
        >
          <FolderOpen className="size-5" />
        </span>
        <div className="min-w-48 flex-1">
          <h2 id={`source-${source.id}`} className="text-lg leading-tight font-semibold break-words">
            {source.name}
          </h2>
          <p className="mt-1 text-[0.9375rem] text-ink-soft">
            {[
              i18n.exists(`sources.kinds.${source.kind}`)
                ? t(`sources.kinds.${source.kind}` as "sources.kinds.folder")
                : source.kind,
              t("sources.documents", { count: source.documents, shown: number(source.documents) }),
            ].join(" · ")}
          </p>
          <Delay source={source} />
        </div>
        {curator && <Curation source={source} />}
      </div>
      {curator && <Facts source={source} />}
      {curator && <LatestRun source={source} />}
    </article>
  );
}

/** When it was last looked at to the end, beside how often it is to be. */
function Delay({ source }: { source: Source }) {
  const { t } = useTranslation();
  const { ago, moment } = useFormats();
  const schedule = useSchedule()(source.schedule_minutes);
  return (
    <p className="mt-0.5 text-sm text-ink-faint">
      {source.late && (
        <span className="mr-2 rounded-full bg-warning-soft px-2 py-0.5 font-medium text-warning">
          {t("sources.late")}
        </span>
      )}
      {source.last_sync ? (
        <time dateTime={source.last_sync} title={moment(source.last_sync)}>
          {t("sources.lastSync", { when: ago(source.last_sync) })}
        </time>
      ) : (
        t("sources.neverSynced")
      )}
      {" · "}
      {schedule}
    </p>
  );
}

function useSchedule(): (minutes: number | null) => string {
  const { t } = useTranslation();
  return (minutes) => {
    if (minutes === null) return t("sources.onDemand");
    if (minutes % 1_440 === 0) return t("sources.every.day", { count: minutes / 1_440 });
    if (minutes % 60 === 0) return t("sources.every.hour", { count: minutes / 60 });
    return t("sources.every.minute", { count: minutes });
  };
}

function Facts({ source }: { source: Source }) {
  const { t } = useTranslation();
  const { moment } = useFormats();
  return (
    <dl className="mt-4 grid gap-x-6 gap-y-1 border-t pt-3 text-sm sm:grid-cols-[auto_minmax(0,1fr)]">
      <Fact name={t("sources.location")}>{source.location}</Fact>
      <Fact name={t("sources.rights")}>
        {source.manifest ? t("sources.manifest", { path: source.manifest }) : t("sources.placeRights")}
      </Fact>
      <Fact name={t("sources.lastFull")}>
        {source.last_full ? moment(source.last_full) : t("sources.neverFull")}
      </Fact>
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-ink-faint">{name}</dt>
      <dd className="mb-1 break-words text-ink-soft sm:mb-0">{children}</dd>
    </>
  );
}

function Curation({ source }: { source: Source }) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const runs = useQuery(runsQuery(source.id));
  const start = useMutation({
    mutationFn: (wish: SyncWish) => startSync(source.id, wish),
    onSettled: () => queryClient.invalidateQueries({ queryKey: sourceKeys.runs(source.id) }),
  });
  const busy = start.isPending || isUnderWay(runs.data?.[0]);
  return (
    <div className="flex flex-wrap gap-2">
      <Link
        to="/sources/$source"
        params={{ source: source.id }}
        className={buttonClasses({ look: "quiet", size: "small" })}
      >
        <ScrollText aria-hidden="true" />
        {t("sources.ledger")}
      </Link>
      <Button size="small" disabled={busy} onClick={() => start.mutate({})}>
        <RefreshCw aria-hidden="true" className={busy ? "animate-spin" : ""} />
        {t(busy ? "sources.syncing" : "sources.sync")}
      </Button>
      <Menu
        label={t("sources.more", { name: source.name })}
        trigger={
          <Button look="quiet" size="iconSmall" aria-label={t("sources.more", { name: source.name })}>
            <Ellipsis aria-hidden="true" />
          </Button>
        }
      >
        <MenuItem disabled={busy} onSelect={() => start.mutate({ full: true })}>
          <ListRestart aria-hidden="true" />
          {t("sources.syncFull")}
        </MenuItem>
      </Menu>
      {runs.data?.[0]?.state === "held" && (
        <Button look="danger" size="small" disabled={busy} onClick={() => start.mutate({ acceptLoss: true })}>
          {t("sources.acceptLoss")}
        </Button>
      )}
      {start.isError && (
        <div className="w-full">
          <ProblemNotice error={start.error} />
        </div>
      )}
    </div>
  );
}

function LatestRun({ source }: { source: Source }) {
  const run = useLatestRun(source.id);
  return run ? <RunProgress run={run} /> : null;
}

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { FolderOpen, RefreshCw, ScrollText } from "lucide-react";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { searchKeys } from "@/api/search/queries";
import { isUnderWay, runsQuery, sourceKeys, startSync } from "@/api/sources/queries";
import type { Source } from "@/api/types";
import { useFormats } from "@/shared/formats";
import { ProblemNotice } from "../states/problem";
import { Button, buttonClasses } from "../ui/button";
import { RunProgress } from "./run";

/** One source: what this person can read of it, how fresh it is, and for a curator how its reading goes. */
export function SourceCard({ source, curator }: { source: Source; curator: boolean }) {
  const { t, i18n } = useTranslation();
  const { ago, moment, number } = useFormats();
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
          <p className="mt-0.5 text-sm text-ink-faint">
            {source.last_sync ? (
              <time dateTime={source.last_sync} title={moment(source.last_sync)}>
                {t("sources.lastSync", { when: ago(source.last_sync) })}
              </time>
            ) : (
              t("sources.neverSynced")
            )}
          </p>
        </div>
        {curator && <Curation source={source} />}
      </div>
      {curator && <LatestRun source={source} />}
    </article>
  );
}

function Curation({ source }: { source: Source }) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const runs = useQuery(runsQuery(source.id));
  const start = useMutation({
    mutationFn: (acceptLoss: boolean) => startSync(source.id, acceptLoss),
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
      <Button size="small" disabled={busy} onClick={() => start.mutate(false)}>
        <RefreshCw aria-hidden="true" className={busy ? "animate-spin" : ""} />
        {t(busy ? "sources.syncing" : "sources.sync")}
      </Button>
      {runs.data?.[0]?.state === "held" && (
        <Button look="danger" size="small" disabled={busy} onClick={() => start.mutate(true)}>
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
  const queryClient = useQueryClient();
  const { data: runs } = useQuery(runsQuery(source.id));
  const run = runs?.[0];
  const ended = run !== undefined && !isUnderWay(run) ? run.id : undefined;
  useEffect(() => {
    // A run that ends changes what the other pages show.
    if (ended === undefined) return;
    void queryClient.invalidateQueries({ queryKey: sourceKeys.list() });
    void queryClient.invalidateQueries({ queryKey: sourceKeys.ledgers(source.id) });
    void queryClient.invalidateQueries({ queryKey: searchKeys.all });
  }, [ended, queryClient, source.id]);
  return run ? <RunProgress run={run} /> : null;
}

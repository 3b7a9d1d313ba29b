import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { searchKeys } from "@/api/search/queries";
import { isUnderWay, runsQuery, sourceKeys } from "@/api/sources/queries";
import type { SyncRun } from "@/api/types";

/** The run that works, or the last one; what a run changed is asked for again when it ends. */
export function useLatestRun(source: number): SyncRun | undefined {
  const queryClient = useQueryClient();
  const { data: runs } = useQuery(runsQuery(source));
  const run = runs?.[0];
  const ended = run !== undefined && !isUnderWay(run) ? run.id : undefined;
  useEffect(() => {
    if (ended === undefined) return;
    void queryClient.invalidateQueries({ queryKey: sourceKeys.list() });
    void queryClient.invalidateQueries({ queryKey: sourceKeys.ledgers(source) });
    void queryClient.invalidateQueries({ queryKey: searchKeys.all });
  }, [ended, queryClient, source]);
  return run;
}

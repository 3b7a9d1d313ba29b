import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { body, client } from "../client";
import type { SyncRun } from "../types";

export const sourceKeys = {
  all: ["sources"] as const,
  list: () => [...sourceKeys.all, "list"] as const,
  runs: (id: number) => [...sourceKeys.all, id, "runs"] as const,
  ledgers: (id: number) => [...sourceKeys.all, id, "ledger"] as const,
  ledger: (id: number, status: string) => [...sourceKeys.ledgers(id), status] as const,
};

export const isUnderWay = (run: SyncRun | undefined): boolean =>
  run !== undefined && (run.state === "queued" || run.state === "running");

export const sourcesQuery = queryOptions({
  queryKey: sourceKeys.list(),
  queryFn: ({ signal }) => body(client.GET("/api/v1/sources", { signal })),
  staleTime: 15_000,
});

export const runsQuery = (id: number) =>
  queryOptions({
    queryKey: sourceKeys.runs(id),
    queryFn: ({ signal }) =>
      body(client.GET("/api/v1/sources/{source_id}/runs", { params: { path: { source_id: id } }, signal })),
    refetchInterval: (query) => (isUnderWay(query.state.data?.[0]) ? 1_000 : false),
  });

/** The ledger of a source, page by page, of one status or ("") of all. */
export const ledgerQuery = (id: number, status: string) =>
  infiniteQueryOptions({
    queryKey: sourceKeys.ledger(id, status),
    queryFn: ({ signal, pageParam }) =>
      body(
        client.GET("/api/v1/sources/{source_id}/ledger", {
          params: { path: { source_id: id }, query: { after: pageParam, ...(status && { status }) } },
          signal,
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
    placeholderData: (before) => before,
  });

/** Asks for a sync; `acceptLoss` is a curator's word that a folder that lists nothing is truly empty. */
export const startSync = (id: number, acceptLoss = false): Promise<SyncRun> =>
  body(
    client.POST("/api/v1/sources/{source_id}/sync", {
      params: { path: { source_id: id }, query: { accept_loss: acceptLoss } },
    }),
  );

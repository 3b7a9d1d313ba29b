import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { body, client } from "../client";
import type { Decision, SyncRun } from "../types";

export const sourceKeys = {
  all: ["sources"] as const,
  list: () => [...sourceKeys.all, "list"] as const,
  runs: (id: number) => [...sourceKeys.all, id, "runs"] as const,
  ledgers: (id: number) => [...sourceKeys.all, id, "ledger"] as const,
  exclusions: (id: number) => [...sourceKeys.all, id, "exclusions"] as const,
  file: (id: number, path: string) => [...sourceKeys.all, id, "file", path] as const,
  ledger: (id: number, status: string) => [...sourceKeys.ledgers(id), status] as const,
};

export const isUnderWay = (run: SyncRun | undefined): boolean =>
  run !== undefined && (run.state === "queued" || run.state === "running");

export const sourcesQuery = queryOptions({
  queryKey: sourceKeys.list(),
  queryFn: ({ signal }) => body(client.GET("/api/v1/sources", { signal })),
  staleTime: 15_000,
  // What it says of delays grows old while one looks.
  refetchInterval: 30_000,
});

export const runsQuery = (id: number) =>
  queryOptions({
    queryKey: sourceKeys.runs(id),
    queryFn: ({ signal }) =>
      body(client.GET("/api/v1/sources/{source_id}/runs", { params: { path: { source_id: id } }, signal })),
    refetchInterval: (query) => (isUnderWay(query.state.data?.[0]) ? 1_000 : 5_000),
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

/** What is left out of a source, looked at again while the worker has something to do about it. */
export const exclusionsQuery = (id: number) =>
  queryOptions({
    queryKey: sourceKeys.exclusions(id),
    queryFn: ({ signal }) =>
      body(
        client.GET("/api/v1/sources/{source_id}/exclusions", { params: { path: { source_id: id } }, signal }),
      ),
    refetchInterval: (query) => (query.state.data?.some((each) => each.asked) ? 1_000 : false),
  });

/** The generations of the index, looked at again while one has something to wait for. */
export const indexQuery = queryOptions({
  queryKey: ["index"] as const,
  queryFn: ({ signal }) => body(client.GET("/api/v1/index", { signal })),
  refetchInterval: (query) =>
    query.state.data?.some((each) => each.state === "building" || each.to_embed > 0) ? 2_000 : 30_000,
});

/** Asks to leave a path out, take it back or read it again; the answer is the same wherever it leads. */
export const decide = (id: number, decision: Decision, path: string) =>
  body(
    client.POST("/api/v1/sources/{source_id}/decisions", {
      params: { path: { source_id: id } },
      body: { decision, path },
    }),
  );

export interface SyncWish {
  /** A curator's word that what the place lacks is truly gone. */
  acceptLoss?: boolean;
  /** Everything is listed, even of a place that says by itself what changed. */
  full?: boolean;
}

export const startSync = (
  id: number,
  { acceptLoss = false, full = false }: SyncWish = {},
): Promise<SyncRun> =>
  body(
    client.POST("/api/v1/sources/{source_id}/sync", {
      params: { path: { source_id: id }, query: { accept_loss: acceptLoss, full } },
    }),
  );

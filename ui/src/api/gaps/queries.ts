import { queryOptions } from "@tanstack/react-query";
import { body, client } from "../client";
import type { Gap, GapState } from "../types";

export const GAP_STATES = ["open", "requested", "resolved", "out_of_scope"] as const satisfies GapState[];

export const gapKeys = { all: ["gaps"] as const };

export const gapsQuery = (state: GapState) =>
  queryOptions({
    queryKey: [...gapKeys.all, state],
    queryFn: ({ signal }) => body(client.GET("/api/v1/gaps", { params: { query: { state } }, signal })),
  });

/** What documents have for the words of a group. */
export const gapDocumentsQuery = (words: string[]) =>
  queryOptions({
    queryKey: [...gapKeys.all, "documents", words],
    queryFn: ({ signal }) =>
      body(client.GET("/api/v1/gaps/documents", { params: { query: { words } }, signal })),
    enabled: words.length > 0,
    staleTime: 60_000,
  });

/** Says what is made of a group; `open` takes that back. */
export async function decideGap({ id, terms }: Gap, state: GapState, note: string): Promise<void> {
  if (id !== null) {
    await client.PUT("/api/v1/gaps/{gap_id}", { params: { path: { gap_id: id } }, body: { state, note } });
  } else if (state !== "open") {
    await client.POST("/api/v1/gaps", { body: { terms, state, note } });
  }
}

import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { body, client } from "../client";
import type { HeldDecision, HeldState } from "../types";

export const HELD_STATES = ["waiting", "released", "refused"] as const satisfies HeldState[];
/** The API lists so many at once. */
const PAGE = 200;

export const moderationKeys = {
  all: ["moderation"] as const,
  queue: (state: HeldState) => [...moderationKeys.all, "queue", state] as const,
  own: () => [...moderationKeys.all, "own"] as const,
  ownOne: (id: number) => [...moderationKeys.own(), id] as const,
};

/** What others asked, in a state, page by page; what waits is looked at again while one looks. */
export const queueQuery = (state: HeldState) =>
  infiniteQueryOptions({
    queryKey: moderationKeys.queue(state),
    queryFn: ({ signal, pageParam: after }) =>
      body(
        client.GET("/api/v1/guardrails/queue", {
          params: { query: { state, ...(after && { after }) } },
          signal,
        }),
      ),
    initialPageParam: 0,
    getNextPageParam: (page) => (page.length < PAGE ? undefined : page.at(-1)?.id),
    staleTime: 15_000,
    refetchInterval: 60_000,
  });

/** Its words; that they were read, and why, is put on record. */
export const readHeld = (id: number, reason: string) =>
  body(
    client.POST("/api/v1/guardrails/queue/{entry_id}/read", {
      params: { path: { entry_id: id } },
      body: { reason },
    }),
  );

export async function decideOnHeld(id: number, decision: HeldDecision, reason: string): Promise<void> {
  await client.POST("/api/v1/guardrails/queue/{entry_id}/decision", {
    params: { path: { entry_id: id } },
    body: { decision, reason },
  });
}

/** What is held back of what the person asked. */
export const ownHeldQuery = queryOptions({
  queryKey: moderationKeys.own(),
  queryFn: ({ signal }) => body(client.GET("/api/v1/guardrails/held", { signal })),
  refetchInterval: (query) => (query.state.data?.some((each) => each.state === "waiting") ? 30_000 : false),
});

/** One thing of theirs, with its words once they are released; looked at again while it waits. */
export const heldQuery = (id: number) =>
  queryOptions({
    queryKey: moderationKeys.ownOne(id),
    queryFn: ({ signal }) =>
      body(client.GET("/api/v1/guardrails/held/{entry_id}", { params: { path: { entry_id: id } }, signal })),
    refetchInterval: (query) => (query.state.data?.held.state === "waiting" ? 15_000 : false),
  });

import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { body, client } from "../client";
import type { Usage, UsageBy } from "./types";

export const OWN_PARTS = ["day", "month", "model", "purpose", "assistant"] as const satisfies UsageBy[];
export const ALL_PARTS = [
  "day",
  "month",
  "user",
  "model",
  "purpose",
  "assistant",
  "use_case",
] as const satisfies UsageBy[];

export interface UsageWanted {
  /** From a moment up to another, as ISO 8601. */
  since: string;
  until: string | undefined;
  by: UsageBy;
}

export const usageKeys = {
  all: ["usage"] as const,
  of: (whose: "own" | "all", wanted: UsageWanted) => [...usageKeys.all, whose, wanted] as const,
  left: () => [...usageKeys.all, "left"] as const,
  footprint: (months: number) => [...usageKeys.all, "footprint", months] as const,
  groups: (months: number) => [...usageKeys.all, "groups", months] as const,
};

const asked = ({ since, until, by }: UsageWanted) => ({ since, by, ...(until && { until }) });

/** What was used, in parts: by the person, or by everybody. */
export const usageQuery = (whose: "own" | "all", wanted: UsageWanted) =>
  queryOptions({
    queryKey: usageKeys.of(whose, wanted),
    queryFn: async ({ signal }): Promise<Usage> => {
      const params = { query: asked(wanted) };
      return whose === "own"
        ? await body(client.GET("/api/v1/usage/me", { params, signal }))
        : await body(client.GET("/api/v1/usage", { params, signal }));
    },
    placeholderData: keepPreviousData,
  });

/** What the quotas leave to the person. */
export const leftQuery = queryOptions({
  queryKey: usageKeys.left(),
  queryFn: async ({ signal }) => (await body(client.GET("/api/v1/usage/me", { signal }))).quotas,
});

export const footprintQuery = (months: number) =>
  queryOptions({
    queryKey: usageKeys.footprint(months),
    queryFn: ({ signal }) => body(client.GET("/api/v1/footprint", { params: { query: { months } }, signal })),
  });

export const groupFootprintQuery = (months: number) =>
  queryOptions({
    queryKey: usageKeys.groups(months),
    queryFn: ({ signal }) =>
      body(client.GET("/api/v1/footprint/groups", { params: { query: { months } }, signal })),
  });

import { queryOptions } from "@tanstack/react-query";
import { body, client } from "../client";
import type { QuotaMeasure, QuotaPeriod, QuotaSubject, QuotaWish } from "./types";

export const SUBJECTS = [
  "everybody",
  "user",
  "group",
  "assistant",
  "use_case",
  "key",
] as const satisfies QuotaSubject[];
export const MEASURES = ["requests", "tokens", "euros", "co2e_g"] as const satisfies QuotaMeasure[];
export const PERIODS = ["hour", "day", "month"] as const satisfies QuotaPeriod[];

export const quotaKeys = { list: ["quotas"] as const };

/** Every quota, with what is used of those that are shared. */
export const quotasQuery = queryOptions({
  queryKey: quotaKeys.list,
  queryFn: ({ signal }) => body(client.GET("/api/v1/quotas", { signal })),
  refetchInterval: 60_000,
});

/** Sets a quota, or another amount of one that is there. */
export const setQuota = (wish: QuotaWish) => body(client.PUT("/api/v1/quotas", { body: wish }));

export async function removeQuota(id: number): Promise<void> {
  await client.DELETE("/api/v1/quotas/{quota_id}", { params: { path: { quota_id: id } } });
}

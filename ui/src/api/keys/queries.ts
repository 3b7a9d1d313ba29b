import { queryOptions } from "@tanstack/react-query";
import { body, client } from "../client";
import type { Scope } from "../types";

export const apiKeyKeys = { list: ["keys"] as const };

/** What a person can let a key do; administration is for the command line. */
export const SCOPES = ["search", "ask", "conversations", "documents", "sources"] as const satisfies Scope[];

export const apiKeysQuery = queryOptions({
  queryKey: apiKeyKeys.list,
  queryFn: async ({ signal }) => {
    const keys = await body(client.GET("/api/v1/keys", { signal }));
    return keys.filter((key) => key.revoked_at === null);
  },
});

export interface KeyWish {
  label: string;
  scopes: Scope[];
  expires_in_days: number;
}

export const createKey = (wish: KeyWish) => body(client.POST("/api/v1/keys", { body: wish }));

export async function revokeKey(id: number): Promise<void> {
  await client.DELETE("/api/v1/keys/{key_id}", { params: { path: { key_id: id } } });
}

import { queryOptions } from "@tanstack/react-query";
import type { Language } from "@/i18n";
import { body, client } from "../client";
import type { AssistantShare, Definition } from "../types";

export const assistantKeys = {
  all: ["assistants"] as const,
  list: (language: Language) => [...assistantKeys.all, "list", language] as const,
  choices: () => [...assistantKeys.all, "choices"] as const,
  one: (key: string) => [...assistantKeys.all, "one", key] as const,
  shown: (key: string, language: Language) => [...assistantKeys.one(key), "shown", language] as const,
  versions: (key: string) => [...assistantKeys.one(key), "versions"] as const,
  shares: (key: string) => [...assistantKeys.one(key), "shares"] as const,
  use: (key: string) => [...assistantKeys.one(key), "use"] as const,
};

const at = (key: string) => ({ path: { key } });

/** Those that came with Centaure are in the language of the page. */
export const assistantsQuery = (language: Language) =>
  queryOptions({
    queryKey: assistantKeys.list(language),
    queryFn: ({ signal }) =>
      body(client.GET("/api/v1/assistants", { params: { query: { language } }, signal })),
    staleTime: 30_000,
  });

export const assistantQuery = (key: string, language: Language) =>
  queryOptions({
    queryKey: assistantKeys.shown(key, language),
    queryFn: ({ signal }) =>
      body(client.GET("/api/v1/assistants/{key}", { params: { ...at(key), query: { language } }, signal })),
  });

export const assistantChoicesQuery = queryOptions({
  queryKey: assistantKeys.choices(),
  queryFn: ({ signal }) => body(client.GET("/api/v1/assistants/choices", { signal })),
  staleTime: 60_000,
});

export const assistantVersionsQuery = (key: string) =>
  queryOptions({
    queryKey: assistantKeys.versions(key),
    queryFn: ({ signal }) =>
      body(client.GET("/api/v1/assistants/{key}/versions", { params: at(key), signal })),
  });

export const assistantSharesQuery = (key: string) =>
  queryOptions({
    queryKey: assistantKeys.shares(key),
    queryFn: ({ signal }) => body(client.GET("/api/v1/assistants/{key}/shares", { params: at(key), signal })),
  });

export const assistantUseQuery = (key: string) =>
  queryOptions({
    queryKey: assistantKeys.use(key),
    queryFn: ({ signal }) => body(client.GET("/api/v1/assistants/{key}/use", { params: at(key), signal })),
  });

/** Writes a new one; its key. */
export async function addAssistant(definition: Definition): Promise<string> {
  return (await body(client.POST("/api/v1/assistants", { body: { definition, note: "" } }))).key;
}

/** Writes the next version, made from one that was read. */
export async function changeAssistant(
  key: string,
  definition: Definition,
  made_from: number,
  note: string,
): Promise<void> {
  await client.PUT("/api/v1/assistants/{key}", { params: at(key), body: { definition, made_from, note } });
}

export async function rollBackAssistant(key: string, version: number): Promise<void> {
  await client.POST("/api/v1/assistants/{key}/rollback", { params: at(key), body: { version } });
}

export async function removeAssistant(key: string): Promise<void> {
  await client.DELETE("/api/v1/assistants/{key}", { params: at(key) });
}

export const shareAssistant = (
  key: string,
  users: string[],
  groups: number[],
  everybody: boolean,
): Promise<AssistantShare[]> =>
  body(
    client.PUT("/api/v1/assistants/{key}/shares", { params: at(key), body: { users, groups, everybody } }),
  );

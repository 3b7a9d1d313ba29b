import { queryOptions } from "@tanstack/react-query";
import { body, client } from "../client";
import type { PromptWish } from "../types";

export const promptKeys = { all: ["prompts"] as const };

export const promptsQuery = queryOptions({
  queryKey: [...promptKeys.all, "list"],
  queryFn: ({ signal }) => body(client.GET("/api/v1/prompts", { signal })),
});

const at = (id: number) => ({ params: { path: { prompt_id: id } } });

export const promptQuery = (id: number) =>
  queryOptions({
    queryKey: [...promptKeys.all, id],
    queryFn: ({ signal }) => body(client.GET("/api/v1/prompts/{prompt_id}", { ...at(id), signal })),
  });

export const frameworksQuery = (language: "fr" | "en") =>
  queryOptions({
    queryKey: [...promptKeys.all, "frameworks", language],
    queryFn: ({ signal }) =>
      body(client.GET("/api/v1/prompts/frameworks", { params: { query: { language } }, signal })),
    staleTime: Number.POSITIVE_INFINITY,
  });

export const differenceQuery = (id: number, older: number, newer: number) =>
  queryOptions({
    queryKey: [...promptKeys.all, id, "difference", older, newer],
    queryFn: ({ signal }) =>
      body(
        client.GET("/api/v1/prompts/{prompt_id}/difference", {
          params: { path: { prompt_id: id }, query: { older, newer } },
          signal,
        }),
      ),
  });

export const addPrompt = (wish: PromptWish) => body(client.POST("/api/v1/prompts", { body: wish }));

export const renamePrompt = (id: number, name: string, tags: string[]) =>
  body(client.PATCH("/api/v1/prompts/{prompt_id}", { ...at(id), body: { name, tags } }));

export const writePrompt = (id: number, text: string, note: string, expected: number) =>
  body(
    client.POST("/api/v1/prompts/{prompt_id}/versions", {
      ...at(id),
      body: { text, note, expected, framework: "" },
    }),
  );

export const rollPromptBack = (id: number, version: number) =>
  body(client.POST("/api/v1/prompts/{prompt_id}/rollback", { ...at(id), body: { version } }));

export async function sharePrompt(id: number, groups: number[]): Promise<void> {
  await client.PUT("/api/v1/prompts/{prompt_id}/shares", { ...at(id), body: { groups } });
}

export async function scorePrompt(
  id: number,
  scored: { version: number; model: string; temperature: number | null; score: number },
): Promise<void> {
  await client.POST("/api/v1/prompts/{prompt_id}/scores", { ...at(id), body: scored });
}

export async function removePrompt(id: number): Promise<void> {
  await client.DELETE("/api/v1/prompts/{prompt_id}", at(id));
}

export const draftPrompt = (intention: string, by: "rules" | "model") =>
  body(client.POST("/api/v1/prompts/draft", { body: { intention, by } }));

export const fillFramework = (framework: string, language: "fr" | "en", values: Record<string, string>) =>
  body(client.POST("/api/v1/prompts/frameworks", { body: { framework, language, values } }));

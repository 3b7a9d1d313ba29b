import { queryOptions } from "@tanstack/react-query";
import { body, client } from "../client";
import type { ComparisonKind, ComparisonTask, ComparisonVote } from "../types";

export const KINDS = ["model", "prompt", "retrieval"] as const satisfies ComparisonKind[];
export const TASKS = ["fact", "procedure", "figure", "overview", "other"] as const satisfies ComparisonTask[];
export const REASONS = ["correct", "complete", "clear", "sourced", "short", "form"] as const;

export const comparisonKeys = {
  all: ["comparisons"] as const,
  choices: ["comparisons", "choices"] as const,
  mine: ["comparisons", "mine"] as const,
};

export const choicesQuery = queryOptions({
  queryKey: comparisonKeys.choices,
  queryFn: ({ signal }) => body(client.GET("/api/v1/comparisons/choices", { signal })),
});

export const comparisonsQuery = queryOptions({
  queryKey: comparisonKeys.mine,
  queryFn: ({ signal }) => body(client.GET("/api/v1/comparisons", { signal })),
});

export interface RankingFilter {
  kind: ComparisonKind;
  task: ComparisonTask | "";
  language: "fr" | "en" | "";
}

export const rankingQuery = ({ kind, task, language }: RankingFilter) =>
  queryOptions({
    queryKey: [...comparisonKeys.all, "ranking", kind, task, language],
    queryFn: ({ signal }) =>
      body(
        client.GET("/api/v1/comparisons/ranking", {
          params: { query: { kind, ...(task && { task }), ...(language && { language }) } },
          signal,
        }),
      ),
  });

const at = (id: number) => ({ params: { path: { comparison_id: id } } });

export const vote = (id: number, said: ComparisonVote) =>
  body(client.POST("/api/v1/comparisons/{comparison_id}/vote", { ...at(id), body: said }));

export async function consentTo(id: number, consent: boolean): Promise<void> {
  await client.PUT("/api/v1/comparisons/{comparison_id}/consent", { ...at(id), body: { consent } });
}

export async function removeComparison(id: number): Promise<void> {
  await client.DELETE("/api/v1/comparisons/{comparison_id}", at(id));
}

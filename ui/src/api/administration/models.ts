import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { body, client } from "../client";
import type {
  Capability,
  Lifecycle,
  ModelKind,
  ModelWish,
  Needs,
  Purpose,
  RequestFacts,
  Rule,
} from "./types";

export const CLASSES = ["C0", "C1", "C2", "C3"] as const;
export const KINDS = [
  "openai",
  "anthropic",
  "google",
  "bedrock",
  "extractive",
] as const satisfies ModelKind[];
export const LIFECYCLES = ["trial", "approved", "deprecated", "retired"] as const satisfies Lifecycle[];
export const TYPES = ["general", "reasoning", "code", "multimodal", "specialised"] as const;
export const ACCESSES = ["", "open source", "open weights", "proprietary"] as const;
export const CAPABILITIES = ["tools", "json", "images"] as const satisfies Capability[];
export const PURPOSES = [
  "answer",
  "chat",
  "title",
  "summary",
  "understanding",
  "judge",
  "embedding",
] as const satisfies Purpose[];

export const modelKeys = {
  all: ["models"] as const,
  list: () => [...modelKeys.all, "list"] as const,
  rules: () => [...modelKeys.all, "rules"] as const,
  route: (facts: RequestFacts) => [...modelKeys.all, "route", facts] as const,
  ranking: (needs: Needs) => [...modelKeys.all, "ranking", needs] as const,
};

/** The catalogue, by name. */
export const modelsQuery = queryOptions({
  queryKey: modelKeys.list(),
  queryFn: ({ signal }) => body(client.GET("/api/v1/models", { signal })),
});

export const addModel = (wish: ModelWish) =>
  body(client.POST("/api/v1/models", { body: { ...wish, key: wish.key ?? "" } }));

export const changeModel = (id: number, wish: ModelWish) =>
  body(client.PUT("/api/v1/models/{model_id}", { params: { path: { model_id: id } }, body: wish }));

export async function removeModel(id: number): Promise<void> {
  await client.DELETE("/api/v1/models/{model_id}", { params: { path: { model_id: id } } });
}

/** Whether it answers a question that holds nothing of anybody. */
export const tryModel = (id: number) =>
  body(client.POST("/api/v1/models/{model_id}/test", { params: { path: { model_id: id } } }));

/** In order: the first rule whose conditions hold decides. */
export const rulesQuery = queryOptions({
  queryKey: modelKeys.rules(),
  queryFn: ({ signal }) => body(client.GET("/api/v1/models/rules", { signal })),
});

export const writeRules = (rules: Rule[]) => body(client.PUT("/api/v1/models/rules", { body: rules }));

/** Who would be asked, under the rules in force. */
export const routeQuery = (facts: RequestFacts) =>
  queryOptions({
    queryKey: modelKeys.route(facts),
    queryFn: ({ signal }) => body(client.POST("/api/v1/models/route", { body: facts, signal })),
    placeholderData: keepPreviousData,
  });

export const rankingQuery = (needs: Needs) =>
  queryOptions({
    queryKey: modelKeys.ranking(needs),
    queryFn: ({ signal }) => body(client.POST("/api/v1/models/choose", { body: needs, signal })),
    placeholderData: keepPreviousData,
  });

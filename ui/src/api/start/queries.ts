import { queryOptions } from "@tanstack/react-query";
import { body, client } from "../client";
import type { components } from "../schema";
import type { FolderAdded, FolderProgress, ModelWish } from "../types";

type Schemas = components["schemas"];

export const modelsQuery = queryOptions({
  queryKey: ["models"] as const,
  queryFn: ({ signal }) => body(client.GET("/api/v1/models", { signal })),
});

/** Servers of language models on the machine; asking takes it a second. */
export const detectedQuery = queryOptions({
  queryKey: ["models", "detected"] as const,
  queryFn: ({ signal }) => body(client.GET("/api/v1/models/detected", { signal })),
  staleTime: 30_000,
});

export const foldersQuery = queryOptions({
  queryKey: ["sources", "folders"] as const,
  queryFn: ({ signal }) => body(client.GET("/api/v1/sources/folders", { signal })),
});

export const usersQuery = queryOptions({
  queryKey: ["users"] as const,
  queryFn: ({ signal }) => body(client.GET("/api/v1/users", { signal })),
});

/** What the latest documents are about, in their own words; those in the language of the page first. */
export const subjectsQuery = (language: "fr" | "en") =>
  queryOptions({
    queryKey: ["search", "suggestions", language] as const,
    queryFn: ({ signal }) =>
      body(client.GET("/api/v1/search/suggestions", { params: { query: { language } }, signal })),
  });

/** Whether nothing more is read of it for now: before its first run, the worker has yet to come to it. */
export const isRead = (folder: FolderProgress | undefined): boolean =>
  folder !== undefined &&
  (folder.state === "refused" || !["queued", "running"].includes(folder.run ?? "queued"));

/** What became of a folder, looked at each second while it is read. */
export const folderQuery = (id: number) =>
  queryOptions({
    queryKey: ["sources", "folders", id] as const,
    queryFn: ({ signal }) =>
      body(
        client.GET("/api/v1/sources/folders/{request_id}", { params: { path: { request_id: id } }, signal }),
      ),
    refetchInterval: (query) => (isRead(query.state.data) ? false : 1_000),
  });

export const lookAtFolder = (path: string) =>
  body(client.POST("/api/v1/sources/folders/look", { body: { path } }));

export const addFolder = (wish: FolderAdded) => body(client.POST("/api/v1/sources/folders", { body: wish }));

export class ModelSilent extends Error {}

/** Keeps a model once it has answered a question that holds nothing; one that does not is forgotten again. */
export async function connectModel(wish: ModelWish): Promise<void> {
  // On trial, nobody else's questions are put to it.
  const tried: ModelWish = { ...wish, lifecycle: "trial" };
  const added = await body(client.POST("/api/v1/models", { body: tried as Schemas["ModelAdded"] }));
  const at = { params: { path: { model_id: added.id } } };
  try {
    const { answers, problem } = await body(client.POST("/api/v1/models/{model_id}/test", at));
    if (!answers) throw new ModelSilent(problem ?? "");
    const { key: _, ...described } = wish;
    const kept = { ...described, lifecycle: "approved" } as Schemas["ModelChanged"];
    await body(client.PUT("/api/v1/models/{model_id}", { ...at, body: kept }));
  } catch (error) {
    await client.DELETE("/api/v1/models/{model_id}", at);
    throw error;
  }
}

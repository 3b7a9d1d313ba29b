import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { body, client } from "../client";
import type {
  Classification,
  ConversationBrief,
  DroppedFile,
  Report,
  Share,
  Thumb,
  WholeConversation,
} from "../types";

/** Which conversations are listed: one's own or those of others, of a folder, by words that were said. */
export interface Wanted {
  shared: boolean;
  folder: string | null;
  words: string;
}

const AT_ONCE = 50;
/** Milliseconds between two looks at a file that is being read. */
const FILE_LOOKS_MS = 1_500;

export const conversationKeys = {
  all: ["conversations"] as const,
  lists: () => [...conversationKeys.all, "list"] as const,
  list: (wanted: Wanted) => [...conversationKeys.lists(), wanted] as const,
  groups: () => [...conversationKeys.all, "groups"] as const,
  shares: (id: number) => [...conversationKeys.all, id, "shares"] as const,
  files: (id: number) => [...conversationKeys.all, id, "files"] as const,
  models: (id: number, turn: number) => [...conversationKeys.all, id, "models", turn] as const,
};

export const conversationsQuery = (wanted: Wanted) =>
  infiniteQueryOptions({
    queryKey: conversationKeys.list(wanted),
    queryFn: ({ signal, pageParam }) =>
      body(
        client.GET("/api/v1/conversations", {
          params: {
            query: {
              shared: wanted.shared,
              limit: AT_ONCE,
              offset: pageParam,
              ...(wanted.words && { q: wanted.words }),
              ...(wanted.folder !== null && { folder: wanted.folder }),
            },
          },
          signal,
        }),
      ),
    initialPageParam: 0,
    getNextPageParam: (last, _, offset) => (last.more ? offset + AT_ONCE : null),
    placeholderData: keepPreviousData,
    staleTime: 15_000,
  });

const of = (id: number) => ({ path: { conversation_id: id } });

/** Begins one, with the assistant of this key (empty: none), about some documents (none: about all). */
export const beginConversation = (
  assistant: string,
  documents: readonly number[] = [],
): Promise<ConversationBrief> =>
  body(
    client.POST("/api/v1/conversations", {
      body: { title: "", folder: "", assistant, documents: [...documents] },
    }),
  );

export const readConversation = (id: number, signal: AbortSignal): Promise<WholeConversation> =>
  body(client.GET("/api/v1/conversations/{conversation_id}", { params: of(id), signal }));

export interface Change {
  title?: string;
  folder?: string;
  pinned?: boolean;
  assistant?: string;
  documents?: number[];
}

export const changeConversation = (id: number, change: Change): Promise<ConversationBrief> =>
  body(client.PATCH("/api/v1/conversations/{conversation_id}", { params: of(id), body: change }));

/** Searches one of its documents no more; those that are not shown at the moment stay. */
export async function takeDocumentOff(id: number, document: number): Promise<void> {
  await client.DELETE("/api/v1/conversations/{conversation_id}/documents/{document_id}", {
    params: { path: { conversation_id: id, document_id: document } },
  });
}

export async function removeConversation(id: number): Promise<void> {
  await client.DELETE("/api/v1/conversations/{conversation_id}", { params: of(id) });
}

export async function stopAnswer(id: number): Promise<void> {
  await client.POST("/api/v1/conversations/{conversation_id}/stop", { params: of(id) });
}

export async function rateAnswer(id: number, turn: number, thumb: Thumb | null): Promise<void> {
  await client.PUT("/api/v1/conversations/{conversation_id}/turns/{turn_id}/thumb", {
    params: { path: { conversation_id: id, turn_id: turn } },
    body: { thumb },
  });
}

/** Lets curators read the question of an answer, and what is said of it; null takes that back. */
export async function reportAnswer(id: number, turn: number, said: Report | null): Promise<void> {
  const address = "/api/v1/conversations/{conversation_id}/turns/{turn_id}/report";
  const params = { path: { conversation_id: id, turn_id: turn } };
  if (said === null) await client.DELETE(address, { params });
  else await client.PUT(address, { params, body: said });
}

export async function showBranch(id: number, turn: number): Promise<void> {
  await client.POST("/api/v1/conversations/{conversation_id}/turns/{turn_id}/show", {
    params: { path: { conversation_id: id, turn_id: turn } },
  });
}

export const groupsQuery = queryOptions({
  queryKey: conversationKeys.groups(),
  queryFn: ({ signal }) => body(client.GET("/api/v1/conversations/groups", { signal })),
  staleTime: 60_000,
});

export const sharesQuery = (id: number) =>
  queryOptions({
    queryKey: conversationKeys.shares(id),
    queryFn: ({ signal }) =>
      body(client.GET("/api/v1/conversations/{conversation_id}/shares", { params: of(id), signal })),
  });

export const shareConversation = (id: number, users: string[], groups: number[]): Promise<Share[]> =>
  body(
    client.PUT("/api/v1/conversations/{conversation_id}/shares", {
      params: of(id),
      body: { users, groups },
    }),
  );

export const FORMATS = ["markdown", "docx", "pdf"] as const;
export type Format = (typeof FORMATS)[number];

/** The conversation as a file, and what it is to be called. */
export async function exportConversation(id: number, format: Format): Promise<{ name: string; file: Blob }> {
  const { data, response } = await client.GET("/api/v1/conversations/{conversation_id}/export", {
    params: { ...of(id), query: { format } },
    parseAs: "blob",
  });
  return { name: nameIn(response.headers.get("content-disposition") ?? ""), file: data as unknown as Blob };
}

/** The name of a file in the header of an answer (RFC 6266), its long form first. */
export function nameIn(header: string): string {
  const long = /filename\*=(?:utf-8|UTF-8)''([^;]+)/.exec(header)?.[1];
  if (long) return decodeURIComponent(long);
  return /filename="?([^";]+)"?/.exec(header)?.[1] ?? "conversation";
}

/** The models that may make an answer again. */
export const modelsQuery = (id: number, turn: number) =>
  queryOptions({
    queryKey: conversationKeys.models(id, turn),
    queryFn: ({ signal }) =>
      body(
        client.GET("/api/v1/conversations/{conversation_id}/turns/{turn_id}/models", {
          params: { path: { conversation_id: id, turn_id: turn } },
          signal,
        }),
      ),
  });

export const isBeingRead = (file: DroppedFile): boolean =>
  file.state === "waiting" || file.state === "reading";

export const filesQuery = (id: number) =>
  queryOptions({
    queryKey: conversationKeys.files(id),
    queryFn: ({ signal }) =>
      body(client.GET("/api/v1/conversations/{conversation_id}/files", { params: of(id), signal })),
    refetchInterval: (query) => (query.state.data?.some(isBeingRead) ? FILE_LOOKS_MS : false),
  });

/** Drops a file in a conversation; without a class it has the installation's. */
export const dropFile = (
  id: number,
  file: File,
  classification: Classification | null,
  signal: AbortSignal,
): Promise<DroppedFile> =>
  body(
    client.POST("/api/v1/conversations/{conversation_id}/files", {
      params: { ...of(id), query: { name: file.name, ...(classification && { classification }) } },
      body: file as unknown as string,
      bodySerializer: (whole) => whole as unknown as BodyInit,
      headers: { "content-type": "application/octet-stream" },
      signal,
    }),
  );

export async function removeFile(id: number, file: number): Promise<void> {
  await client.DELETE("/api/v1/conversations/{conversation_id}/files/{file_id}", {
    params: { path: { conversation_id: id, file_id: file } },
  });
}

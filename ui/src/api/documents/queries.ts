import { queryOptions } from "@tanstack/react-query";
import { body, client } from "../client";

export const documentKeys = {
  all: ["documents"] as const,
  details: (id: number, within: Within) => [...documentKeys.all, id, within] as const,
  passage: (id: number, chunk: number, within: Within) =>
    [...documentKeys.all, id, within, "passages", chunk] as const,
};

/** The conversation in which a document is opened: the files dropped in it show there and nowhere else. */
export type Within = number | null;

const inside = (within: Within) => (within === null ? {} : { conversation: within });

export const documentQuery = (id: number, within: Within) =>
  queryOptions({
    queryKey: documentKeys.details(id, within),
    queryFn: ({ signal }) =>
      body(
        client.GET("/api/v1/documents/{document_id}", {
          params: { path: { document_id: id }, query: inside(within) },
          signal,
        }),
      ),
    staleTime: 60_000,
  });

export const passageQuery = (id: number, chunk: number, within: Within) =>
  queryOptions({
    queryKey: documentKeys.passage(id, chunk, within),
    queryFn: ({ signal }) =>
      body(
        client.GET("/api/v1/documents/{document_id}/passages/{chunk_id}", {
          params: { path: { document_id: id, chunk_id: chunk }, query: inside(within) },
          signal,
        }),
      ),
    staleTime: 60_000,
  });

export function pageImageAddress(
  id: number,
  page: number,
  passage: { chunk: number; quote: string | undefined } | null,
  within: Within,
): string {
  const query = new URLSearchParams();
  if (passage !== null) {
    query.set("chunk", String(passage.chunk));
    if (passage.quote) query.set("quote", passage.quote);
  }
  if (within !== null) query.set("conversation", String(within));
  const tail = query.size > 0 ? `?${query}` : "";
  return `/api/v1/documents/${id}/pages/${page}.png${tail}`;
}

export const originalAddress = (id: number, within: Within): string =>
  `/api/v1/documents/${id}/original${within === null ? "" : `?conversation=${within}`}`;

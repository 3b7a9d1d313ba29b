import { queryOptions } from "@tanstack/react-query";
import { body, client } from "../client";

export const documentKeys = {
  all: ["documents"] as const,
  details: (id: number) => [...documentKeys.all, id] as const,
  passage: (id: number, chunk: number) => [...documentKeys.all, id, "passages", chunk] as const,
};

export const documentQuery = (id: number) =>
  queryOptions({
    queryKey: documentKeys.details(id),
    queryFn: ({ signal }) =>
      body(client.GET("/api/v1/documents/{document_id}", { params: { path: { document_id: id } }, signal })),
    staleTime: 60_000,
  });

export const passageQuery = (id: number, chunk: number) =>
  queryOptions({
    queryKey: documentKeys.passage(id, chunk),
    queryFn: ({ signal }) =>
      body(
        client.GET("/api/v1/documents/{document_id}/passages/{chunk_id}", {
          params: { path: { document_id: id, chunk_id: chunk } },
          signal,
        }),
      ),
    staleTime: 60_000,
  });

export function pageImageAddress(
  id: number,
  page: number,
  passage: { chunk: number; quote: string | undefined } | null,
): string {
  const query = new URLSearchParams();
  if (passage !== null) {
    query.set("chunk", String(passage.chunk));
    if (passage.quote) query.set("quote", passage.quote);
  }
  const tail = query.size > 0 ? `?${query}` : "";
  return `/api/v1/documents/${id}/pages/${page}.png${tail}`;
}

export const originalAddress = (id: number): string => `/api/v1/documents/${id}/original`;

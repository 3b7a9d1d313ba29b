import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { body, client } from "../client";

/** What narrows a search; the names are those of the address and of the API. */
export interface Filters {
  source?: string | undefined;
  folder?: string | undefined;
  format?: string | undefined;
  language?: string | undefined;
  classification?: string | undefined;
  modified_from?: string | undefined;
  modified_to?: string | undefined;
}

export const FILTER_NAMES = [
  "source",
  "folder",
  "format",
  "language",
  "classification",
  "modified_from",
  "modified_to",
] as const satisfies readonly (keyof Filters)[];

export const searchKeys = {
  all: ["search"] as const,
  hits: (query: string, filters: Filters, limit: number) =>
    [...searchKeys.all, "hits", query, filters, limit] as const,
  feedback: (query: string) => [...searchKeys.all, "feedback", query] as const,
  filters: () => [...searchKeys.all, "filters"] as const,
};

/** Only the filters that are set. */
export function given(filters: Filters): Record<string, string> {
  return Object.fromEntries(
    FILTER_NAMES.flatMap((name) => {
      const value = filters[name];
      return value ? [[name, value]] : [];
    }),
  );
}

/** How many are asked for before somebody wants more. */
export const FIRST_HITS = 20;

export const hitsQuery = (query: string, filters: Filters, limit: number) =>
  queryOptions({
    queryKey: searchKeys.hits(query, filters, limit),
    queryFn: ({ signal }) =>
      body(
        client.GET("/api/v1/search", { params: { query: { q: query, limit, ...given(filters) } }, signal }),
      ),
    enabled: query !== "",
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });

export const filtersQuery = queryOptions({
  queryKey: searchKeys.filters(),
  queryFn: ({ signal }) => body(client.GET("/api/v1/search/filters", { signal })),
  staleTime: 60_000,
});

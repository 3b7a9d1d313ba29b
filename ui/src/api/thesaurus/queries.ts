import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { body, client } from "../client";
import type { ThesaurusRelation, ThesaurusState, ThesaurusWish } from "../types";

export const RELATIONS = [
  "equivalent",
  "narrower",
  "broader",
  "translation",
] as const satisfies ThesaurusRelation[];
export const STATES = ["active", "suggested", "refused"] as const satisfies ThesaurusState[];

/** Which entries to show; "" leaves one open. */
export interface ThesaurusFilter {
  state: ThesaurusState | "";
  relation: ThesaurusRelation | "";
  words: string;
}

export const thesaurusKeys = {
  all: ["thesaurus"] as const,
  list: (filter: ThesaurusFilter) => [...thesaurusKeys.all, filter] as const,
};

export const thesaurusQuery = (filter: ThesaurusFilter) =>
  infiniteQueryOptions({
    queryKey: thesaurusKeys.list(filter),
    queryFn: ({ signal, pageParam }) =>
      body(
        client.GET("/api/v1/thesaurus", {
          params: {
            query: {
              after: pageParam,
              limit: 100,
              words: filter.words,
              ...(filter.state && { state: filter.state }),
              ...(filter.relation && { relation: filter.relation }),
            },
          },
          signal,
        }),
      ),
    initialPageParam: 0,
    getNextPageParam: (page) => page.next,
    placeholderData: (before) => before,
  });

export const missedWordsQuery = queryOptions({
  queryKey: [...thesaurusKeys.all, "questions"],
  queryFn: ({ signal }) => body(client.GET("/api/v1/thesaurus/questions", { signal })),
});

export async function forgetMissedWord(word: string): Promise<void> {
  await client.DELETE("/api/v1/thesaurus/questions/{word}", { params: { path: { word } } });
}

export const addEntry = (wish: ThesaurusWish) => body(client.POST("/api/v1/thesaurus", { body: wish }));

export const suggestEntries = () => body(client.POST("/api/v1/thesaurus/suggestions"));

export const decideEntry = (id: number, state: "active" | "refused") =>
  body(
    client.POST("/api/v1/thesaurus/{entry_id}/decision", {
      params: { path: { entry_id: id } },
      body: { state },
    }),
  );

export async function removeEntry(id: number): Promise<void> {
  await client.DELETE("/api/v1/thesaurus/{entry_id}", { params: { path: { entry_id: id } } });
}

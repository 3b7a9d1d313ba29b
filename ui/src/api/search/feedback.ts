import { queryOptions, useQuery, useQueryClient } from "@tanstack/react-query";
import { body, client } from "../client";
import type { FeedbackState, Thumb } from "../types";
import { searchKeys } from "./queries";

export const feedbackQuery = (query: string) =>
  queryOptions({
    queryKey: searchKeys.feedback(query),
    queryFn: ({ signal }) =>
      body(client.GET("/api/v1/search/feedback", { params: { query: { q: query } }, signal })),
    enabled: query !== "",
    staleTime: Number.POSITIVE_INFINITY,
  });

interface Feedback {
  /** Whether this installation takes any. */
  taken: boolean;
  thumbOn: (document: number) => Thumb | null;
  /** The same thumb again takes it back. */
  thumb: (document: number, verdict: Thumb) => void;
  /** Nobody waits for this one, nor hears when it fails. */
  opened: (document: number) => void;
}

/** What a person says of documents for one question. */
export function useFeedback(query: string): Feedback {
  const cache = useQueryClient();
  const { data } = useQuery(feedbackQuery(query));
  const key = searchKeys.feedback(query);
  const thumbOn = (document: number) =>
    data?.thumbs.find((thumb) => thumb.document_id === document)?.verdict ?? null;
  const send = (document: number, verdict: Thumb | "opened" | null) =>
    verdict === null
      ? client.DELETE("/api/v1/search/feedback", { params: { query: { q: query, document_id: document } } })
      : client.POST("/api/v1/search/feedback", { body: { query, document_id: document, verdict } });
  return {
    taken: data?.taken ?? false,
    thumbOn,
    thumb: (document, verdict) => {
      const next = thumbOn(document) === verdict ? null : verdict;
      cache.setQueryData<FeedbackState>(
        key,
        (before) =>
          before && {
            ...before,
            thumbs: [
              ...before.thumbs.filter((thumb) => thumb.document_id !== document),
              ...(next ? [{ document_id: document, verdict: next }] : []),
            ],
          },
      );
      send(document, next).catch(() => cache.invalidateQueries({ queryKey: key }));
    },
    opened: (document) => {
      if (data?.taken) send(document, "opened").catch(() => undefined);
    },
  };
}

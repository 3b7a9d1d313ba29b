import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { body, client } from "../client";
import { sourceKeys } from "./queries";

const where = (source: number, path: string) => ({ path: { source_id: source }, query: { path } });

/** One file of a source: what is indexed of it, who reads it, what is recorded of it. */
export const fileQuery = (source: number, path: string) =>
  queryOptions({
    queryKey: sourceKeys.file(source, path),
    queryFn: ({ signal }) =>
      body(client.GET("/api/v1/sources/{source_id}/file", { params: where(source, path), signal })),
  });

/** Its passages as they are searched, page by page. */
export const filePassagesQuery = (source: number, path: string) =>
  infiniteQueryOptions({
    queryKey: [...sourceKeys.file(source, path), "passages"] as const,
    queryFn: ({ signal, pageParam }) => {
      const { path: ids, query } = where(source, path);
      return body(
        client.GET("/api/v1/sources/{source_id}/file/passages", {
          params: { path: ids, query: { ...query, first: pageParam } },
          signal,
        }),
      );
    },
    initialPageParam: 0,
    getNextPageParam: (page) => page.next,
  });

/** Asks whether somebody reads it today, and why. */
export const askRights = (source: number, path: string, login: string) => {
  const { path: ids, query } = where(source, path);
  return body(
    client.GET("/api/v1/sources/{source_id}/file/rights", {
      params: { path: ids, query: { ...query, login } },
    }),
  );
};

import { queryOptions } from "@tanstack/react-query";
import { body, client } from "../client";

/** How the parts are, looked at again while one looks. */
export const healthQuery = queryOptions({
  queryKey: ["health"] as const,
  queryFn: ({ signal }) => body(client.GET("/api/v1/health/details", { signal })),
  refetchInterval: 15_000,
});

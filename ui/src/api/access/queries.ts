import { queryOptions } from "@tanstack/react-query";
import { body, client } from "../client";
import type { AccessDecision, AccessWish } from "../types";

export const accessKeys = { list: ["access-requests"] as const };

export const accessQuery = queryOptions({
  queryKey: accessKeys.list,
  queryFn: ({ signal }) => body(client.GET("/api/v1/access-requests", { signal })),
});

export const askForAccess = (wish: AccessWish) =>
  body(client.POST("/api/v1/access-requests", { body: wish }));

export const decideOnAccess = (id: number, decided: AccessDecision) =>
  body(
    client.POST("/api/v1/access-requests/{request_id}/decision", {
      params: { path: { request_id: id } },
      body: decided,
    }),
  );

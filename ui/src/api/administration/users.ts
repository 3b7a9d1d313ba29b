import { queryOptions } from "@tanstack/react-query";
import { body, client } from "../client";
import type { SessionState } from "../types";
import type { UserWish } from "./types";

export type Role = SessionState["user"]["roles"][number];
export const ROLES = ["reader", "curator", "auditor", "administrator"] as const satisfies Role[];

export const userKeys = {
  all: ["users"] as const,
  list: () => [...userKeys.all, "list"] as const,
  groupsOf: (id: number) => [...userKeys.all, "groups", id] as const,
  groups: () => [...userKeys.all, "groups"] as const,
  members: (id: number) => [...userKeys.groups(), id, "members"] as const,
};

export const usersQuery = queryOptions({
  queryKey: userKeys.list(),
  queryFn: ({ signal }) => body(client.GET("/api/v1/users", { signal })),
});

export const groupsQuery = queryOptions({
  queryKey: userKeys.groups(),
  queryFn: ({ signal }) => body(client.GET("/api/v1/groups", { signal })),
});

export const membersQuery = (id: number) =>
  queryOptions({
    queryKey: userKeys.members(id),
    queryFn: ({ signal }) =>
      body(client.GET("/api/v1/groups/{group_id}/members", { params: { path: { group_id: id } }, signal })),
  });

export const groupsOfQuery = (id: number) =>
  queryOptions({
    queryKey: userKeys.groupsOf(id),
    queryFn: ({ signal }) =>
      body(client.GET("/api/v1/users/{user_id}/groups", { params: { path: { user_id: id } }, signal })),
  });

export const changeUser = (id: number, wish: UserWish) =>
  body(client.PUT("/api/v1/users/{user_id}", { params: { path: { user_id: id } }, body: wish }));

export const addUser = (login: string, name: string, roles: Role[]) =>
  body(client.POST("/api/v1/users", { body: { login, name, roles } }));

/** A link with which somebody without a password chooses one. */
export const inviteUser = (id: number) =>
  body(client.POST("/api/v1/users/{user_id}/invitation", { params: { path: { user_id: id } } }));

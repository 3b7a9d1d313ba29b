import { queryOptions } from "@tanstack/react-query";
import { body, client } from "../client";
import type { GuardAction, GuardPolicy, Label, Treatment } from "./types";

export const GUARD_ACTIONS = [
  "pass",
  "warn",
  "redact",
  "rewrite",
  "ask",
  "reply",
  "hand-over",
  "moderate",
  "block",
] as const satisfies GuardAction[];
export const TREATMENTS = ["pass", "generalise", "mask", "block"] as const satisfies Treatment[];
/** Those that come with Centaure and act; an installation may have more. */
export const CHECKS = [
  "attack",
  "domain",
  "planted",
  "links",
  "commitment",
  "inappropriate",
  "leak",
  "length",
] as const;
export const LABELS = [
  "PERSON",
  "EMAIL",
  "PHONE",
  "IBAN",
  "CARD",
  "NIR",
  "SIRET",
  "SIREN",
  "VAT",
  "ADDRESS",
  "DATE_OF_BIRTH",
  "PASSPORT_OR_ID",
  "LICENCE_PLATE",
  "IP",
  "USERNAME_OR_HANDLE",
  "BANK_ACCOUNT",
  "HEALTH",
] as const satisfies Label[];

export const policyKeys = {
  all: ["policies"] as const,
  list: () => [...policyKeys.all, "list"] as const,
  history: (assistant: string) => [...policyKeys.all, "history", assistant] as const,
};

/** The policy in force of each assistant that has one. */
export const policiesQuery = queryOptions({
  queryKey: policyKeys.list(),
  queryFn: ({ signal }) => body(client.GET("/api/v1/guardrails/policies", { signal })),
});

/** Every policy that an assistant had, the newest first. */
export const historyQuery = (assistant: string) =>
  queryOptions({
    queryKey: policyKeys.history(assistant),
    queryFn: ({ signal }) =>
      body(client.GET("/api/v1/guardrails/policies/history", { params: { query: { assistant } }, signal })),
  });

export const writePolicy = (assistant: string, policy: GuardPolicy) =>
  body(client.PUT("/api/v1/guardrails/policies", { params: { query: { assistant } }, body: policy }));

export const rollBack = (assistant: string, version: number) =>
  body(
    client.POST("/api/v1/guardrails/policies/rollback", {
      params: { query: { assistant } },
      body: { version },
    }),
  );

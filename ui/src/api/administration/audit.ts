import { infiniteQueryOptions } from "@tanstack/react-query";
import { body, client } from "../client";
import type { AuditAction, AuditEntry, Verified } from "./types";

export const ACTIONS = [
  "sign_in",
  "sign_out",
  "search",
  "ask",
  "summary",
  "conversation_share",
  "conversation_export",
  "conversation_remove",
  "conversation_file",
  "feedback",
  "document_open",
  "original_download",
  "page_image",
  "rights_change",
  "rights_explain",
  "source_add",
  "source_change",
  "sync",
  "thesaurus_change",
  "gap_change",
  "user_create",
  "user_change",
  "password_change",
  "invitation_create",
  "invitation_use",
  "key_create",
  "key_revoke",
  "quota_change",
  "moderation",
  "access_request",
  "administration",
] as const satisfies AuditAction[];
export const OUTCOMES = ["done", "refused", "failed"] as const satisfies AuditEntry["outcome"][];
const PAGE = 50;

export interface AuditWanted {
  action: AuditAction | "";
  outcome: AuditEntry["outcome"] | "";
  login: string;
  /** Whether only what nobody signed in did, or the machine itself. */
  machine: boolean;
  subject: string;
  /** Days of the calendar, in UTC, both within. */
  since: string;
  until: string;
}

export const auditKeys = {
  all: ["audit"] as const,
  entries: (wanted: AuditWanted) => [...auditKeys.all, "entries", wanted] as const,
};

/** What was done, the latest first, page after page. */
export const auditQuery = (wanted: AuditWanted) =>
  infiniteQueryOptions({
    queryKey: auditKeys.entries(wanted),
    initialPageParam: null as number | null,
    queryFn: ({ pageParam, signal }) => {
      const { action, outcome, login, machine, subject, since, until } = wanted;
      const query = {
        limit: PAGE,
        ...(action && { action }),
        ...(outcome && { outcome }),
        ...(machine ? { login: "" } : login && { login }),
        ...(subject && { subject }),
        ...(since && { since: `${since}T00:00:00Z` }),
        ...(until && { until: dayAfter(until) }),
        ...(pageParam !== null && { before: pageParam }),
      };
      return body(client.GET("/api/v1/audit", { params: { query }, signal }));
    },
    getNextPageParam: (page) => (page.length < PAGE ? undefined : page.at(-1)?.id),
  });

const dayAfter = (day: string): string =>
  new Date(new Date(`${day}T00:00:00Z`).getTime() + 86_400_000).toISOString();

/** A part of the chain, after the head that an earlier part ended with. */
export const verifyPart = (after: string, kept: string): Promise<Verified> =>
  body(client.POST("/api/v1/audit/verification", { body: { after, kept } }));

import type { ApprovedAnswer } from "@/api/types";

export const APPROVED_STATES = ["due", "current", "coming", "ended"] as const;
export type ApprovedState = (typeof APPROVED_STATES)[number];

/** The day of the server, which is that of UTC, as a date of the API. */
export const today = (now = new Date()): string => now.toISOString().slice(0, 10);

/** The same day of the year after; of a leap day, the first of March. */
export function yearAfter(day: string): string {
  const date = new Date(day);
  date.setUTCFullYear(date.getUTCFullYear() + 1);
  return today(date);
}

export const later = (one: string, other: string): string => (one.localeCompare(other) < 0 ? other : one);

/** Days of the API compare as texts. */
export function stateOf(
  pair: Pick<ApprovedAnswer, "valid_from" | "valid_to" | "review_on">,
  now: string,
): ApprovedState {
  if (pair.valid_to !== null && pair.valid_to < now) return "ended";
  if (pair.review_on <= now) return "due";
  return pair.valid_from > now ? "coming" : "current";
}

const LAST = { due: 0, current: 0, coming: 0, ended: 1 };

/** By day of review, those that ended after all others. */
export const inOrder = (pairs: readonly ApprovedAnswer[], now: string): ApprovedAnswer[] =>
  [...pairs].sort(
    (one, other) =>
      LAST[stateOf(one, now)] - LAST[stateOf(other, now)] ||
      one.review_on.localeCompare(other.review_on) ||
      one.id - other.id,
  );

const folded = (text: string): string => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** Whether every word stands somewhere in a question, its other wordings or its answer, whatever the accents. */
export function holds(pair: ApprovedAnswer, words: string): boolean {
  const text = folded([pair.question, ...pair.phrasings, pair.answer, pair.sources].join("\n"));
  return folded(words)
    .split(/\s+/)
    .every((word) => text.includes(word));
}

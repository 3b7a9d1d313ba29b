import type { Rule } from "@/api/administration/types";

export const NEW_RULE: Rule = {
  name: "",
  classes: [],
  purposes: [],
  assistants: [],
  languages: [],
  capabilities: [],
  longer_than: null,
  models: [],
  exclusive: false,
  by: "written",
  hedge_s: null,
};

/** The same in another order: the one at a place goes up (-1) or down (1). */
export function moved<T>(all: readonly T[], place: number, by: -1 | 1): T[] {
  const next = [...all];
  const [one] = next.splice(place, 1);
  if (one !== undefined) next.splice(Math.max(0, place + by), 0, one);
  return next;
}

/** The same with another at a place, past the end for one more, or without it. */
export function replaced<T>(all: readonly T[], place: number, by?: T): T[] {
  const next = [...all];
  next.splice(place, 1, ...(by === undefined ? [] : [by]));
  return next;
}

/** What is written between commas. */
export const listed = (text: string): string[] =>
  text
    .split(",")
    .map((each) => each.trim())
    .filter(Boolean);

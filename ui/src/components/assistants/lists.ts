import type { AssistantBrief } from "@/api/types";

export const WHOSE = ["own", "shared", "shipped"] as const;
export type Whose = (typeof WHOSE)[number];

export const whoseIs = ({ own, shipped }: AssistantBrief): Whose =>
  own ? "own" : shipped ? "shipped" : "shared";

/** Teams in the order of the alphabet, those without one last; in a team, one's own first, then by name. */
export function byTeam(assistants: readonly AssistantBrief[]): [string, AssistantBrief[]][] {
  const teams = new Map<string, AssistantBrief[]>();
  for (const one of assistants) teams.set(one.team, [...(teams.get(one.team) ?? []), one]);
  return [...teams]
    .sort(([one], [other]) => Number(one === "") - Number(other === "") || one.localeCompare(other))
    .map(([team, found]) => [
      team,
      found.sort((one, other) => Number(other.own) - Number(one.own) || one.name.localeCompare(other.name)),
    ]);
}

const plain = (text: string): string =>
  text
    .normalize("NFKD")
    .replace(/[\u0300-\u036f]/g, "")
    .toLowerCase();

/** Whether an assistant is named, described or placed with these words. */
export function holds({ name, description, team }: AssistantBrief, words: string): boolean {
  const text = plain(`${name} ${description} ${team}`);
  return plain(words)
    .split(/\s+/)
    .every((word) => text.includes(word));
}

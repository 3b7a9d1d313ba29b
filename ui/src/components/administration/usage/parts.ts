import type { Amount, UsageBy, UsagePart } from "@/api/administration/types";

export const MEASURES = ["calls", "tokens", "euros", "energy", "co2e", "water"] as const;
export type Measure = (typeof MEASURES)[number];
export const SPANS = ["month", "before", "year"] as const;
export type Span = (typeof SPANS)[number];

type Counted = Omit<UsagePart, "name">;

/** How much of a measure, from the lowest to the highest that it may be. */
export function amountOf(total: Counted, measure: Measure): Amount {
  const known = (value: number): Amount => ({ low: value, high: value });
  switch (measure) {
    case "calls":
      return known(total.calls);
    case "tokens":
      return known(total.prompt_tokens + total.completion_tokens);
    case "euros":
      return known(total.euros);
    case "energy":
      return total.energy_kwh;
    case "co2e":
      return total.co2e_g;
    case "water":
      return total.water_l;
  }
}

const UNITS: Record<Measure, readonly (readonly [number, string])[]> = {
  calls: [[1, ""]],
  tokens: [[1, ""]],
  euros: [[1, "€"]],
  energy: [
    [1, "kWh"],
    [1e-3, "Wh"],
    [1e-6, "mWh"],
  ],
  co2e: [
    [1e3, "kg"],
    [1, "g"],
    [1e-3, "mg"],
  ],
  water: [
    [1, "l"],
    [1e-3, "ml"],
  ],
};

export interface Unit {
  /** How much of the measure it is. */
  of: number;
  name: string;
}

/** The largest unit in which the highest is one or more. */
export function unitOf(measure: Measure, highest: number): Unit {
  const units = UNITS[measure];
  const [of, name] = units.find(([size]) => highest >= size) ?? units.at(-1) ?? [1, ""];
  return { of, name };
}

/** From the first of this month, of the month before, or of the month a year ago; to the end of it. */
export function spanOf(span: Span, now: Date): { since: string; until: string | undefined } {
  const first = (months: number) =>
    new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - months, 1)).toISOString();
  if (span === "before") return { since: first(1), until: first(0) };
  return { since: first(span === "year" ? 11 : 0), until: undefined };
}

const NOTHING: Counted = {
  calls: 0,
  refused: 0,
  failed: 0,
  prompt_tokens: 0,
  completion_tokens: 0,
  estimated: 0,
  euros: 0,
  unpriced: 0,
  energy_kwh: { low: 0, high: 0 },
  co2e_g: { low: 0, high: 0 },
  water_l: { low: 0, high: 0 },
  unmeasured: 0,
};

/** Days and months in their order, those of nothing too; anything else with what used most first. */
export function inOrder(
  parts: readonly UsagePart[],
  by: UsageBy,
  since: string,
  until: string,
  measure: Measure,
): UsagePart[] {
  if (by !== "day" && by !== "month") {
    return [...parts].sort((one, other) => amountOf(other, measure).high - amountOf(one, measure).high);
  }
  const known = new Map(parts.map((part) => [part.name, part]));
  const letters = by === "day" ? 10 : 7;
  const end = new Date(until).getTime();
  const found: UsagePart[] = [];
  const day = new Date(`${since.slice(0, letters === 10 ? 10 : 7)}${letters === 10 ? "" : "-01"}T00:00:00Z`);
  while (day.getTime() < end && found.length < 400) {
    const name = day.toISOString().slice(0, letters);
    found.push(known.get(name) ?? { name, ...NOTHING });
    if (by === "day") day.setUTCDate(day.getUTCDate() + 1);
    else day.setUTCMonth(day.getUTCMonth() + 1);
  }
  return found;
}

import type { UsagePart } from "@/api/administration/types";
import type { Cell } from "../../charts/export";
import { amountOf } from "./parts";

/** What a spreadsheet has of each part, in units that do not change from one to the next. */
export const SHEET = [
  "calls",
  "tokens",
  "euros",
  "energy_low",
  "energy",
  "co2e_low",
  "co2e",
  "water_low",
  "water",
] as const;

export const sheetRow = (part: UsagePart): Cell[] => [
  part.name,
  ...(["calls", "tokens", "euros"] as const).map((measure) => amountOf(part, measure).high),
  ...(["energy", "co2e", "water"] as const).flatMap((measure) => {
    const { low, high } = amountOf(part, measure);
    return [low, high];
  }),
];

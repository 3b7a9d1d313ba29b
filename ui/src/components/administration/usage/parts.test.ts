import { describe, expect, it } from "vitest";
import type { UsagePart } from "@/api/administration/types";
import { amountOf, inOrder, spanOf, unitOf } from "./parts";
import { SHEET, sheetRow } from "./sheet";

const part = (name: string, calls: number): UsagePart => ({
  name,
  calls,
  refused: 0,
  failed: 0,
  prompt_tokens: calls * 100,
  completion_tokens: calls * 10,
  estimated: 0,
  euros: calls / 1000,
  unpriced: 0,
  energy_kwh: { low: calls / 1e5, high: calls / 1e4 },
  co2e_g: { low: calls / 100, high: calls / 10 },
  water_l: { low: 0, high: calls / 1000 },
  unmeasured: 0,
});

describe("usage", () => {
  it("spans whole months, in UTC", () => {
    const now = new Date("2026-01-15T10:00:00Z");
    expect(spanOf("month", now)).toEqual({ since: "2026-01-01T00:00:00.000Z", until: undefined });
    expect(spanOf("before", now)).toEqual({
      since: "2025-12-01T00:00:00.000Z",
      until: "2026-01-01T00:00:00.000Z",
    });
    expect(spanOf("year", now).since).toBe("2025-02-01T00:00:00.000Z");
  });

  it("shows the days of nothing too", () => {
    const days = inOrder(
      [part("2026-11-03", 5)],
      "day",
      "2026-11-01T00:00:00Z",
      "2026-11-04T09:00:00Z",
      "calls",
    );
    expect(days.map(({ name, calls }) => [name, calls])).toEqual([
      ["2026-11-01", 0],
      ["2026-11-02", 0],
      ["2026-11-03", 5],
      ["2026-11-04", 0],
    ]);
    const months = inOrder([], "month", "2025-11-01T00:00:00Z", "2026-02-01T00:00:00Z", "calls");
    expect(months.map(({ name }) => name)).toEqual(["2025-11", "2025-12", "2026-01"]);
  });

  it("puts first who used most of what is looked at", () => {
    const found = inOrder([part("a", 1), part("b", 3), part("c", 2)], "model", "", "", "co2e");
    expect(found.map(({ name }) => name)).toEqual(["b", "c", "a"]);
  });

  it("measures in a unit of which there is one at least", () => {
    expect(unitOf("co2e", 1500)).toEqual({ of: 1000, name: "kg" });
    expect(unitOf("energy", 0.02)).toEqual({ of: 1e-3, name: "Wh" });
    expect(unitOf("energy", 0)).toEqual({ of: 1e-6, name: "mWh" });
    expect(amountOf(part("a", 10), "tokens")).toEqual({ low: 1100, high: 1100 });
    expect(amountOf(part("a", 10), "co2e")).toEqual({ low: 0.1, high: 1 });
  });

  it("goes into a spreadsheet from the lowest to the highest that it may be", () => {
    expect(sheetRow(part("a", 10))).toEqual(["a", 10, 1100, 0.01, 0.0001, 0.001, 0.1, 1, 0, 0.01]);
    expect(sheetRow(part("a", 10))).toHaveLength(SHEET.length + 1);
  });
});

import { describe, expect, it } from "vitest";
import type { QuotaShare } from "@/api/administration/types";
import { usedUp } from "./used-up";

const share = (amount: number, used: number, held: number, renews: string): QuotaShare => ({
  subject: "user",
  name: "lea",
  measure: "requests",
  period: "day",
  each: false,
  amount,
  used,
  held,
  renews,
});

describe("the quota that is used up", () => {
  it("is the one that is renewed last, of those of which nothing is left", () => {
    const hour = share(1, 1, 0, "2026-11-22T11:00:00Z");
    const day = share(5, 3, 2, "2026-11-23T00:00:00Z");
    const month = share(100, 5, 0, "2026-12-01T00:00:00Z");
    expect(usedUp([hour, day, month])).toBe(day);
    expect(usedUp([share(0, 0, 0, "2026-11-23T00:00:00Z")])?.amount).toBe(0);
    expect(usedUp([month])).toBeUndefined();
    expect(usedUp([])).toBeUndefined();
  });
});

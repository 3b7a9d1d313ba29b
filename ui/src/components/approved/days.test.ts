import { describe, expect, it } from "vitest";
import type { ApprovedAnswer } from "@/api/types";
import { holds, inOrder, stateOf, today, yearAfter } from "./days";

const NOW = "2026-11-22";

const pair = (more: Partial<ApprovedAnswer> = {}): ApprovedAnswer => ({
  id: 1,
  assistant: "",
  question: "Qui valide les notes de frais ?",
  phrasings: [],
  answer: "Le responsable direct.",
  language: "fr",
  sources: "",
  classification: "C1",
  readers: [],
  owner: null,
  valid_from: "2026-01-01",
  valid_to: null,
  review_on: "2027-01-01",
  ...more,
});

describe("approved answers", () => {
  it("are due on the day itself, and not any more once they have ended", () => {
    expect(stateOf(pair({ review_on: NOW }), NOW)).toBe("due");
    expect(stateOf(pair({ review_on: NOW, valid_to: "2026-11-21" }), NOW)).toBe("ended");
    expect(stateOf(pair({ valid_to: NOW }), NOW)).toBe("current");
    expect(stateOf(pair({ valid_from: "2026-11-23" }), NOW)).toBe("coming");
  });

  it("stand by day of review, those that ended last", () => {
    const found = inOrder(
      [
        pair({ id: 1, review_on: "2026-02-01", valid_to: "2026-03-01" }),
        pair({ id: 2 }),
        pair({ id: 3, review_on: "2026-05-01" }),
      ],
      NOW,
    );
    expect(found.map(({ id }) => id)).toEqual([3, 2, 1]);
  });

  it("are found by words in any order, whatever the accents", () => {
    expect(holds(pair({ phrasings: ["Et les congés payés ?"] }), "PAYES conges")).toBe(true);
    expect(holds(pair(), "frais absents")).toBe(false);
    expect(holds(pair(), " ")).toBe(true);
  });

  it("count days as the server does", () => {
    expect(today(new Date("2026-11-22T23:30:00-05:00"))).toBe("2026-11-23");
    expect(yearAfter("2026-11-22")).toBe("2027-11-22");
    expect(yearAfter("2028-02-29")).toBe("2029-03-01");
  });
});

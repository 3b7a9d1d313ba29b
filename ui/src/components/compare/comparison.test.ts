import { describe, expect, it } from "vitest";
import type { ComparisonEvent } from "@/api/comparisons/stream";
import { begun, isWhole, after as next } from "./comparison";

const sentence = (side: "left" | "right", text: string): ComparisonEvent => ({
  event: "sentence",
  data: { side, text, citations: [], support: "unchecked", reason: "" },
});
const done = (side: "left" | "right"): ComparisonEvent => ({
  event: "done",
  data: {
    side,
    language: "fr",
    answerable: true,
    warning: false,
    stopped: null,
    held: null,
    problem: "",
  },
});

describe("a comparison", () => {
  it("keeps what each side says apart, however it comes", () => {
    const events = [
      { event: "comparison", data: { id: 7 } } as const,
      sentence("left", "Un."),
      sentence("right", "Deux."),
      sentence("left", "Trois."),
      {
        event: "judged",
        data: { side: "left", sentence: 1, support: "supported", reason: "dit" },
      } as const,
      done("right"),
    ];
    const found = events.reduce(next, begun("Quoi ?"));
    expect(found.id).toBe(7);
    expect(found.left.sentences.map(({ text }) => text)).toEqual(["Un.", "Trois."]);
    expect(found.left.sentences[1]).toMatchObject({ support: "supported", reason: "dit" });
    expect(found.right.sentences.map(({ text }) => text)).toEqual(["Deux."]);
    expect([isWhole(found.left), isWhole(found.right)]).toEqual([false, true]);
    expect(found.state).toBe("answering");
  });

  it("can be voted on only where both sides have an answer", () => {
    const failed = next(begun("Quoi ?"), { event: "problem", data: { side: "left", detail: "Non." } });
    expect(isWhole(failed.left)).toBe(true);
    expect(next(failed, { event: "ready", data: { votable: false } }).state).toBe("unvotable");
    expect(next(begun("Quoi ?"), { event: "ready", data: { votable: true } }).state).toBe("votable");
  });
});

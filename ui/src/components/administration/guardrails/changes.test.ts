import { describe, expect, it } from "vitest";
import { changes } from "./changes";

describe("what differs between two policies", () => {
  it("is named field by field, with what was added and what is gone", () => {
    const before = { longest: 100, checks: { attack: { at: 0.5, action: "block" } }, off: ["links"] };
    const after = { longest: 100, checks: { leak: { at: 0.7, action: "block" } }, off: [] };
    expect(changes(before, after)).toEqual([
      { path: "checks.attack.action", before: "block", after: "–" },
      { path: "checks.attack.at", before: "0.5", after: "–" },
      { path: "checks.leak.action", before: "–", after: "block" },
      { path: "checks.leak.at", before: "–", after: "0.7" },
      { path: "off", before: "links", after: "–" },
    ]);
  });

  it("is nothing where they say the same", () => {
    expect(changes({ hosts: ["a.example"] }, { hosts: ["a.example"] })).toEqual([]);
  });
});

import { describe, expect, it } from "vitest";
import { PLACES_OF_SHORTCUTS, SHORTCUTS } from "./shortcuts";

describe("the list of shortcuts", () => {
  it("gives each keys of its own", () => {
    const keys = SHORTCUTS.map(({ keys }) => keys.join(" "));
    expect(new Set(keys).size).toBe(keys.length);
  });

  it("says of each where it works, in a place that the sheet shows", () => {
    for (const { where } of SHORTCUTS) expect(PLACES_OF_SHORTCUTS).toContain(where);
  });
});

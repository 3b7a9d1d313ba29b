import { describe, expect, it } from "vitest";
import { EVERYBODY, keysOf } from "./readers";

describe("whom an answer is for", () => {
  it("is named by keys, each once", () => {
    expect(keysOf(EVERYBODY)).toEqual(["*"]);
    const some = {
      everybody: false as const,
      groups: ["source:1/group:shop"],
      people: " anne, bruno;anne,, ",
    };
    expect(keysOf(some)).toEqual(["source:1/group:shop", "user:anne", "user:bruno"]);
    expect(keysOf({ everybody: false, groups: [], people: " " })).toEqual([]);
  });
});

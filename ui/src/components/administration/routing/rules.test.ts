import { describe, expect, it } from "vitest";
import { listed, moved, replaced } from "./rules";

describe("rules in order", () => {
  it("go up and down, and not past the ends", () => {
    expect(moved(["a", "b", "c"], 1, -1)).toEqual(["b", "a", "c"]);
    expect(moved(["a", "b", "c"], 1, 1)).toEqual(["a", "c", "b"]);
    expect(moved(["a", "b"], 0, -1)).toEqual(["a", "b"]);
    expect(moved(["a", "b"], 1, 1)).toEqual(["a", "b"]);
  });

  it("are changed, added at the end and taken out", () => {
    expect(replaced(["a", "b"], 1, "c")).toEqual(["a", "c"]);
    expect(replaced(["a"], 1, "b")).toEqual(["a", "b"]);
    expect(replaced(["a", "b"], 0)).toEqual(["b"]);
  });

  it("name things between commas", () => {
    expect(listed(" law , , house style,")).toEqual(["law", "house style"]);
  });
});

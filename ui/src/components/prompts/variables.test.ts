import { describe, expect, it } from "vitest";
import { tagsOf, variablesOf } from "./variables";

describe("a template", () => {
  it("names its variables once, in their order", () => {
    expect(variablesOf("{{b}} {{ a }} {{b}} {c} {{}} {{1x}} {{é_t1}}")).toEqual(["b", "a", "é_t1"]);
  });

  it("has the tags that are typed, each once", () => {
    expect(tagsOf(" vente, courriel,, vente ")).toEqual(["vente", "courriel"]);
  });
});

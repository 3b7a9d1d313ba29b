import { describe, expect, it } from "vitest";
import { holds } from "./holds";

describe("somebody is found", () => {
  it("by any words of their name or login, without accents or capitals", () => {
    expect(holds("Léa Fontanier lea.fontanier", "lea font")).toBe(true);
    expect(holds("Léa Fontanier lea.fontanier", "FONTANIER léa")).toBe(true);
    expect(holds("Léa Fontanier", "hugo")).toBe(false);
    expect(holds("Léa Fontanier", " ")).toBe(true);
  });
});

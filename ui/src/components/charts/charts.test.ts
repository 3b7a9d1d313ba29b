import { describe, expect, it } from "vitest";
import { csvOf } from "./export";
import { fitting, shown, ticks } from "./scale";

describe("scales", () => {
  it("are round, begin at 0 and hold the highest", () => {
    expect(ticks(7)).toEqual([0, 2, 4, 6, 8]);
    expect(ticks(100)).toEqual([0, 25, 50, 75, 100]);
    expect(ticks(0.03)).toEqual([0, 0.01, 0.02, 0.03]);
    expect(ticks(0)).toEqual([0, 1]);
    expect(ticks(1, true)).toEqual([0, 1]);
    expect(ticks(3, true)).toEqual([0, 1, 2, 3]);
    expect(ticks(9, true)).toEqual([0, 3, 6, 9]);
    for (const highest of [1, 3.3, 19, 1234, 0.0007]) {
      const found = ticks(highest);
      expect(found.at(-1)).toBeGreaterThanOrEqual(highest);
      expect(found.length).toBeLessThanOrEqual(6);
    }
  });

  it("write as many labels as there is room for", () => {
    const written = shown(31, 8);
    const places = Array.from({ length: 31 }, (_, place) => place).filter(written);
    expect(places).toEqual([0, 4, 8, 12, 16, 20, 24, 28]);
    expect(shown(3, 8)(2)).toBe(true);
  });

  it("shorten a name that is too long for its place", () => {
    expect(fitting("production", 70)).toBe("production");
    expect(fitting("production de l’atelier", 70)).toBe("productio…");
  });
});

describe("tables for spreadsheets", () => {
  it("are written as each language reads them", () => {
    expect(csvOf(["jour", "euros"], [["1 nov.", 1.5]], "fr")).toBe("\ufeffjour;euros\r\n1 nov.;1,5\r\n");
    expect(csvOf(["day", "euros"], [["1 Nov", 1.5]], "en")).toBe("\ufeffday,euros\r\n1 Nov,1.5\r\n");
  });

  it("quote what would part a cell, and hold back what would be a formula", () => {
    expect(csvOf(["a"], [['x "y"; z'], ["=1+1"], ["@sum"]], "fr")).toBe(
      '\ufeffa\r\n"x ""y""; z"\r\n\'=1+1\r\n\'@sum\r\n',
    );
  });
});

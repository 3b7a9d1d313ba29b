import { describe, expect, it } from "vitest";
import { telling } from "./suggestions";

describe("the titles that questions are suggested from", () => {
  it("read like titles, each once", () => {
    const titles = [
      "Charte  du télétravail",
      "charte du télétravail",
      "scan_0042.pdf",
      "2024-11-03",
      "Notes",
    ];
    expect(telling(titles, 3)).toEqual(["Charte du télétravail"]);
  });

  it("are as many as wanted, the first ones", () => {
    expect(telling(["Accord d’entreprise", "Guide d’accueil", "Plan de prévention"], 2)).toEqual([
      "Accord d’entreprise",
      "Guide d’accueil",
    ]);
  });

  it("fit in a sentence", () => {
    expect(telling(["mot ".repeat(30), "“Quoted” words of a title"], 3)).toEqual([]);
  });
});

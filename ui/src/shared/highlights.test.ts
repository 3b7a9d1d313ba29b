import { describe, expect, it } from "vitest";
import { excerpt, keySentence, partAt, quoteRange, segments, within } from "./highlights";

describe("highlights", () => {
  it("cuts a text at its marks and loses nothing", () => {
    const parts = segments("le congé annuel", [[3, 8]]);
    expect(parts.map((part) => [part.text, part.marked])).toEqual([
      ["le ", false],
      ["congé", true],
      [" annuel", false],
    ]);
  });

  it("counts code points, so that an emoji shifts no mark", () => {
    expect(segments("📎 budget", [[2, 8]]).find((part) => part.marked)?.text).toBe("budget");
  });

  it("survives marks that overlap, are unordered or stand outside the text", () => {
    const text = "abcdef";
    const parts = segments(text, [
      [4, 99],
      [1, 3],
      [2, 5],
    ]);
    expect(parts.map((part) => part.text).join("")).toBe(text);
  });

  it("keeps the part of a long text where the marks are, between whole words", () => {
    const text = `${"avant ".repeat(200)}la prime de fin d'année ${"après ".repeat(200)}`;
    const start = text.indexOf("prime");
    const cut = excerpt(text, [[start, start + 5]]);
    expect(cut.text.length).toBeLessThan(420);
    const [mark] = cut.highlights;
    expect(cut.text.slice(...(mark ?? [0, 0]))).toBe("prime");
    expect(cut.cutBefore && cut.cutAfter).toBe(true);
    expect(cut.text.startsWith("avant")).toBe(true);
  });

  it("begins an excerpt with its sentence where that is near", () => {
    const text = `${"Avant cela. ".repeat(60)}Le montant de la prime est connu. ${"Après. ".repeat(90)}`;
    const start = text.indexOf("prime");
    expect(excerpt(text, [[start, start + 5]]).text).toMatch(/^(Avant cela\. )*Le montant/);
  });

  it("names the sentence with most marks, never a row of a table", () => {
    const text = "Titre\nPremière phrase. La prime de fin d'année est versée. Autre.\nprime | prime | prime";
    const marks = [...text.matchAll(/prime|année/g)].map(({ index }) => [index, index + 5]);
    expect(keySentence(text, marks, "fr")).toBe("La prime de fin d'année est versée.");
    expect(keySentence(text, [], "fr")).toBeNull();
  });

  it("tells in which part of a text a quote begins, in code points", () => {
    const parts = [
      { start: 0, end: 3 },
      { start: 4, end: 9 },
    ];
    expect(partAt("📎 a\nb c d", parts, "b c")).toBe(parts[1]);
    expect(partAt("📎 a\nb c d", parts, "📎")).toBe(parts[0]);
    expect(partAt("📎 a\nb c d", parts, "absent")).toBeUndefined();
    expect(partAt("📎 a", [], "a")).toBeUndefined();
  });

  it("cuts marks to a stretch of the text", () => {
    expect(
      within(
        "abcdef",
        [
          [0, 2],
          [3, 6],
        ],
        [1, 4],
      ),
    ).toEqual({
      text: "bcd",
      highlights: [
        [0, 1],
        [2, 3],
      ],
    });
  });

  it("finds a quote whose lines are broken otherwise, and nothing when it is absent", () => {
    expect(quoteRange("Le délai est\nde 30  jours (nets).", "est de 30 jours (nets).")).toEqual([9, 33]);
    expect(quoteRange("Le délai", "autre")).toBeNull();
    expect(quoteRange("Le délai", " ")).toBeNull();
  });
});

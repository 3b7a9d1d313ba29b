import { describe, expect, it } from "vitest";
import { excerpt, quoteRange, segments } from "./highlights";

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

  it("finds a quote whose lines are broken otherwise, and nothing when it is absent", () => {
    expect(quoteRange("Le délai est\nde 30  jours (nets).", "est de 30 jours (nets).")).toEqual([9, 33]);
    expect(quoteRange("Le délai", "autre")).toBeNull();
    expect(quoteRange("Le délai", " ")).toBeNull();
  });
});

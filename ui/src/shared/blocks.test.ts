import { describe, expect, it } from "vitest";
import { blocks, flattened } from "./blocks";

const TABLE =
  "Horaires 🕗 affichés.\nÉquipe | Début | Fin\n--- | --- | ---\nMatin | 5 h 00 |\nNuit | 21 h | 5 h\nFin.";
const words = (text: string, [from, to]: readonly [number, number]) =>
  Array.from(text).slice(from, to).join("");

describe("the blocks of a passage", () => {
  it("are the prose and the tables that it was made of", () => {
    const [before, table, after] = blocks(TABLE);
    expect(before?.kind === "text" && words(TABLE, before.stretch)).toBe("Horaires 🕗 affichés.");
    expect(after?.kind === "text" && words(TABLE, after.stretch)).toBe("Fin.");
    if (table?.kind !== "table") throw new Error("The second block is the table.");
    expect(table.headerRows).toBe(1);
    expect(table.rows.map((row) => row.map((cell) => words(TABLE, cell)))).toEqual([
      ["Équipe", "Début", "Fin"],
      ["Matin", "5 h 00", ""],
      ["Nuit", "21 h", "5 h"],
    ]);
  });

  it("leave prose whole, with a lone bar in it", () => {
    const text = "Choisir a | b.\n\nPuis c.";
    const [only, ...others] = blocks(text);
    expect(others).toEqual([]);
    expect(only?.kind === "text" && words(text, only.stretch)).toBe(text);
    expect(blocks("")).toEqual([]);
  });

  it("flatten into lines of the same length, so that marks stay where they were", () => {
    const flat = flattened(`${TABLE}\n\nSuite`);
    expect(flat).toHaveLength(TABLE.length + 7);
    expect(flat).not.toMatch(/[|]|---|\n\s*\n/);
    expect(flat.indexOf("21 h")).toBe(TABLE.indexOf("21 h"));
  });
});

import { describe, expect, it } from "vitest";
import type { AssistantBrief } from "@/api/types";
import { byTeam, holds, whoseIs } from "./lists";

const one = (name: string, more: Partial<AssistantBrief> = {}): AssistantBrief => ({
  key: name.toLowerCase(),
  name,
  description: "",
  team: "",
  kind: "documents",
  language: "fr",
  shipped: false,
  own: false,
  owner_name: "",
  has_form: false,
  ...more,
});

describe("the gallery", () => {
  it("goes team by team, those without one last, one's own first", () => {
    const all = [
      one("B", { team: "X" }),
      one("Z"),
      one("C", { team: "X", own: true }),
      one("A", { team: "W" }),
    ];
    expect(byTeam(all).map(([team, found]) => [team, found.map(({ name }) => name)])).toEqual([
      ["W", ["A"]],
      ["X", ["C", "B"]],
      ["", ["Z"]],
    ]);
  });

  it("finds words without their accents", () => {
    expect(holds(one("Réponse à un courriel"), "reponse COURRIEL")).toBe(true);
    expect(holds(one("Réponse"), "contrat")).toBe(false);
  });

  it("knows whose each is", () => {
    expect([one("a", { own: true }), one("b", { shipped: true }), one("c")].map(whoseIs)).toEqual([
      "own",
      "shipped",
      "shared",
    ]);
  });
});

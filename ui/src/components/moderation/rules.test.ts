import { describe, expect, it } from "vitest";
import { found } from "./rules";

describe("what rules found", () => {
  it("is told in words, each once, whatever the version", () => {
    expect(found(["commitment-price.1", "commitment-price.2", "secret-reversed.1"], "output")).toEqual({
      known: ["price", "secret"],
      others: [],
    });
    expect(found(["secrets.yours.1", "turns.forged.1", "iban.1"], "input").known).toEqual([
      "secrets",
      "turns",
      "personal",
    ]);
  });

  it("leaves the model out where a rule says what it is", () => {
    expect(found(["model.3"], "input").known).toEqual(["attack"]);
    expect(found(["model.3", "override.lifted.1"], "input").known).toEqual(["override"]);
  });

  it("is something planted in a document, unless that is too long", () => {
    expect(found(["override.instructions.1", "length.1"], "document").known).toEqual(["planted", "length"]);
  });

  it("keeps the name of a rule that it has no words for", () => {
    expect(found(["house.tariff.4"], "output")).toEqual({ known: [], others: ["house.tariff"] });
  });
});

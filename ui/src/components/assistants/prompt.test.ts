import { describe, expect, it } from "vitest";
import { filled, isComplete, nameFor, namesIn } from "./prompt";

const FIELDS = [
  { name: "what", kind: "line" as const, required: true },
  { name: "how", kind: "choice" as const, required: false },
  { name: "notes", kind: "text" as const, required: false },
];
const TEMPLATE = "Write {what}.\nTone: {how}\n\nNotes:\n{notes}";

describe("a form", () => {
  it("becomes a prompt, without the lines that nobody filled", () => {
    expect(filled(TEMPLATE, FIELDS, { what: " a  note ", notes: "one\n two" })).toBe(
      "Write a note.\n\nNotes:\none\n two",
    );
  });

  it("never reads what somebody typed as a placeholder", () => {
    const typed = "{what} $& {constructor}";
    expect(filled(TEMPLATE, FIELDS, { what: "x", notes: typed })).toContain(typed);
  });

  it("is complete once what it requires is there", () => {
    expect(isComplete(FIELDS, { how: "short" })).toBe(false);
    expect(isComplete(FIELDS, { what: "x" })).toBe(true);
  });

  it("knows the names in its template", () => {
    expect(namesIn(`${TEMPLATE} {what} {Bad Name}`)).toEqual(["what", "how", "notes"]);
  });

  it("gives each field a name of its own", () => {
    expect(nameFor("Délai de réponse", [])).toBe("delai_de_reponse");
    expect(nameFor("1. Prix", ["prix"])).toBe("prix_2");
    expect(nameFor("???", [])).toBe("field");
  });
});

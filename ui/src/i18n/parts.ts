import i18next from "i18next";

/** Texts that only some pages need, fetched with these: each in both languages, so that a switch is at once. */
const PARTS = {
  administration: () => Promise.all([import("./administration/fr.json"), import("./administration/en.json")]),
  assistants: () => Promise.all([import("./assistants/fr.json"), import("./assistants/en.json")]),
  compare: () => Promise.all([import("./compare/fr.json"), import("./compare/en.json")]),
  file: () => Promise.all([import("./file/fr.json"), import("./file/en.json")]),
  gaps: () => Promise.all([import("./gaps/fr.json"), import("./gaps/en.json")]),
  help: () => Promise.all([import("./help/fr.json"), import("./help/en.json")]),
  prompts: () => Promise.all([import("./prompts/fr.json"), import("./prompts/en.json")]),
  start: () => Promise.all([import("./start/fr.json"), import("./start/en.json")]),
};

type Part = keyof typeof PARTS;

/** Those that keep to themselves; the others join the texts of every page. */
const APART: readonly Part[] = ["help", "start"];

/** Makes the texts of a part ready to be used. */
export async function loadPart(part: Part): Promise<void> {
  const [fr, en] = await PARTS[part]();
  const space = APART.includes(part) ? part : "translation";
  i18next.addResourceBundle("fr", space, fr.default, true, true);
  i18next.addResourceBundle("en", space, en.default, true, true);
}

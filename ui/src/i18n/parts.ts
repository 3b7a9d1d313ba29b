import i18next from "i18next";

/** Texts that only some pages need, fetched with these: each in both languages, so that a switch is at once. */
const PARTS = {
  administration: () => Promise.all([import("./administration/fr.json"), import("./administration/en.json")]),
  assistants: () => Promise.all([import("./assistants/fr.json"), import("./assistants/en.json")]),
  compare: () => Promise.all([import("./compare/fr.json"), import("./compare/en.json")]),
  prompts: () => Promise.all([import("./prompts/fr.json"), import("./prompts/en.json")]),
};

/** Adds the texts of a part to those that every page has. */
export async function loadPart(part: keyof typeof PARTS): Promise<void> {
  const [fr, en] = await PARTS[part]();
  i18next.addResourceBundle("fr", "translation", fr.default, true, true);
  i18next.addResourceBundle("en", "translation", en.default, true, true);
}

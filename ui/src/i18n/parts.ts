import i18next from "i18next";

/** Texts that only some pages need, fetched with these: each in both languages, so that a switch is at once. */
const PARTS = {
  help: () => Promise.all([import("./help/fr.json"), import("./help/en.json")]),
  start: () => Promise.all([import("./start/fr.json"), import("./start/en.json")]),
};

/** Makes the texts of a part ready to be used as its own name-space. */
export async function loadPart(part: keyof typeof PARTS): Promise<void> {
  if (i18next.hasResourceBundle("fr", part)) return;
  const [fr, en] = await PARTS[part]();
  i18next.addResourceBundle("fr", part, fr.default);
  i18next.addResourceBundle("en", part, en.default);
}

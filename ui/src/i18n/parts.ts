import i18next from "i18next";
import type { Language } from "./index";

/** The texts of every page, and those that only some need, fetched with these. */
const PARTS = {
  common: { fr: () => import("./fr.json"), en: () => import("./en.json") },
  administration: {
    fr: () => import("./administration/fr.json"),
    en: () => import("./administration/en.json"),
  },
  assistants: { fr: () => import("./assistants/fr.json"), en: () => import("./assistants/en.json") },
  compare: { fr: () => import("./compare/fr.json"), en: () => import("./compare/en.json") },
  file: { fr: () => import("./file/fr.json"), en: () => import("./file/en.json") },
  gaps: { fr: () => import("./gaps/fr.json"), en: () => import("./gaps/en.json") },
  help: { fr: () => import("./help/fr.json"), en: () => import("./help/en.json") },
  prompts: { fr: () => import("./prompts/fr.json"), en: () => import("./prompts/en.json") },
  start: { fr: () => import("./start/fr.json"), en: () => import("./start/en.json") },
};

type Part = keyof typeof PARTS;

/** Those that keep to themselves; the others join the texts of every page. */
const APART: readonly Part[] = ["help", "start"];
const wanted = new Set<Part>();
/** The language of the page, and the one that is on its way. */
const languages = new Set<Language>();

async function add(part: Part, language: Language): Promise<void> {
  const { default: texts } = await PARTS[part][language]();
  i18next.addResourceBundle(language, APART.includes(part) ? part : "translation", texts, true, true);
}

/** Makes the texts of a part ready to be used, in every language that the page has had or is about to have. */
export async function loadPart(part: Part): Promise<void> {
  wanted.add(part);
  await Promise.all([...languages].map((language) => add(part, language)));
}

/** Makes the texts that are in use ready in a language, and those that will be. */
export async function loadLanguage(language: Language): Promise<void> {
  languages.add(language);
  await Promise.all([...wanted].map((part) => add(part, language)));
}

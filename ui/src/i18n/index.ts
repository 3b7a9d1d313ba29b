import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import { readPreference, writePreference } from "@/shared/preferences";
import type administration from "./administration/en.json";
import type assistants from "./assistants/en.json";
import type compare from "./compare/en.json";
import type en from "./en.json";
import type file from "./file/en.json";
import type gaps from "./gaps/en.json";
import type helpTexts from "./help/en.json";
import { loadLanguage, loadPart } from "./parts";
import type prompts from "./prompts/en.json";
import type startTexts from "./start/en.json";

export const LANGUAGES = ["fr", "en"] as const;
export type Language = (typeof LANGUAGES)[number];

declare module "i18next" {
  interface CustomTypeOptions {
    defaultNS: "translation";
    resources: {
      translation: typeof en &
        typeof administration &
        typeof assistants &
        typeof compare &
        typeof file &
        typeof gaps &
        typeof prompts;
      help: typeof helpTexts;
      start: typeof startTexts;
    };
  }
}

/** As public/first.js finds it, which has the texts fetched. */
function firstLanguage(): Language {
  const wanted = [readPreference("language"), ...navigator.languages.map((tag) => tag.slice(0, 2))];
  return wanted.map((code) => LANGUAGES.find((known) => known === code)).find(Boolean) ?? "en";
}

const show = (language: string) => {
  document.documentElement.lang = language;
};

i18next.on("languageChanged", show);
await i18next.use(initReactI18next).init({
  lng: firstLanguage(),
  // Each language is complete (texts.test.ts), so that one is enough.
  fallbackLng: false,
  resources: {},
  interpolation: { escapeValue: false },
});
await loadLanguage(i18next.language as Language);
await loadPart("common");
show(i18next.language);

let chosen: Language | null = null;

export async function chooseLanguage(language: Language): Promise<void> {
  chosen = language;
  writePreference("language", language);
  try {
    await loadLanguage(language);
  } catch {
    // Another version is served by now, or nothing is: a new page has the texts, or says so.
    location.reload();
    return;
  }
  if (chosen === language) await i18next.changeLanguage(language);
}

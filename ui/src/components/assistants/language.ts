import { useTranslation } from "react-i18next";
import { LANGUAGES, type Language } from "@/i18n";

/** The language of the page, as one of those that assistants come in. */
export function usePageLanguage(): Language {
  const { i18n } = useTranslation();
  return LANGUAGES.find((known) => known === i18n.language) ?? "en";
}

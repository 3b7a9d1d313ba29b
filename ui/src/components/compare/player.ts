import { useTranslation } from "react-i18next";
import type { ComparisonKind } from "@/api/types";

const PROMPTS = ["standard", "brief", "steps", "plain", "own"] as const;
const SEARCHES = ["words", "meaning", "reranked"] as const;

/** What people call a setting; a model is called by its name. */
export function usePlayer(): (kind: ComparisonKind, name: string) => string {
  const { t } = useTranslation();
  return (kind, name) => {
    const prompt = PROMPTS.find((each) => each === (name || "own"));
    const search = SEARCHES.find((each) => each === name);
    if (kind === "prompt" && prompt) return t(`compare.prompts.${prompt}`);
    if (kind === "retrieval" && search) return t(`compare.searches.${search}`);
    return name;
  };
}

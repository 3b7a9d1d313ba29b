import { createFileRoute } from "@tanstack/react-router";
import { loadAssistantTexts } from "@/i18n";

/** Assistants: their texts come with them. */
export const Route = createFileRoute("/_app/assistants")({ beforeLoad: loadAssistantTexts });

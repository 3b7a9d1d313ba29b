import { createFileRoute } from "@tanstack/react-router";
import { loadPart } from "@/i18n/parts";

/** Assistants: their texts come with them. */
export const Route = createFileRoute("/_app/assistants")({ beforeLoad: () => loadPart("assistants") });

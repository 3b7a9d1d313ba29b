import { createFileRoute } from "@tanstack/react-router";
import { loadPart } from "@/i18n/parts";

/** Their texts come with these pages. */
export const Route = createFileRoute("/_app/compare")({ beforeLoad: () => loadPart("compare") });

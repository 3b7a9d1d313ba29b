import { createFileRoute } from "@tanstack/react-router";
import { PromptsPage } from "@/components/prompts/page";

export const Route = createFileRoute("/_app/prompts/")({ component: PromptsPage });

import { createFileRoute } from "@tanstack/react-router";
import { NewPromptPage } from "@/components/prompts/new";

export const Route = createFileRoute("/_app/prompts/new")({ component: NewPromptPage });

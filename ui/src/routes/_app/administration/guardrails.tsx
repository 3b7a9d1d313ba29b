import { createFileRoute } from "@tanstack/react-router";
import { GuardrailsPage } from "@/components/administration/guardrails/page";
import { administered } from "@/shared/administered";

export const Route = createFileRoute("/_app/administration/guardrails")({
  ...administered("administrator"),
  component: GuardrailsPage,
});

import { createFileRoute } from "@tanstack/react-router";
import { NewAssistantPage } from "@/components/assistants/builder";

/** An assistant to write, from nothing or from another. */
export const Route = createFileRoute("/_app/assistants/new")({
  validateSearch: ({ from }: Record<string, unknown>): { from?: string } =>
    typeof from === "string" && /^[a-z0-9-]{1,100}$/.test(from) ? { from } : {},
  component: New,
});

function New() {
  const { from } = Route.useSearch();
  return <NewAssistantPage from={from ?? null} />;
}

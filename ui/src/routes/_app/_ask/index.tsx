import { createFileRoute } from "@tanstack/react-router";

/** A conversation to begin, with an assistant where the address names one. */
export const Route = createFileRoute("/_app/_ask/")({
  validateSearch: ({ assistant }: Record<string, unknown>): { assistant?: string } =>
    typeof assistant === "string" && /^[a-z0-9-]{1,100}$/.test(assistant) ? { assistant } : {},
});

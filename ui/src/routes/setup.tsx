import { createFileRoute } from "@tanstack/react-router";
import { SetupPage } from "@/components/session/setup";

export const Route = createFileRoute("/setup")({
  validateSearch: (search: Record<string, unknown>): { token?: string | undefined } => ({
    token: search.token === undefined ? undefined : String(search.token),
  }),
  component: Setup,
});

function Setup() {
  const { token } = Route.useSearch();
  return <SetupPage token={token ?? ""} />;
}

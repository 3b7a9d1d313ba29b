import { createFileRoute } from "@tanstack/react-router";
import { SourcesPage } from "@/components/sources/page";

export const Route = createFileRoute("/_app/sources/")({ component: Sources });

function Sources() {
  const { session } = Route.useRouteContext();
  return <SourcesPage curator={session.user.roles.includes("curator")} />;
}

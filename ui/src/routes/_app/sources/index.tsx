import { createFileRoute } from "@tanstack/react-router";
import { SourcesPage } from "@/components/sources/page";

export const Route = createFileRoute("/_app/sources/")({ component: Sources });

function Sources() {
  const { session } = Route.useRouteContext();
  const { roles } = session.user;
  return <SourcesPage curator={roles.includes("curator")} administrator={roles.includes("administrator")} />;
}

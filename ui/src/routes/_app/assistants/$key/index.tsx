import { createFileRoute } from "@tanstack/react-router";
import { AssistantPage } from "@/components/assistants/page";

export const Route = createFileRoute("/_app/assistants/$key/")({ component: One });

function One() {
  const { key } = Route.useParams();
  return <AssistantPage id={key} />;
}

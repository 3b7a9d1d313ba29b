import { createFileRoute } from "@tanstack/react-router";
import { EditAssistantPage } from "@/components/assistants/builder";

export const Route = createFileRoute("/_app/assistants/$key/edit")({ component: Edit });

function Edit() {
  const { key } = Route.useParams();
  return <EditAssistantPage id={key} />;
}

import { createFileRoute } from "@tanstack/react-router";
import { StartPage } from "@/components/start/page";
import { STEPS, type Step } from "@/components/start/steps";
import { loadPart } from "@/i18n/parts";

export const Route = createFileRoute("/_app/start")({
  validateSearch: (search: Record<string, unknown>): { step?: Step; folder?: number } => {
    const step = STEPS.find((each) => each === search.step);
    const folder = Number(search.folder);
    return { ...(step && { step }), ...(folder > 0 && { folder }) };
  },
  loader: () => loadPart("start"),
  component: Start,
});

function Start() {
  const { step, folder } = Route.useSearch();
  const { session } = Route.useRouteContext();
  return <StartPage step={step ?? "model"} folder={folder} user={session.user} />;
}

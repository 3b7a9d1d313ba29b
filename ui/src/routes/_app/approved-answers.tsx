import { createFileRoute, notFound } from "@tanstack/react-router";
import { ApprovedPage } from "@/components/approved/page";

export const Route = createFileRoute("/_app/approved-answers")({
  beforeLoad: ({ context }) => {
    if (!context.session.user.roles.includes("curator")) throw notFound();
  },
  validateSearch: (search: Record<string, unknown>): { question?: string | undefined } => ({
    question: typeof search.question === "string" ? search.question : undefined,
  }),
  component: ApprovedAnswers,
});

function ApprovedAnswers() {
  return <ApprovedPage question={Route.useSearch().question} />;
}

import { createFileRoute, notFound } from "@tanstack/react-router";
import { ThesaurusPage } from "@/components/thesaurus/page";

export const Route = createFileRoute("/_app/thesaurus")({
  beforeLoad: ({ context }) => {
    if (!context.session.user.roles.includes("curator")) throw notFound();
  },
  validateSearch: (search: Record<string, unknown>): { term?: string | undefined } => ({
    term: typeof search.term === "string" ? search.term : undefined,
  }),
  component: Thesaurus,
});

function Thesaurus() {
  return <ThesaurusPage term={Route.useSearch().term} />;
}

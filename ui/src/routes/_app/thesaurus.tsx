import { createFileRoute, notFound } from "@tanstack/react-router";
import { ThesaurusPage } from "@/components/thesaurus/page";

export const Route = createFileRoute("/_app/thesaurus")({
  beforeLoad: ({ context }) => {
    if (!context.session.user.roles.includes("curator")) throw notFound();
  },
  component: ThesaurusPage,
});

import { createFileRoute, notFound } from "@tanstack/react-router";
import { ApprovedPage } from "@/components/approved/page";

export const Route = createFileRoute("/_app/approved-answers")({
  beforeLoad: ({ context }) => {
    if (!context.session.user.roles.includes("curator")) throw notFound();
  },
  component: ApprovedPage,
});

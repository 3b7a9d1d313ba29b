import { createFileRoute, notFound } from "@tanstack/react-router";
import { ModerationPage } from "@/components/moderation/page";

export const Route = createFileRoute("/_app/moderation")({
  beforeLoad: ({ context }) => {
    if (!context.session.user.roles.includes("administrator")) throw notFound();
  },
  component: ModerationPage,
});

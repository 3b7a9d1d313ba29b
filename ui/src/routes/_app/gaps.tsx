import { createFileRoute, notFound } from "@tanstack/react-router";
import { GapsPage } from "@/components/gaps/page";
import { loadPart } from "@/i18n/parts";

export const Route = createFileRoute("/_app/gaps")({
  beforeLoad: ({ context }) => {
    if (!context.session.user.roles.includes("curator")) throw notFound();
    return loadPart("gaps");
  },
  component: GapsPage,
});

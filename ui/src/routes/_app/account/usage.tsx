import { createFileRoute } from "@tanstack/react-router";
import { OwnUsagePage } from "@/components/administration/usage/page";
import { loadAdministration } from "@/i18n";

export const Route = createFileRoute("/_app/account/usage")({
  loader: loadAdministration,
  component: OwnUsagePage,
});

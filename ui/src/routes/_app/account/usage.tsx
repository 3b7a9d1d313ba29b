import { createFileRoute } from "@tanstack/react-router";
import { OwnUsagePage } from "@/components/administration/usage/page";
import { loadPart } from "@/i18n/parts";

export const Route = createFileRoute("/_app/account/usage")({
  loader: () => loadPart("administration"),
  component: OwnUsagePage,
});

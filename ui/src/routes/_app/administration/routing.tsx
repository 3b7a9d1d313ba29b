import { createFileRoute } from "@tanstack/react-router";
import { RoutingPage } from "@/components/administration/routing/page";
import { administered } from "@/shared/administered";

export const Route = createFileRoute("/_app/administration/routing")({
  ...administered("administrator"),
  component: RoutingPage,
});

import { createFileRoute } from "@tanstack/react-router";
import { HealthPage } from "@/components/administration/health/page";
import { administered } from "@/shared/administered";

export const Route = createFileRoute("/_app/administration/health")({
  ...administered("administrator"),
  component: HealthPage,
});

import { createFileRoute } from "@tanstack/react-router";
import { QuotasPage } from "@/components/administration/quotas/page";
import { administered } from "@/shared/administered";

export const Route = createFileRoute("/_app/administration/quotas")({
  ...administered("administrator"),
  component: QuotasPage,
});

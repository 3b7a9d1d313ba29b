import { createFileRoute } from "@tanstack/react-router";
import { AuditPage } from "@/components/administration/audit/page";
import { administered } from "@/shared/administered";

export const Route = createFileRoute("/_app/administration/audit")({
  ...administered("auditor"),
  component: AuditPage,
});

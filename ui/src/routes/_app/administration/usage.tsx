import { createFileRoute } from "@tanstack/react-router";
import { UsagePage } from "@/components/administration/usage/page";
import { administered } from "@/shared/administered";

export const Route = createFileRoute("/_app/administration/usage")({
  ...administered("administrator"),
  component: UsagePage,
});

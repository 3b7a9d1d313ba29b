import { createFileRoute } from "@tanstack/react-router";
import { ModelsPage } from "@/components/administration/models/page";
import { administered } from "@/shared/administered";

export const Route = createFileRoute("/_app/administration/models")({
  ...administered("administrator"),
  component: ModelsPage,
});

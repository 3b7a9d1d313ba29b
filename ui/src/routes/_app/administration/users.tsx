import { createFileRoute } from "@tanstack/react-router";
import { UsersPage } from "@/components/administration/users/page";
import { administered } from "@/shared/administered";

export const Route = createFileRoute("/_app/administration/users")({
  ...administered("administrator"),
  component: UsersPage,
});

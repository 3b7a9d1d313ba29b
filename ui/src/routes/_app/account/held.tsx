import { createFileRoute } from "@tanstack/react-router";
import { HeldPage } from "@/components/held/page";

export const Route = createFileRoute("/_app/account/held")({ component: HeldPage });

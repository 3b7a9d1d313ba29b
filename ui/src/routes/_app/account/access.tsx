import { createFileRoute } from "@tanstack/react-router";
import { AccessPage } from "@/components/access/page";

export const Route = createFileRoute("/_app/account/access")({ component: AccessPage });

import { createFileRoute } from "@tanstack/react-router";
import { MinePage } from "@/components/compare/mine";

export const Route = createFileRoute("/_app/compare/mine")({ component: MinePage });

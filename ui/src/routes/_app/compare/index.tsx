import { createFileRoute } from "@tanstack/react-router";
import { ComparePage } from "@/components/compare/page";

export const Route = createFileRoute("/_app/compare/")({ component: ComparePage });

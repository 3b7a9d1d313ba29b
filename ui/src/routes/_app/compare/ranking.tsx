import { createFileRoute } from "@tanstack/react-router";
import { RankingPage } from "@/components/compare/ranking";

export const Route = createFileRoute("/_app/compare/ranking")({ component: RankingPage });

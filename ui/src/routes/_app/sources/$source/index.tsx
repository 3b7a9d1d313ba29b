import { createFileRoute } from "@tanstack/react-router";
import { LedgerPage } from "@/components/sources/ledger";
import { sourceParam } from "@/components/sources/param";

export const Route = createFileRoute("/_app/sources/$source/")({
  params: sourceParam,
  component: Ledger,
});

function Ledger() {
  const { source } = Route.useParams();
  return <LedgerPage source={source} />;
}

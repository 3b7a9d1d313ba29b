import { createFileRoute, notFound } from "@tanstack/react-router";
import { LedgerPage } from "@/components/sources/ledger";

export const Route = createFileRoute("/_app/sources/$source")({
  params: {
    parse: ({ source }) => {
      if (!/^[1-9]\d{0,9}$/.test(source)) throw notFound();
      return { source: Number(source) };
    },
    stringify: ({ source }) => ({ source: String(source) }),
  },
  component: Ledger,
});

function Ledger() {
  const { source } = Route.useParams();
  return <LedgerPage source={source} />;
}

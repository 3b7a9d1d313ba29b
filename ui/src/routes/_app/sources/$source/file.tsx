import { createFileRoute, notFound } from "@tanstack/react-router";
import { FilePage } from "@/components/sources/file/page";
import { sourceParam } from "@/components/sources/param";
import { loadPart } from "@/i18n/parts";

/** One document of a source, for its curators; its path is as the ledger shows it. */
export const Route = createFileRoute("/_app/sources/$source/file")({
  params: sourceParam,
  validateSearch: (search: Record<string, unknown>): { path: string } => {
    const { path } = search;
    return { path: typeof path === "string" || typeof path === "number" ? String(path) : "" };
  },
  beforeLoad: async ({ search, context }) => {
    if (search.path === "" || !context.session.user.roles.includes("curator")) throw notFound();
    await loadPart("file");
  },
  component: File,
});

function File() {
  const { source } = Route.useParams();
  const { path } = Route.useSearch();
  return <FilePage key={`${source}/${path}`} source={source} path={path} />;
}

import { createFileRoute } from "@tanstack/react-router";
import { FILTER_NAMES, FIRST_HITS, type Filters, hitsQuery } from "@/api/search/queries";
import { SearchPage } from "@/components/search/page";

const readText = (value: unknown): string | undefined =>
  typeof value === "string" || typeof value === "number" ? String(value) || undefined : undefined;

export const Route = createFileRoute("/_app/search")({
  validateSearch: (search: Record<string, unknown>): Filters & { q?: string | undefined } => ({
    q: readText(search.q),
    ...Object.fromEntries(FILTER_NAMES.map((name) => [name, readText(search[name])])),
  }),
  loaderDeps: ({ search }) => ({
    q: search.q ?? "",
    filters: Object.fromEntries(FILTER_NAMES.map((name) => [name, search[name]])) as Filters,
  }),
  // On their way before the page is drawn, which shows that it waits: the hits, and the face in which they are set, so that
  // they do not move when it comes.
  loader: ({ context, deps, preload }) => {
    // Who points at a link has not searched yet: nothing is asked, and nothing recorded.
    if (!deps.q || preload) return;
    void context.queryClient.prefetchQuery(hitsQuery(deps.q, deps.filters, FIRST_HITS));
    void document.fonts.load("1em Spectral").catch(() => undefined);
  },
  component: Search,
});

function Search() {
  const { q, filters } = Route.useLoaderDeps();
  const navigate = Route.useNavigate();
  return (
    <SearchPage
      query={q}
      filters={filters}
      onSearch={(query, next) =>
        void navigate({
          search: (before) => ({
            document: before.document,
            passage: before.passage,
            q: query || undefined,
            ...next,
          }),
          state: true,
        })
      }
    />
  );
}

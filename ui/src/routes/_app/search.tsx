import { createFileRoute } from "@tanstack/react-router";
import { FILTER_NAMES, type Filters } from "@/api/search/queries";
import { SearchPage } from "@/components/search/page";

const readText = (value: unknown): string | undefined =>
  typeof value === "string" || typeof value === "number" ? String(value) || undefined : undefined;

export const Route = createFileRoute("/_app/search")({
  validateSearch: (search: Record<string, unknown>): Filters & { q?: string | undefined } => ({
    q: readText(search.q),
    ...Object.fromEntries(FILTER_NAMES.map((name) => [name, readText(search[name])])),
  }),
  component: Search,
});

function Search() {
  const { q = "", ...search } = Route.useSearch();
  const filters = Object.fromEntries(FILTER_NAMES.map((name) => [name, search[name]])) as Filters;
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

import { createFileRoute, lazyRouteComponent, Outlet, redirect } from "@tanstack/react-router";
import { Suspense } from "react";
import { sessionQuery } from "@/api/session/queries";
import { Shell } from "@/components/layout/shell";
import { readOpening } from "@/shared/openings";

/** Every page of somebody signed in, with the document that is open beside it. */
export const Route = createFileRoute("/_app")({
  validateSearch: readOpening,
  beforeLoad: async ({ context, location }) => {
    const session = await context.queryClient.ensureQueryData(sessionQuery);
    if (session === null) throw redirect({ to: "/sign-in", search: { next: location.href } });
    return { session };
  },
  component: App,
});

/** Fetched with the first document that is opened; from another version of the page, by loading this one again. */
const DocumentPanel = lazyRouteComponent(() => import("@/components/documents/panel"), "DocumentPanel");

function App() {
  const { document, passage } = Route.useSearch();
  return (
    <Shell
      beside={
        document !== undefined && (
          <Suspense>
            <DocumentPanel document={document} passage={passage} />
          </Suspense>
        )
      }
    >
      <Outlet />
    </Shell>
  );
}

import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { createRouter } from "@tanstack/react-router";
import { Problem } from "./api/problem";
import { sessionKeys } from "./api/session/queries";
import { conversation } from "./components/ask/conversation";
import { Failure } from "./components/states/failure";
import { Missing } from "./components/states/missing";
import { routeTree } from "./routeTree.gen";

/** A session that ended leads to the sign-in page, which leads back here; the conversation waits in memory. */
function sessionExpired(error: unknown): void {
  if (!(error instanceof Problem && error.status === 401)) return;
  const { pathname, href } = router.state.location;
  if (pathname === "/sign-in" || pathname === "/setup") return;
  queryClient.setQueryData(sessionKeys.current, null);
  void router.navigate({ to: "/sign-in", search: { next: href, expired: true } });
}

export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError: sessionExpired }),
  mutationCache: new MutationCache({ onError: sessionExpired }),
  defaultOptions: {
    queries: {
      retry: (count, error) =>
        count < 2 && error instanceof Problem && (error.status === 0 || error.status >= 502),
      refetchOnWindowFocus: false,
    },
  },
});

conversation.onProblem = sessionExpired;

export const router = createRouter({
  routeTree,
  context: { queryClient },
  defaultPreload: "intent",
  defaultErrorComponent: Failure,
  defaultNotFoundComponent: Missing,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}

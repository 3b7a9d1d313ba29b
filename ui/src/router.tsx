import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { createRouter } from "@tanstack/react-router";
import { conversationKeys } from "./api/conversations/queries";
import { Problem } from "./api/problem";
import { sessionKeys } from "./api/session/queries";
import { conversations } from "./components/ask/conversations";
import { Failure } from "./components/states/failure";
import { Missing } from "./components/states/missing";
import { routeTree } from "./routeTree.gen";

/** A session that ended leads to the sign-in page, which leads back here; conversations wait in memory. */
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

conversations.onProblem = sessionExpired;
conversations.onChange = () => void queryClient.invalidateQueries({ queryKey: conversationKeys.lists() });

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

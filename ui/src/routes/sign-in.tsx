import { createFileRoute, redirect } from "@tanstack/react-router";
import { sessionQuery } from "@/api/session/queries";
import { SignInPage } from "@/components/session/sign-in";

/** Only an address of this application: anything else would let a link send somebody elsewhere. */
const readNext = (value: unknown): string | undefined =>
  typeof value === "string" && /^\/(?![/\\])/.test(value) ? value : undefined;

export const Route = createFileRoute("/sign-in")({
  validateSearch: (
    search: Record<string, unknown>,
  ): { next?: string | undefined; expired?: true | undefined } => ({
    next: readNext(search.next),
    expired: search.expired === true ? true : undefined,
  }),
  beforeLoad: async ({ context, search }) => {
    const session = await context.queryClient.ensureQueryData(sessionQuery);
    if (session !== null) throw redirect({ href: search.next ?? "/" });
  },
  component: SignIn,
});

function SignIn() {
  const { next, expired } = Route.useSearch();
  return <SignInPage next={next ?? "/"} expired={expired === true} />;
}

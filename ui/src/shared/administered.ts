import { notFound } from "@tanstack/react-router";
import type { SessionState } from "@/api/types";
import { loadAdministration } from "@/i18n";

type Role = SessionState["user"]["roles"][number];

/** What the pages of a role begin with: nobody else finds them, and their texts come with them. */
export const administered = (role: Role) => ({
  beforeLoad: ({ context }: { context: { session: SessionState } }) => {
    if (!context.session.user.roles.includes(role)) throw notFound();
  },
  loader: loadAdministration,
});

import { notFound } from "@tanstack/react-router";
import type { SessionState } from "@/api/types";
import { loadPart } from "@/i18n/parts";

type Role = SessionState["user"]["roles"][number];

/** What the pages of a role begin with: nobody else finds them, and their texts come with them. */
export const administered = (role: Role) => ({
  beforeLoad: ({ context }: { context: { session: SessionState } }) => {
    if (!context.session.user.roles.includes(role)) throw notFound();
  },
  loader: () => loadPart("administration"),
});

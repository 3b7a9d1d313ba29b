import { createFileRoute, notFound } from "@tanstack/react-router";

/** A conversation that was begun. */
export const Route = createFileRoute("/_app/_ask/c/$conversation")({
  params: {
    parse: ({ conversation }) => {
      const id = Number(conversation);
      if (!Number.isSafeInteger(id) || id <= 0) throw notFound();
      return { conversation: id };
    },
    stringify: ({ conversation }) => ({ conversation: String(conversation) }),
  },
});

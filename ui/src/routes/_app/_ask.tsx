import { createFileRoute, useParams } from "@tanstack/react-router";
import { conversations } from "@/components/ask/conversations";
import { AskPage } from "@/components/ask/page";

/** Both addresses of a conversation, so that getting one moves nothing on the page. */
export const Route = createFileRoute("/_app/_ask")({
  beforeLoad: ({ context }) => conversations.belongTo(context.session.user.login),
  component: Ask,
});

function Ask() {
  const { conversation } = useParams({ strict: false });
  return <AskPage id={conversation ?? null} />;
}

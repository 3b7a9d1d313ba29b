import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { sessionKeys } from "@/api/session/queries";
import type { SessionState } from "@/api/types";
import { conversations } from "../ask/conversations";

/** What follows a sign-in: nothing of somebody else stays in memory, and the page asked for opens. */
export function useWelcome(): (session: SessionState, next: string) => void {
  const queryClient = useQueryClient();
  const router = useRouter();
  return (session, next) => {
    queryClient.clear();
    conversations.belongTo(session.user.login);
    queryClient.setQueryData(sessionKeys.current, session);
    router.history.push(next);
  };
}

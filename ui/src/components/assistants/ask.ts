import { useNavigate } from "@tanstack/react-router";
import { useCallback } from "react";
import { conversations } from "../ask/conversations";

/** Begins a conversation with an assistant by asking it something, and goes there. */
export function useAskAssistant(): (assistant: string, question: string) => void {
  const navigate = useNavigate();
  return useCallback(
    (assistant, question) => {
      conversations.renew();
      const fresh = conversations.of(null);
      fresh.use(assistant);
      void fresh.ask(question);
      void navigate({ to: "/", search: { assistant } });
    },
    [navigate],
  );
}

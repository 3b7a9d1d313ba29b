import { useMutation, useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { Bot, X } from "lucide-react";
import { useTranslation } from "react-i18next";
import { assistantsQuery } from "@/api/assistants/queries";
import { changeConversation } from "@/api/conversations/queries";
import type { AssistantBrief } from "@/api/types";
import { classes } from "@/shared/classes";
import type { Conversation } from "../ask/conversation";
import { conversations, useShown } from "../ask/conversations";
import { Button } from "../ui/button";
import { usePageLanguage } from "./language";

/** What the gallery knows of an assistant; nothing as long as it is not read, or where it is not there. */
export function useAssistant(key: string): AssistantBrief | undefined {
  const { data } = useQuery({ ...assistantsQuery(usePageLanguage()), enabled: key !== "" });
  return key === "" ? undefined : data?.find((one) => one.key === key);
}

/** Which assistant answers, above the box; nothing where none does. It can be taken off. */
export function AssistantChip({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { assistant, id } = useShown(conversation);
  const language = usePageLanguage();
  const { data } = useQuery({ ...assistantsQuery(language), enabled: assistant !== "" });
  const leave = useMutation({
    mutationFn: (number: number) => changeConversation(number, { assistant: "" }),
    onSuccess: (about) => conversations.know(about),
  });
  if (assistant === "") return null;
  const found = data?.find(({ key }) => key === assistant);
  const gone = data !== undefined && found === undefined;
  const remove = () => {
    if (id !== null) leave.mutate(id);
    else void navigate({ to: "/", search: {} });
  };
  return (
    <div
      className={classes(
        "flex items-center gap-2 border-b px-4 py-1.5 text-sm",
        gone ? "text-warning" : "text-ink-soft",
      )}
    >
      <Bot aria-hidden="true" className="size-4 shrink-0 text-accent" />
      <p className="min-w-0 flex-1 truncate" role="status">
        {gone ? (
          t("assistants.gone")
        ) : (
          <>
            <span className="sr-only">{t("assistants.answers")} </span>
            <Link
              to="/assistants/$key"
              params={{ key: assistant }}
              className="rounded font-medium text-ink underline-offset-4 hover:underline"
            >
              {found?.name ?? "…"}
            </Link>
          </>
        )}
      </p>
      <Button
        look="quiet"
        size="iconSmall"
        aria-label={t("assistants.takeOff")}
        title={t("assistants.takeOff")}
        disabled={leave.isPending}
        onClick={remove}
      >
        <X aria-hidden="true" />
      </Button>
    </div>
  );
}

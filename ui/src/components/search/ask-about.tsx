import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { MessageSquareText } from "lucide-react";
import { useTranslation } from "react-i18next";
import { beginConversation, conversationKeys } from "@/api/conversations/queries";
import { problemKind } from "@/api/problem";
import { Button } from "../ui/button";

interface Props {
  documents: readonly number[];
  label: string;
  look?: "primary" | "outline";
}

/** Begins a conversation in which these documents are searched and no others. */
export function AskAbout({ documents, label, look = "outline" }: Props) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const cache = useQueryClient();
  const begin = useMutation({
    mutationFn: () => beginConversation("", documents),
    onSuccess: ({ id }) => {
      void cache.invalidateQueries({ queryKey: conversationKeys.lists() });
      return navigate({ to: "/c/$conversation", params: { conversation: id } });
    },
  });
  return (
    <>
      {begin.isError && (
        <p role="alert" className="text-sm text-danger">
          {t(`problems.${problemKind(begin.error)}.title`)}
        </p>
      )}
      <Button look={look} size="small" disabled={begin.isPending} onClick={() => begin.mutate()}>
        <MessageSquareText aria-hidden="true" />
        {label}
      </Button>
    </>
  );
}

import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Files, X } from "lucide-react";
import { useTranslation } from "react-i18next";
import { changeConversation, takeDocumentOff } from "@/api/conversations/queries";
import { problemKind } from "@/api/problem";
import { classes } from "@/shared/classes";
import { titleOf } from "../documents/place";
import { Button, buttonClasses } from "../ui/button";
import type { Conversation } from "./conversation";
import { useShown } from "./conversations";

interface Props {
  conversation: Conversation;
  className?: string;
  /** Once one is taken off: its button is gone, and the keyboard goes on elsewhere. */
  onTakenOff?: () => void;
}

/** What a conversation is about, where that is not everything; its owner takes documents off. */
export function About({ conversation, className, onTakenOff }: Props) {
  const { t } = useTranslation();
  const { documents, about, id } = useShown(conversation);
  // Only the one that is taken off is named: others may not be readable, and so not shown, just now.
  const change = useMutation({
    mutationFn: async ({ number, off }: { number: number; off: number | null }) => {
      if (off === null) await changeConversation(number, { documents: [] });
      else await takeDocumentOff(number, off);
    },
    onSuccess: (_, { off }) => {
      conversation.narrow(off === null ? [] : (documents ?? []).filter((document) => document.id !== off));
      onTakenOff?.();
    },
  });
  if (documents === null || id === null) return null;
  const own = about?.own === true;
  const takeOff = (off: number | null) => change.mutate({ number: id, off });
  return (
    <section aria-label={t("about.label")} className={classes("px-3 py-2 text-sm", className)}>
      <div className="flex items-center gap-2 pl-1 text-ink-soft">
        <Files aria-hidden="true" className="size-4 shrink-0 text-accent" />
        <p role="status" className="min-w-0 flex-1">
          {t(documents.length > 0 ? "about.only" : "about.none", { count: documents.length })}
        </p>
        {own && (
          <Button look="quiet" size="small" disabled={change.isPending} onClick={() => takeOff(null)}>
            {t("about.all")}
          </Button>
        )}
      </div>
      {documents.length > 0 && (
        <ul className="mt-1 flex max-h-[4.75rem] flex-wrap gap-1.5 overflow-y-auto sm:max-h-32">
          {documents.map((document) => (
            <li
              key={document.id}
              className="flex max-w-full items-center rounded-lg border bg-paper pl-2.5 has-[button]:pr-0.5 not-has-[button]:pr-2.5"
            >
              <Link
                to="."
                search={(before) => ({ ...before, document: document.id, passage: undefined })}
                className="max-w-56 truncate rounded py-1 underline-offset-4 hover:underline"
              >
                {titleOf(document)}
              </Link>
              {own && documents.length > 1 && (
                <button
                  type="button"
                  aria-label={t("about.takeOff", { name: titleOf(document) })}
                  disabled={change.isPending}
                  onClick={() => takeOff(document.id)}
                  className={classes(buttonClasses({ look: "quiet" }), "size-7 px-0")}
                >
                  <X aria-hidden="true" />
                </button>
              )}
            </li>
          ))}
        </ul>
      )}
      {change.isError && (
        <p role="alert" className="mt-1 text-danger">
          {t(`problems.${problemKind(change.error)}.title`)}
        </p>
      )}
    </section>
  );
}

import { Pencil } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../ui/button";
import { Branches } from "./branches";
import type { Conversation } from "./conversation";
import type { Exchange } from "./exchanges";

interface Props {
  exchange: Exchange;
  conversation: Conversation;
  free: boolean;
}

export const LONGEST_QUESTION = 10_000;

/** What was asked; asked otherwise in its place, it begins another branch. */
export function Question({ exchange, conversation, free }: Props) {
  const { t } = useTranslation();
  const [editing, setEditing] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const close = () => {
    setEditing(false);
    requestAnimationFrame(() => opener.current?.focus());
  };
  const id = `question-${exchange.id}`;
  if (editing && free) {
    return (
      <>
        <h2 id={id} className="sr-only">
          {exchange.question}
        </h2>
        <Editor
          question={exchange.question}
          onClose={close}
          onSend={(question) => {
            setEditing(false);
            void conversation.edit(exchange.id, question);
          }}
        />
      </>
    );
  }
  // What a form made has a first line that says what is wanted, and then what it is made from.
  const [first = "", ...rest] = exchange.question.split("\n");
  const more = rest.join("\n").trim();
  return (
    <div className="group flex items-start gap-2">
      <h2
        id={id}
        className="min-w-0 flex-1 text-[1.375rem] leading-snug font-semibold tracking-[-0.01em] break-words whitespace-pre-line"
      >
        {first}
        {more !== "" && (
          <span className="mt-1.5 block text-[0.9375rem] leading-relaxed font-normal tracking-normal text-ink-soft">
            {more}
          </span>
        )}
      </h2>
      <div className="flex shrink-0 items-center">
        <Branches
          turns={exchange.questions}
          shown={exchange.questionTurn}
          of="question"
          conversation={conversation}
          free={free}
        />
        {free && exchange.questionTurn !== null && (
          <Button
            ref={opener}
            look="quiet"
            size="iconSmall"
            className="text-ink-faint"
            aria-label={t("ask.edit")}
            title={t("ask.edit")}
            onClick={() => setEditing(true)}
          >
            <Pencil aria-hidden="true" />
          </Button>
        )}
      </div>
    </div>
  );
}

interface EditorProps {
  question: string;
  onClose: () => void;
  onSend: (question: string) => void;
}

function Editor({ question, onClose, onSend }: EditorProps) {
  const { t } = useTranslation();
  const [text, setText] = useState(question);
  const box = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    box.current?.focus();
    box.current?.setSelectionRange(question.length, question.length);
  }, [question]);
  const said = text.trim();
  const send = () => {
    if (said === question.trim()) onClose();
    else if (said !== "") onSend(said);
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
      className="rounded-2xl border border-line-strong/70 bg-surface p-2.5 shadow-lift focus-within:border-accent"
    >
      <textarea
        ref={box}
        value={text}
        rows={1}
        maxLength={LONGEST_QUESTION}
        aria-label={t("ask.editLabel")}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing) return;
          if (event.key === "Escape") {
            event.preventDefault();
            onClose();
          } else if (event.key === "Enter" && !event.shiftKey) {
            event.preventDefault();
            send();
          }
        }}
        className="field-sizing-content block max-h-[40vh] min-h-10 w-full resize-none rounded-lg bg-transparent px-1.5 py-1 text-[1.0625rem] leading-relaxed outline-none"
      />
      <div className="mt-2 flex flex-wrap items-center justify-end gap-2">
        <p className="mr-auto px-1.5 text-sm text-ink-faint">{t("ask.editHint")}</p>
        <Button look="quiet" size="small" onClick={onClose}>
          {t("actions.cancel")}
        </Button>
        <Button type="submit" look="primary" size="small" disabled={said === ""}>
          {t("ask.send")}
        </Button>
      </div>
    </form>
  );
}

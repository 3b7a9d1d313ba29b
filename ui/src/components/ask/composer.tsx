import { useQuery } from "@tanstack/react-query";
import { ArrowUp, Paperclip, Square } from "lucide-react";
import { type RefObject, useCallback, useEffect, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { filtersQuery } from "@/api/search/queries";
import { classes } from "@/shared/classes";
import { readDraft, writeDraft } from "@/shared/drafts";
import { AssistantChip, useAssistant } from "../assistants/chip";
import { Button } from "../ui/button";
import { About } from "./about";
import type { Conversation } from "./conversation";
import { NEW, useShown } from "./conversations";
import { FileTray, type Uploads } from "./files";
import { LONGEST_QUESTION } from "./question";

interface Props {
  conversation: Conversation;
  /** Its number, once it has one. */
  id: number | null;
  box: RefObject<HTMLTextAreaElement | null>;
  asking: boolean;
  first: boolean;
  uploads: Uploads;
  onFiles: (files: File[]) => void;
}

export function Composer({ conversation, id, box, asking, first, uploads, onFiles }: Props) {
  const { t } = useTranslation();
  const boxId = useId();
  const [text, setText] = useDraft(conversation, id);
  const [source, setSource] = useState("");
  const picker = useRef<HTMLInputElement>(null);
  // Its first question moves the box down the page, and the person goes on typing in it.
  const fresh = useRef(first || asking);
  const { data: filters } = useQuery(filtersQuery);
  const { assistant } = useShown(conversation);
  // One that writes searches nothing.
  const searches = useAssistant(assistant)?.kind !== "writing";
  const sources = searches ? (filters?.sources ?? []) : [];
  const focusBox = useCallback(() => {
    // A phone would open its keyboard over the page.
    if (matchMedia("(pointer: fine)").matches) box.current?.focus();
  }, [box]);
  useEffect(() => {
    if (fresh.current) focusBox();
  }, [focusBox]);
  const send = () => {
    const question = text.trim();
    if (question === "" || asking) return;
    setText("");
    void conversation.ask(question, source && searches ? { source } : {});
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
      className="rounded-2xl border border-line-strong/70 bg-surface shadow-lift transition-colors focus-within:border-accent has-[textarea:focus-visible]:outline-2 has-[textarea:focus-visible]:outline-accent"
    >
      <AssistantChip conversation={conversation} />
      {searches && <About conversation={conversation} className="border-b" onTakenOff={focusBox} />}
      <FileTray
        conversation={id}
        uploads={uploads.of(conversation)}
        onForget={uploads.forget}
        onAgain={(upload) => {
          uploads.forget(upload);
          onFiles([upload.file]);
        }}
      />
      {/* On a phone a follow-up leaves the room to the answer: one line, the scope staying as it was. */}
      <div className={classes(!first && "max-sm:flex max-sm:items-end")}>
        <label htmlFor={boxId} className="sr-only">
          {t("ask.label")}
        </label>
        <textarea
          id={boxId}
          ref={box}
          value={text}
          rows={1}
          maxLength={LONGEST_QUESTION}
          enterKeyHint="send"
          placeholder={t(first ? "ask.placeholder" : "ask.followUp")}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter" && !event.shiftKey && !event.nativeEvent.isComposing) {
              event.preventDefault();
              send();
            }
          }}
          onPaste={(event) => {
            const pasted = [...event.clipboardData.files];
            if (pasted.length === 0 || event.clipboardData.types.includes("text/plain")) return;
            event.preventDefault();
            onFiles(pasted);
          }}
          className={classes(
            "field-sizing-content block max-h-[30vh] min-h-14 w-full resize-none bg-transparent px-4 pt-4 pb-1",
            "text-[1.0625rem] leading-relaxed outline-none placeholder:text-ink-faint",
            !first && "max-sm:min-w-0 max-sm:flex-1 max-sm:pt-3.5 max-sm:pr-1 max-sm:pb-3.5 max-sm:pl-3.5",
          )}
        />
        <div
          className={classes("flex items-center gap-2 px-2.5 pb-2.5", !first && "max-sm:gap-0.5 max-sm:pl-0")}
        >
          <input
            ref={picker}
            type="file"
            multiple
            hidden
            tabIndex={-1}
            onChange={(event) => {
              const files = [...(event.target.files ?? [])];
              event.target.value = "";
              if (files.length > 0) onFiles(files);
            }}
          />
          <Button
            look="quiet"
            size="icon"
            className="rounded-xl"
            aria-label={t("files.choose")}
            title={t("files.choose")}
            onClick={() => picker.current?.click()}
          >
            <Paperclip aria-hidden="true" />
          </Button>
          {sources.length > 1 ? (
            <select
              value={source}
              aria-label={t("ask.scope")}
              onChange={(event) => setSource(event.target.value)}
              className={classes(
                "h-8 max-w-[60%] truncate rounded-lg bg-transparent px-1.5 text-sm text-ink-soft hover:bg-sunken",
                !first && "max-sm:hidden",
              )}
            >
              <option value="">{t("ask.everySource")}</option>
              {sources.map((name) => (
                <option key={name}>{name}</option>
              ))}
            </select>
          ) : (
            <span className="px-1.5 text-sm text-ink-faint max-sm:hidden">{t("ask.hint")}</span>
          )}
          <span className="ml-auto" />
          {asking ? (
            <Button
              look="outline"
              size="icon"
              className="rounded-xl"
              aria-label={t("ask.stop")}
              title={t("ask.stop")}
              onClick={() => void conversation.stop()}
            >
              <Square aria-hidden="true" fill="currentColor" />
            </Button>
          ) : (
            <Button
              type="submit"
              look="primary"
              size="icon"
              className="rounded-xl"
              aria-label={t("ask.send")}
              disabled={text.trim() === ""}
            >
              <ArrowUp aria-hidden="true" />
            </Button>
          )}
        </div>
      </div>
    </form>
  );
}

/** What is being typed in a conversation; it survives a reload, and a look at another conversation. */
function useDraft(conversation: Conversation, id: number | null): [string, (text: string) => void] {
  const name = id === null ? NEW : String(id);
  const [draft, setDraft] = useState(() => ({ conversation, text: readDraft(name) }));
  if (draft.conversation !== conversation) setDraft({ conversation, text: readDraft(name) });
  const { text } = draft;
  const own = draft.conversation === conversation;
  // A conversation that gets its number takes its draft along.
  useEffect(() => {
    if (own) writeDraft(name, text);
  }, [own, name, text]);
  const type = (typed: string) => {
    // At once: the box may move before any effect of this.
    writeDraft(name, typed);
    setDraft({ conversation, text: typed });
  };
  return [text, type];
}

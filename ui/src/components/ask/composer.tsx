import { useQuery } from "@tanstack/react-query";
import { ArrowUp, Square } from "lucide-react";
import { type RefObject, useEffect, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { filtersQuery } from "@/api/search/queries";
import { classes } from "@/shared/classes";
import { Button } from "../ui/button";
import { conversation } from "./conversation";

interface Props {
  box: RefObject<HTMLTextAreaElement | null>;
  asking: boolean;
  first: boolean;
}

const LONGEST_QUESTION = 2_000;

export function Composer({ box, asking, first }: Props) {
  const { t } = useTranslation();
  const id = useId();
  const [text, setText] = useState("");
  const [source, setSource] = useState("");
  const { data: filters } = useQuery(filtersQuery);
  const sources = filters?.sources ?? [];
  useEffect(() => {
    // A phone would open its keyboard over the page.
    if (first && matchMedia("(pointer: fine)").matches) box.current?.focus();
  }, [box, first]);
  const send = () => {
    const question = text.trim();
    if (question === "" || asking) return;
    setText("");
    void conversation.ask(question, source ? { source } : {});
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
      className={classes(
        "rounded-2xl border border-line-strong/70 bg-surface shadow-lift transition-colors focus-within:border-accent has-[textarea:focus-visible]:outline-2 has-[textarea:focus-visible]:outline-accent",
        // On a phone a follow-up leaves the room to the answer: one line, the scope staying as it was.
        !first && "max-sm:flex max-sm:items-end",
      )}
    >
      <label htmlFor={id} className="sr-only">
        {t("ask.label")}
      </label>
      <textarea
        id={id}
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
        className={classes(
          "field-sizing-content block max-h-[30vh] min-h-14 w-full resize-none bg-transparent px-4 pt-4 pb-1",
          "text-[1.0625rem] leading-relaxed outline-none placeholder:text-ink-faint",
          !first && "max-sm:min-w-0 max-sm:flex-1 max-sm:pt-3.5 max-sm:pb-3.5",
        )}
      />
      <div className={classes("flex items-center gap-2 px-2.5 pb-2.5", !first && "max-sm:pl-0")}>
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
            onClick={() => conversation.stop()}
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
    </form>
  );
}

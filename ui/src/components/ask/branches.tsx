import { useMutation } from "@tanstack/react-query";
import { ChevronLeft, ChevronRight } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Button } from "../ui/button";
import type { Conversation } from "./conversation";

interface Props {
  /** What stands in this place, the earliest first. */
  turns: number[];
  shown: number | null;
  of: "question" | "answer";
  conversation: Conversation;
  free: boolean;
}

/** "2 / 3": goes to what was asked, or answered, before in this place. */
export function Branches({ turns, shown, of, conversation, free }: Props) {
  const { t } = useTranslation();
  const go = useMutation({ mutationFn: (turn: number) => conversation.show(turn) });
  const place = shown === null ? -1 : turns.indexOf(shown);
  if (turns.length < 2 || place < 0) return null;
  const step = (by: 1 | -1) => {
    const turn = turns[place + by];
    if (turn !== undefined) go.mutate(turn);
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for what a form sends.
    <div role="group" aria-label={t(`branches.${of}`)} className="flex items-center text-ink-soft">
      <Button
        look="quiet"
        size="iconSmall"
        aria-label={t("branches.previous")}
        disabled={!free || place === 0 || go.isPending}
        onClick={() => step(-1)}
        className="disabled:opacity-40"
      >
        <ChevronLeft aria-hidden="true" />
      </Button>
      <p aria-live="polite" className="text-sm whitespace-nowrap tabular-nums">
        <span aria-hidden="true">
          {place + 1} / {turns.length}
        </span>
        <span className="sr-only">{t("branches.place", { place: place + 1, count: turns.length })}</span>
        {go.isError && <span className="text-danger"> {t("branches.failed")}</span>}
      </p>
      <Button
        look="quiet"
        size="iconSmall"
        aria-label={t("branches.next")}
        disabled={!free || place === turns.length - 1 || go.isPending}
        onClick={() => step(1)}
        className="disabled:opacity-40"
      >
        <ChevronRight aria-hidden="true" />
      </Button>
    </div>
  );
}

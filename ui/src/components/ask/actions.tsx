import { Check, Copy, RotateCw, ShieldCheck } from "lucide-react";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { ClassificationBadge } from "../documents/classification";
import { Button } from "../ui/button";
import { Branches } from "./branches";
import type { Conversation } from "./conversation";
import type { Exchange } from "./exchanges";
import { paragraphs } from "./paragraphs";
import { Support } from "./support";

interface Props {
  exchange: Exchange;
  conversation: Conversation;
  newest: boolean;
  free: boolean;
}

/** What can be done with an answer that is there. */
export function Actions({ exchange, conversation, free }: Props) {
  const { t } = useTranslation();
  const support = useId();
  const [shown, setShown] = useState(false);
  const { outcome, sentences, citations } = exchange;
  const highest = outcome?.classification;
  const helper = outcome?.helped_by;
  const written = sentences.some((sentence) => sentence.support !== null);
  return (
    <>
      <div className="mt-5 flex flex-wrap items-center gap-x-4 gap-y-2">
        {highest && (
          <p className="flex items-center gap-2 text-sm text-ink-soft">
            {t("ask.answerClass")} <ClassificationBadge value={highest} />
          </p>
        )}
        {helper && <p className="text-sm text-ink-soft">{t("ask.helpedBy", { model: helper })}</p>}
        <div className="ml-auto flex flex-wrap items-center gap-1">
          <Branches
            turns={exchange.answers}
            shown={exchange.answerTurn}
            of="answer"
            conversation={conversation}
            free={free}
          />
          {written && (
            <Button
              look="quiet"
              size="small"
              aria-expanded={shown}
              aria-controls={support}
              onClick={() => setShown(!shown)}
            >
              <ShieldCheck aria-hidden="true" />
              {t("support.show")}
            </Button>
          )}
          {citations.length > 0 && <CopyAnswer exchange={exchange} />}
          {free && (
            <Button
              look="quiet"
              size="small"
              title={t("ask.regenerateHint")}
              onClick={() => void conversation.regenerate(exchange.id)}
            >
              <RotateCw aria-hidden="true" />
              {t("ask.regenerate")}
            </Button>
          )}
        </div>
      </div>
      <div id={support}>{shown && written && <Support exchange={exchange} />}</div>
    </>
  );
}

function CopyAnswer({ exchange }: { exchange: Exchange }) {
  const { t } = useTranslation();
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    const sources = exchange.citations.map(
      ({ number, document, page }) =>
        `[${number}] ${document.title || document.path}${page === null ? "" : `, p. ${page}`}`,
    );
    const words = paragraphs(exchange.sentences).map(
      (paragraph) =>
        paragraph.sentences.map((sentence) => sentence.text).join(" ") +
        paragraph.citations.map((number) => ` [${number}]`).join(""),
    );
    await navigator.clipboard.writeText([...words, "", ...sources].join("\n"));
    setCopied(true);
    setTimeout(() => setCopied(false), 2_000);
  };
  return (
    <Button look="quiet" size="small" aria-label={t("ask.copy")} onClick={() => void copy()}>
      {copied ? <Check aria-hidden="true" /> : <Copy aria-hidden="true" />}
      <span aria-live="polite">{t(copied ? "actions.copied" : "actions.copy")}</span>
    </Button>
  );
}

import { Check, Copy, Download, RotateCw, Share2, ShieldCheck } from "lucide-react";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { ClassificationBadge } from "../documents/classification";
import { Button } from "../ui/button";
import { AnotherModel } from "./again";
import { Branches } from "./branches";
import type { Conversation } from "./conversation";
import { useShown } from "./conversations";
import type { Exchange } from "./exchanges";
import { ExportDialog } from "./export";
import { joined, paragraphs } from "./paragraphs";
import { ShareDialog } from "./share";
import { Support } from "./support";
import { Thumbs } from "./thumbs";

interface Props {
  exchange: Exchange;
  conversation: Conversation;
  newest: boolean;
  free: boolean;
}

/** What can be done with an answer that is there. */
export function Actions({ exchange, conversation, newest, free }: Props) {
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
        <div className="ml-auto flex flex-wrap items-center sm:gap-1">
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
              className="max-sm:px-1.5"
              aria-expanded={shown}
              aria-controls={support}
              onClick={() => setShown(!shown)}
            >
              <ShieldCheck aria-hidden="true" />
              {t("support.show")}
            </Button>
          )}
          {(citations.length > 0 || outcome?.model) && <CopyAnswer exchange={exchange} />}
          {outcome && <Thumbs exchange={exchange} conversation={conversation} />}
          {free && (
            <Button
              look="quiet"
              size="iconSmall"
              aria-label={t("ask.regenerate")}
              title={t("ask.regenerateHint")}
              onClick={() => void conversation.regenerate(exchange.id)}
            >
              <RotateCw aria-hidden="true" />
            </Button>
          )}
          {free && <AnotherModel exchange={exchange} conversation={conversation} />}
          {newest && <Whole conversation={conversation} />}
        </div>
      </div>
      <div id={support}>{shown && written && <Support exchange={exchange} />}</div>
    </>
  );
}

/** What concerns the whole conversation, at hand where one has read to its end. */
function Whole({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation();
  const { about } = useShown(conversation);
  const [open, setOpen] = useState<"share" | "export" | null>(null);
  const close = () => setOpen(null);
  if (about === null) return null;
  return (
    <>
      {about.own && (
        <Button
          look="quiet"
          size="iconSmall"
          aria-label={t("share.title")}
          title={t("share.title")}
          onClick={() => setOpen("share")}
        >
          <Share2 aria-hidden="true" />
        </Button>
      )}
      <Button
        look="quiet"
        size="iconSmall"
        aria-label={t("export.title")}
        title={t("export.title")}
        onClick={() => setOpen("export")}
      >
        <Download aria-hidden="true" />
      </Button>
      {open === "share" && <ShareDialog id={about.id} onClose={close} />}
      {open === "export" && <ExportDialog id={about.id} onClose={close} />}
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
        joined(paragraph.sentences) + paragraph.citations.map((number) => ` [${number}]`).join(""),
    );
    const lines = sources.length > 0 ? [...words, "", ...sources] : words;
    await navigator.clipboard.writeText(lines.join("\n"));
    setCopied(true);
    setTimeout(() => setCopied(false), 2_000);
  };
  return (
    <>
      <Button
        look="quiet"
        size="iconSmall"
        aria-label={t("ask.copy")}
        title={t("ask.copy")}
        onClick={() => void copy()}
      >
        {copied ? <Check aria-hidden="true" className="text-accent" /> : <Copy aria-hidden="true" />}
      </Button>
      <span aria-live="polite" className="sr-only">
        {copied && t("actions.copied")}
      </span>
    </>
  );
}

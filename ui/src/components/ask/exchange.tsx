import { Check, Copy, RotateCw } from "lucide-react";
import { type ReactNode, type Ref, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Citation, Outcome, Sentence } from "@/api/answers/events";
import { classes } from "@/shared/classes";
import { ClassificationBadge } from "../documents/classification";
import { Notice } from "../states/notice";
import { ProblemNotice } from "../states/problem";
import { Button } from "../ui/button";
import { conversation, type Exchange } from "./conversation";
import { NotFound } from "./not-found";
import { type Paragraph, paragraphs } from "./paragraphs";
import { CitationLink, SourceList } from "./sources";

interface Props {
  exchange: Exchange;
  newest: boolean;
  ref: Ref<HTMLElement> | null;
}

/** One question and its answer. */
export function ExchangeView({ exchange, newest, ref }: Props) {
  const { state, outcome } = exchange;
  const found = outcome?.answerable !== false;
  return (
    <article
      ref={ref}
      aria-labelledby={`question-${exchange.id}`}
      className={classes(
        "scroll-mt-2 border-t py-8 first-of-type:border-t-0 first-of-type:pt-2",
        newest && "min-h-[55vh]",
      )}
    >
      <h2
        id={`question-${exchange.id}`}
        className="text-[1.375rem] leading-snug font-semibold tracking-[-0.01em] break-words whitespace-pre-line"
      >
        {exchange.question}
      </h2>
      <div className="mt-4">
        <Status exchange={exchange} />
        {found ? <Answer exchange={exchange} /> : <NotFound exchange={exchange} />}
        {state === "failed" && (
          <div className="mt-4">
            <ProblemNotice
              error={exchange.problem}
              {...(newest && { onRetry: () => void conversation.retry() })}
            />
          </div>
        )}
        {state === "stopped" && <Stopped newest={newest} />}
      </div>
    </article>
  );
}

/** What a screen reader hears of the progress; the words themselves are read from the answer's own region. */
function Status({ exchange }: { exchange: Exchange }) {
  const { t } = useTranslation();
  const { state, sentences, outcome } = exchange;
  const waiting = state === "asking" && sentences.length === 0;
  return (
    <p
      role="status"
      className={waiting ? "flex animate-breathe items-center gap-2.5 text-ink-soft" : "sr-only"}
    >
      {waiting && <span aria-hidden="true" className="size-2 rounded-full bg-accent" />}
      {state === "asking" && t("ask.searching")}
      {state === "done" && outcome?.answerable && t("ask.complete", { count: exchange.citations.length })}
    </p>
  );
}

function Answer({ exchange }: { exchange: Exchange }) {
  const { sentences, citations, state, outcome } = exchange;
  const cited = new Map(citations.map((citation) => [citation.number, citation]));
  return (
    <>
      <div
        aria-live="polite"
        aria-busy={state === "asking"}
        lang={outcome?.language === "simple" ? undefined : outcome?.language}
        className="space-y-4 font-serif text-[1.1875rem] leading-[1.65]"
      >
        {paragraphs(sentences).map((paragraph) => (
          <Words key={paragraph.at} paragraph={paragraph} cited={cited} question={exchange.question} />
        ))}
      </div>
      {outcome && <Remarks outcome={outcome} />}
      {citations.length > 0 && state !== "asking" && (
        <>
          <SourceList exchange={exchange} />
          <Actions exchange={exchange} />
        </>
      )}
    </>
  );
}

interface WordsProps {
  paragraph: Paragraph;
  cited: Map<number, Citation>;
  question: string;
}

/** A paragraph; its first citation stays on the line of its last word. */
function Words({ paragraph, cited, question }: WordsProps) {
  const links = paragraph.citations.flatMap((number) => {
    const citation = cited.get(number);
    return citation ? [<CitationLink key={number} citation={citation} question={question} />] : [];
  });
  return (
    <p className="animate-rise break-words">
      {paragraph.sentences.map((sentence, place) => {
        const last = place === paragraph.sentences.length - 1;
        const [, start = "", end = ""] = /^([\s\S]*?)(\S*)$/.exec(sentence.text.trimEnd()) ?? [];
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: sentences are only ever added at the end.
          <span key={place} className="animate-rise whitespace-pre-line">
            {place > 0 && " "}
            <Claim sentence={sentence}>
              {last ? start : sentence.text}
              {last && (
                <span className={end.length < 20 ? "whitespace-nowrap" : ""}>
                  {end}
                  {links[0]}
                </span>
              )}
            </Claim>
          </span>
        );
      })}
      {links.slice(1)}
    </p>
  );
}

/** What a model says, marked where the passages that it cites do not bear it out; the reason is its tooltip. */
function Claim({ sentence, children }: { sentence: Sentence; children: ReactNode }) {
  const { t } = useTranslation();
  if (sentence.support !== "unsupported") return children;
  return (
    <mark
      title={sentence.reason}
      className="bg-transparent text-inherit underline decoration-warning decoration-wavy decoration-1 underline-offset-4"
    >
      {children}
      <span className="sr-only"> {t("ask.unsupported", { reason: sentence.reason })}</span>
    </mark>
  );
}

/** Who wrote the answer, and what its reader is to know of that. */
function Remarks({ outcome }: { outcome: Outcome }) {
  const { t } = useTranslation();
  const { warning, stopped, fallback, problem, model, approved } = outcome;
  return (
    <>
      {warning && <p className="mt-4 text-sm text-warning">{t("ask.warning")}</p>}
      {stopped && <p className="mt-4 text-sm text-ink-soft">{t(`ask.endsEarly.${stopped}`)}</p>}
      {fallback && fallback !== "no_model" && (
        <p className="mt-4 text-sm text-ink-soft">
          {t(`ask.quoted.${fallback}`)} {problem}
        </p>
      )}
      {approved && (
        <p className="mt-4 text-sm text-ink-soft">
          {t("ask.approved")} {approved.sources}
        </p>
      )}
      {model && <p className="mt-4 text-sm text-ink-soft">{t("ask.writtenBy", { model })}</p>}
    </>
  );
}

function Actions({ exchange }: { exchange: Exchange }) {
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
  const highest = exchange.outcome?.classification;
  const helper = exchange.outcome?.helped_by;
  return (
    <div className="mt-5 flex flex-wrap items-center gap-x-4 gap-y-2">
      {highest && (
        <p className="flex items-center gap-2 text-sm text-ink-soft">
          {t("ask.answerClass")} <ClassificationBadge value={highest} />
        </p>
      )}
      {helper && <p className="text-sm text-ink-soft">{t("ask.helpedBy", { model: helper })}</p>}
      <Button look="quiet" size="small" className="ml-auto" onClick={() => void copy()}>
        {copied ? <Check aria-hidden="true" /> : <Copy aria-hidden="true" />}
        <span aria-live="polite">{t(copied ? "actions.copied" : "ask.copy")}</span>
      </Button>
    </div>
  );
}

function Stopped({ newest }: { newest: boolean }) {
  const { t } = useTranslation();
  return (
    <div className="mt-4">
      <Notice
        title={t("ask.stopped")}
        actions={
          newest && (
            <Button size="small" onClick={() => void conversation.retry()}>
              <RotateCw aria-hidden="true" />
              {t("ask.askAgain")}
            </Button>
          )
        }
      />
    </div>
  );
}

import type { ReactNode, Ref } from "react";
import { useTranslation } from "react-i18next";
import type { Citation, Outcome, Sentence } from "@/api/answers/events";
import type { DocumentBrief } from "@/api/types";
import { classes } from "@/shared/classes";
import { HeldNotice, HeldState } from "../held/notice";
import { QuotaTold } from "../quotas/told";
import { Actions } from "./actions";
import type { Conversation } from "./conversation";
import { type Exchange, isUnwritten, isWritten } from "./exchanges";
import { AccessLink, NotFound } from "./not-found";
import { type Paragraph, paragraphs } from "./paragraphs";
import { Question } from "./question";
import { ReportGap } from "./report";
import { CitationLink, SourceList } from "./sources";
import { Failed, Stopped } from "./unfinished";
import { Unwritten } from "./unwritten";

interface Props {
  exchange: Exchange;
  conversation: Conversation;
  newest: boolean;
  /** Whether its reader may change it: it is theirs, and nothing is being written. */
  free: boolean;
  ref: Ref<HTMLElement> | null;
}

/** One question and its answer. */
export function ExchangeView({ exchange, conversation, newest, free, ref }: Props) {
  const { state, outcome } = exchange;
  const unwritten = isUnwritten(exchange);
  const found =
    outcome?.answerable !== false || outcome.fallback === "access" || outcome.fallback === "check";
  return (
    <article
      ref={ref}
      aria-labelledby={`question-${exchange.id}`}
      className={classes(
        "scroll-mt-12 border-t py-8 first-of-type:border-t-0 first-of-type:pt-2",
        newest && "min-h-[55vh]",
      )}
    >
      <Question exchange={exchange} conversation={conversation} free={free} />
      <div className="mt-4">
        <Status exchange={exchange} />
        {unwritten ? (
          <Unwritten exchange={exchange} />
        ) : found ? (
          <Answer exchange={exchange} />
        ) : (
          <NotFound exchange={exchange} conversation={conversation} />
        )}
        {outcome && outcome.left_out.length > 0 && <LeftOut documents={outcome.left_out} />}
        {state === "failed" && (
          <Failed exchange={exchange} conversation={conversation} again={free && newest} />
        )}
        {state === "stopped" && (
          <Stopped exchange={exchange} conversation={conversation} again={free && newest} />
        )}
        {!isWritten(exchange) && exchange.answerTurn !== null && (
          <>
            <Actions exchange={exchange} conversation={conversation} newest={newest} free={free} />
            <ReportGap exchange={exchange} conversation={conversation} />
          </>
        )}
      </div>
    </article>
  );
}

/** What a screen reader hears of the progress; the words themselves are read from the answer's own region. */
function Status({ exchange }: { exchange: Exchange }) {
  const { t } = useTranslation();
  const { state, sentences, outcome } = exchange;
  const waiting = isWritten(exchange) && sentences.length === 0;
  return (
    <p
      role="status"
      className={waiting ? "flex animate-breathe items-center gap-2.5 text-ink-soft" : "sr-only"}
    >
      {waiting && <span aria-hidden="true" className="size-2 rounded-full bg-accent" />}
      {state === "asking" && t("ask.searching")}
      {state === "following" && t("ask.following")}
      {state === "done" &&
        outcome?.answerable &&
        outcome.held === null &&
        t("ask.complete", { count: exchange.citations.length })}
    </p>
  );
}

function Answer({ exchange }: { exchange: Exchange }) {
  const { sentences, citations, outcome } = exchange;
  const cited = new Map(citations.map((citation) => [citation.number, citation]));
  return (
    <>
      <div
        aria-live="polite"
        aria-busy={isWritten(exchange)}
        lang={outcome?.language === "simple" ? undefined : outcome?.language}
        className="space-y-4 font-serif text-[1.1875rem] leading-[1.65]"
      >
        {paragraphs(sentences).map((paragraph) => (
          <Words key={paragraph.at} paragraph={paragraph} cited={cited} question={exchange.question} />
        ))}
      </div>
      {outcome && <Remarks outcome={outcome} waits={exchange.held === "waiting"} />}
      {exchange.held && (outcome?.held ?? null) === null && (
        <HeldState state={exchange.held} reason={exchange.told} />
      )}
      {citations.length > 0 && !isWritten(exchange) && <SourceList exchange={exchange} />}
    </>
  );
}

interface WordsProps {
  paragraph: Paragraph;
  cited: Map<number, Citation>;
  question: string;
}

/** A paragraph; its first citation stays on the line of its last word. */
export function Words({ paragraph, cited, question }: WordsProps) {
  // What a model writes from what it was given has its own lines, and cites nothing.
  const drafted = paragraph.citations.length === 0;
  const look = classes("animate-rise", drafted ? "whitespace-pre-wrap" : "whitespace-pre-line");
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
          <span key={place} className={look}>
            {place > 0 && !paragraph.sentences[place - 1]?.text.endsWith("\n") && " "}
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
function Remarks({ outcome, waits }: { outcome: Outcome; waits: boolean }) {
  const { t } = useTranslation();
  const { warning, stopped, fallback, problem, model, approved, held } = outcome;
  const whole = held === null && !waits;
  return (
    <>
      {warning && <p className="mt-4 text-sm text-warning">{t("ask.warning")}</p>}
      {held !== null && <HeldNotice id={held} />}
      {fallback === "access" && <AccessLink className="mt-4" />}
      {whole && stopped && <p className="mt-4 text-sm text-ink-soft">{t(`ask.endsEarly.${stopped}`)}</p>}
      {whole &&
        fallback &&
        fallback !== "no_model" &&
        fallback !== "access" &&
        fallback !== "needs_model" && (
          <p className="mt-4 text-sm text-ink-soft">
            {t(`ask.quoted.${fallback}`)} {fallback === "quota" ? <QuotaTold told={problem} /> : problem}
          </p>
        )}
      {approved && (
        <p className="mt-4 text-sm text-ink-soft">
          {t("ask.approved")} {approved.sources}
        </p>
      )}
      {model && fallback !== "check" && (
        <p className="mt-4 text-sm text-ink-soft">
          {t(outcome.citations.length > 0 ? "ask.writtenBy" : "ask.draftedBy", { model })}
        </p>
      )}
    </>
  );
}

/** That words planted for an assistant are left out, and of which documents; never the words. */
function LeftOut({ documents }: { documents: DocumentBrief[] }) {
  const { t, i18n } = useTranslation();
  const names = documents.map((document) => document.title || document.path);
  const listed = new Intl.ListFormat(i18n.language).format(names);
  return (
    <p className="mt-4 text-sm break-words text-ink-soft">
      {t("ask.leftOut", { count: names.length, documents: listed })}
    </p>
  );
}

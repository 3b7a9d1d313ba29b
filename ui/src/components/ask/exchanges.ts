import type { AnswerEvent, Citation, Outcome, Sentence } from "@/api/answers/events";
import type { Wish } from "@/api/conversations/stream";
import { Problem } from "@/api/problem";
import type { Filters } from "@/api/search/queries";
import type { AnswerTurn, QuestionTurn, WholeConversation } from "@/api/types";
import { joined } from "./paragraphs";

/** A question and its answer. */
export interface Exchange {
  /** Stays as it is when the numbers of the turns become known. */
  id: number;
  question: string;
  filters: Filters;
  /** `following`: it is still written, but not to this page, which looks again until it is there. */
  state: "asking" | "following" | "done" | "stopped" | "failed";
  /** The stored turns; null until the server has them. */
  questionTurn: number | null;
  answerTurn: number | null;
  /** The turns that stand in the place of each, itself among them, the earliest first. */
  questions: number[];
  answers: number[];
  sentences: Sentence[];
  citations: Citation[];
  outcome: Outcome | null;
  /** What became of what a check held back of it for a person to decide on. */
  held: AnswerTurn["held_state"];
  /** What its reader says of it. */
  thumb: AnswerTurn["thumb"];
  /** Whether its reader let curators read the question. */
  sent: boolean;
  /** Why it failed, in words that are stored with it. */
  told: string;
  /** Why it failed, where this page was told. */
  problem: unknown;
  /** What was wanted, so that it can be wanted again. */
  wish: Wish;
}

export function begun(id: number, question: string, filters: Filters, wish: Wish): Exchange {
  return {
    id,
    question,
    filters,
    state: "asking",
    questionTurn: null,
    answerTurn: null,
    questions: [],
    answers: [],
    sentences: [],
    citations: [],
    outcome: null,
    held: null,
    thumb: null,
    sent: false,
    told: "",
    problem: null,
    wish,
  };
}

/** Whether a text was wanted that no model wrote: what one would be asked stands in its place. */
export const isUnwritten = ({ outcome }: Exchange): boolean =>
  outcome !== null &&
  !outcome.answerable &&
  (outcome.fallback === "needs_model" || outcome.fallback === "failed" || outcome.fallback === "quota");

export const isWritten = ({ state }: Exchange): boolean => state === "asking" || state === "following";

/** The exchange after another event of its answer. */
export function after(exchange: Exchange, { event, data }: AnswerEvent): Exchange {
  switch (event) {
    case "turn":
      return {
        ...exchange,
        questionTurn: data.question,
        answerTurn: data.answer,
        questions: withLast(exchange.questions, data.question),
        answers: withLast(exchange.answers, data.answer),
      };
    case "citation":
      return { ...exchange, citations: [...exchange.citations, data] };
    case "sentence":
      return { ...exchange, sentences: [...exchange.sentences, data] };
    case "judged": {
      const { sentence: place, support, reason } = data;
      return {
        ...exchange,
        sentences: exchange.sentences.map((sentence, at) =>
          at === place ? { ...sentence, support, reason } : sentence,
        ),
      };
    }
    case "done":
      return { ...exchange, state: "done", outcome: data };
    case "stopped":
      return { ...exchange, state: "stopped" };
    case "problem":
      return { ...exchange, state: "failed", problem: new Problem(data.status, data.detail) };
  }
}

const withLast = (turns: number[], turn: number): number[] =>
  turns.includes(turn) ? turns : [...turns, turn];

/** The exchanges of a stored conversation; what this page knows of one beyond that is kept. */
export function exchangesOf(
  { turns }: WholeConversation,
  known: readonly Exchange[],
  nextId: () => number,
): Exchange[] {
  const asked = new Map(known.map((exchange) => [exchange.questionTurn, exchange]));
  return turns.flatMap((question, at): Exchange[] => {
    const answer = turns[at + 1];
    if (question.role !== "user" || answer?.role !== "assistant") return [];
    const before = asked.get(question.id);
    return [stored(question, answer, before, before?.id ?? nextId())];
  });
}

function stored(
  question: QuestionTurn,
  answer: AnswerTurn,
  before: Exchange | undefined,
  id: number,
): Exchange {
  const same = before?.answerTurn === answer.id ? before : undefined;
  const writing = answer.state === "writing";
  return {
    id,
    question: question.text,
    filters: filtersOf(question),
    state: answer.state === "writing" ? "following" : answer.state,
    questionTurn: question.id,
    answerTurn: answer.id,
    questions: question.siblings,
    answers: answer.siblings,
    // Of an answer that is being written nothing is stored yet: what was heard of it stays.
    sentences: writing ? (same?.sentences ?? []) : answer.sentences,
    citations: writing ? (same?.citations ?? []) : answer.citations,
    outcome: answer.state === "done" ? outcomeOf(question, answer, same?.outcome ?? null) : null,
    held: answer.held_state,
    thumb: answer.thumb,
    sent: answer.sent,
    told: answer.problem,
    problem: answer.state === "failed" ? (same?.problem ?? null) : null,
    wish: { kind: "regenerate", turn: answer.id },
  };
}

function outcomeOf(question: QuestionTurn, answer: AnswerTurn, known: Outcome | null): Outcome {
  const { answerable, classification, citations, language, helped_by, model, fallback, stopped } = answer;
  return {
    question: question.text,
    answerable,
    answer: joined(answer.sentences),
    classification,
    citations,
    language,
    helped_by,
    model,
    fallback,
    problem: known?.problem ?? "",
    stopped,
    warning: answer.warning,
    // Whoever was here when it was held follows it by its number; others are shown what became of it.
    held: answer.held_state === "waiting" ? (known?.held ?? null) : null,
    left_out: answer.left_out,
    approved:
      known?.approved ??
      (answer.approved === null ? null : { id: answer.approved, sources: "", review_on: "" }),
  };
}

function filtersOf({ filters }: QuestionTurn): Filters {
  return Object.fromEntries(
    Object.entries(filters).flatMap(([name, value]) => (value ? [[name, value]] : [])),
  );
}

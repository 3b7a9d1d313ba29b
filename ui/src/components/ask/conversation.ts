import { useSyncExternalStore } from "react";
import type { AnswerEvent, Citation, Outcome, Sentence } from "@/api/answers/events";
import { type AnswerRequest, streamAnswer } from "@/api/answers/stream";
import type { Filters } from "@/api/search/queries";
import type { Turn } from "@/api/types";

export interface Exchange {
  id: number;
  question: string;
  filters: Filters;
  state: "asking" | "done" | "stopped" | "failed";
  sentences: Sentence[];
  citations: Citation[];
  outcome: Outcome | null;
  problem: unknown;
}

type Stream = (request: AnswerRequest, signal: AbortSignal) => AsyncGenerator<AnswerEvent>;

/** Earlier turns that the next question carries; the newest, since older ones rarely matter. */
const TURNS_SENT = 12;

const textOf = (exchange: Exchange): string =>
  exchange.outcome?.answer ?? exchange.sentences.map((sentence) => sentence.text).join(" ");

/**
 * The exchanges of one person since they signed in. They live in memory and nowhere else: they quote documents,
 * and what a browser stores outlives the rights of whoever read it.
 */
export class Conversation {
  onProblem: (error: unknown) => void = () => undefined;
  #stream: Stream;
  #exchanges: readonly Exchange[] = [];
  #owner: string | null = null;
  #abort: AbortController | null = null;
  #count = 0;
  #listeners = new Set<() => void>();

  constructor(stream: Stream = streamAnswer) {
    this.#stream = stream;
  }

  subscribe = (notify: () => void): (() => void) => {
    this.#listeners.add(notify);
    return () => this.#listeners.delete(notify);
  };

  exchanges = (): readonly Exchange[] => this.#exchanges;

  /** Keeps the conversation for the person who had it, and empties it for anybody else. */
  belongTo(login: string): void {
    if (this.#owner !== login) this.clear();
    this.#owner = login;
  }

  clear(): void {
    this.#abort?.abort();
    this.#set([]);
  }

  stop(): void {
    this.#abort?.abort();
  }

  async ask(question: string, filters: Filters = {}): Promise<void> {
    this.#abort?.abort();
    const history = this.#exchanges
      .filter((exchange) => exchange.state !== "failed" && textOf(exchange) !== "")
      // What a check stopped would stop the next question as well; who asks for rights asks no document.
      .filter(({ outcome }) => outcome?.fallback !== "check" && outcome?.fallback !== "access")
      .flatMap((exchange): Turn[] => [
        { role: "user", text: exchange.question },
        {
          role: "assistant",
          text: textOf(exchange),
          classification: exchange.outcome?.classification ?? null,
        },
      ])
      .slice(-TURNS_SENT);
    this.#count += 1;
    const id = this.#count;
    const abort = new AbortController();
    this.#abort = abort;
    this.#set([
      ...this.#exchanges,
      {
        id,
        question,
        filters,
        state: "asking",
        sentences: [],
        citations: [],
        outcome: null,
        problem: null,
      },
    ]);
    try {
      for await (const event of this.#stream({ question, history, filters }, abort.signal)) {
        this.#change(id, (exchange) => after(exchange, event));
      }
    } catch (problem) {
      if (abort.signal.aborted) {
        this.#change(id, (exchange) => ({ ...exchange, state: "stopped" }));
      } else {
        this.#change(id, (exchange) => ({ ...exchange, state: "failed", problem }));
        this.onProblem(problem);
      }
    } finally {
      if (this.#abort === abort) this.#abort = null;
    }
  }

  /** Asks the last question again, in place of the answer that failed or was stopped. */
  async retry(): Promise<void> {
    const last = this.#exchanges.at(-1);
    if (last === undefined) return;
    this.#set(this.#exchanges.slice(0, -1));
    await this.ask(last.question, last.filters);
  }

  #change(id: number, change: (exchange: Exchange) => Exchange): void {
    this.#set(this.#exchanges.map((exchange) => (exchange.id === id ? change(exchange) : exchange)));
  }

  #set(exchanges: readonly Exchange[]): void {
    this.#exchanges = exchanges;
    for (const notify of this.#listeners) notify();
  }
}

function after(exchange: Exchange, { event, data }: AnswerEvent): Exchange {
  switch (event) {
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
    default:
      return exchange;
  }
}

export const conversation = new Conversation();

export const useExchanges = (): readonly Exchange[] =>
  useSyncExternalStore(conversation.subscribe, conversation.exchanges);

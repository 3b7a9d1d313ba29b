import type { AnswerEvent } from "@/api/answers/events";
import {
  beginConversation,
  rateAnswer,
  readConversation,
  reportAnswer,
  showBranch,
  stopAnswer,
} from "@/api/conversations/queries";
import { streamAnswer, type Wish } from "@/api/conversations/stream";
import { Problem } from "@/api/problem";
import type { Filters } from "@/api/search/queries";
import type { ConversationBrief, DocumentBrief, Report, Thumb, WholeConversation } from "@/api/types";
import { after, begun, type Exchange, exchangesOf, isWritten } from "./exchanges";

/** What a conversation needs of the server. */
export interface Server {
  begin: (assistant: string) => Promise<ConversationBrief>;
  read: (conversation: number, signal: AbortSignal) => Promise<WholeConversation>;
  answer: (conversation: number, wish: Wish, signal: AbortSignal) => AsyncGenerator<AnswerEvent>;
  show: (conversation: number, turn: number) => Promise<void>;
  stop: (conversation: number) => Promise<void>;
  rate: (conversation: number, turn: number, thumb: Thumb | null) => Promise<void>;
  report: (conversation: number, turn: number, said: Report | null) => Promise<void>;
  /** Milliseconds pass. */
  pause: (milliseconds: number) => Promise<void>;
}

export const SERVER: Server = {
  begin: beginConversation,
  read: readConversation,
  answer: streamAnswer,
  show: showBranch,
  stop: stopAnswer,
  rate: rateAnswer,
  report: reportAnswer,
  pause: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
};

/** What a page shows of a conversation; a new object whenever any of it changes. */
export interface Shown {
  /** Null until its first question, or its first file. */
  id: number | null;
  about: ConversationBrief | null;
  /** Key of the assistant that answers; empty: none. */
  assistant: string;
  /** What is searched in it; null: all that its owner may read. */
  documents: DocumentBrief[] | null;
  /** Said of every conversation of somebody else's. */
  notice: string;
  exchanges: readonly Exchange[];
  /** Whether what is stored of it is there: `unread` until then, or `unreadable` because of `problem`. */
  phase: "unread" | "ready" | "unreadable";
  problem: unknown;
  /** Whether the server has not answered the last time. */
  away: boolean;
}

/** Milliseconds between two looks at an answer that is written elsewhere: doubled while the server is away. */
const LOOKS_MS = 1_000;
const LONGEST_WAIT_MS = 10_000;
/** Milliseconds that a stopped answer has to say so itself. */
const STOPPING_MS = 2_000;

const isAway = (problem: unknown): boolean =>
  problem instanceof Problem && (problem.status === 0 || problem.status >= 502);

/**
 * One conversation, as far as this page has it. The server keeps it; this is its copy in memory, and nowhere else
 * in the browser: it quotes documents, and what a browser stores outlives the rights of whoever read it.
 */
export class Conversation {
  onProblem: (problem: unknown) => void = () => undefined;
  /** Something changed that lists of conversations show. */
  onChange: () => void = () => undefined;
  #server: Server;
  #shown: Shown;
  #writing: AbortController | null = null;
  #following: AbortController | null = null;
  #ended = new AbortController();
  /** The exchange that was stopped before its turns were known. */
  #unwanted: number | null = null;
  #beginning: Promise<number> | null = null;
  /** Counts what was begun here, so that what was read before it does not undo it. */
  #era = 0;
  #count = 0;
  #listeners = new Set<() => void>();

  constructor(id: number | null, server: Server = SERVER) {
    this.#server = server;
    this.#shown = {
      id,
      about: null,
      assistant: "",
      documents: null,
      notice: "",
      exchanges: [],
      phase: id === null ? "ready" : "unread",
      problem: null,
      away: false,
    };
  }

  subscribe = (notify: () => void): (() => void) => {
    this.#listeners.add(notify);
    return () => this.#listeners.delete(notify);
  };

  shown = (): Shown => this.#shown;

  /** Whether an answer comes, so that it must not be forgotten. */
  get busy(): boolean {
    return this.#writing !== null;
  }

  /** Ends all that goes on here. */
  end(): void {
    this.#ended.abort();
    this.#writing?.abort();
    this.#following?.abort();
  }

  /** Reads what is stored, and follows an answer that is being written. */
  async load(): Promise<void> {
    const { id } = this.#shown;
    if (id === null || this.busy) return;
    try {
      await this.#read(id);
    } catch (problem) {
      if (this.#ended.signal.aborted) return;
      this.onProblem(problem);
      const gone = problem instanceof Problem && problem.status === 404;
      if (gone || this.#shown.phase !== "ready") this.#set({ phase: "unreadable", problem });
      return;
    }
    await this.#follow();
  }

  /** What is known of it apart from its turns, from wherever that was changed. */
  know(about: ConversationBrief): void {
    this.#set({ about: { ...about }, assistant: about.assistant });
  }

  /** Which assistant is to answer in it, as long as it is not begun. */
  use(assistant: string): void {
    if (this.#shown.id === null && !this.busy && this.#shown.assistant !== assistant)
      this.#set({ assistant });
  }

  /** What is searched in it from now on; none: everything again. */
  narrow(documents: DocumentBrief[]): void {
    this.#set({ documents: documents.length > 0 ? documents : null });
  }

  /** Its number; it is begun where it has none. */
  begin(): Promise<number> {
    const { id } = this.#shown;
    if (id !== null) return Promise.resolve(id);
    this.#beginning ??= this.#server
      .begin(this.#shown.assistant)
      .then((about) => {
        this.#set({ id: about.id, about, assistant: about.assistant });
        this.onChange();
        return about.id;
      })
      .finally(() => {
        this.#beginning = null;
      });
    return this.#beginning;
  }

  async ask(question: string, filters: Filters = {}): Promise<void> {
    const wish: Wish = { kind: "ask", question, filters };
    const asked = begun(this.#nextId(), question, filters, wish);
    await this.#write(asked, [...this.#shown.exchanges, asked]);
  }

  /** Asks otherwise in place of an earlier question; what followed it stays in a branch of its own. */
  async edit(id: number, question: string): Promise<void> {
    const { exchange, before } = this.#at(id);
    if (exchange?.questionTurn == null) return;
    const wish: Wish = { kind: "edit", turn: exchange.questionTurn, question, filters: exchange.filters };
    const asked = begun(this.#nextId(), question, exchange.filters, wish);
    await this.#write(asked, [...before, { ...asked, questions: exchange.questions }]);
  }

  /** Answers the same question again, by the model that is named; the earlier answer stays in its own branch. */
  async regenerate(id: number, model = ""): Promise<void> {
    const { exchange, before } = this.#at(id);
    if (exchange?.answerTurn == null) return;
    const wish: Wish = { kind: "regenerate", turn: exchange.answerTurn, ...(model && { model }) };
    const asked = begun(exchange.id, exchange.question, exchange.filters, wish);
    const { questionTurn, questions, answers } = exchange;
    await this.#write(asked, [...before, { ...asked, questionTurn, questions, answers }]);
  }

  /** Wants again what failed or was stopped: once, also where the server had heard it the first time. */
  async retry(id: number): Promise<void> {
    const { exchange, before } = this.#at(id);
    if (exchange === undefined) return;
    if (exchange.answerTurn !== null) {
      const { wish } = exchange;
      return this.regenerate(id, wish.kind === "regenerate" ? wish.model : "");
    }
    const { id: conversation } = this.#shown;
    if (conversation !== null && (isAway(exchange.problem) || exchange.state === "stopped")) {
      try {
        const whole = await this.#server.read(conversation, this.#ended.signal);
        if (heard(whole, exchange, before)) {
          this.#take(whole);
          this.onChange();
          return this.#follow();
        }
      } catch (problem) {
        this.#change(id, (failed) => ({ ...failed, state: "failed", problem }));
        this.onProblem(problem);
        return;
      }
    }
    const again = { ...exchange, state: "asking" as const, problem: null, sentences: [], citations: [] };
    await this.#write(again, [...before, again]);
  }

  /** Says whether an answer was of use; null takes it back. Throws the problem where it cannot. */
  async rate(id: number, thumb: Thumb | null): Promise<void> {
    const { id: conversation } = this.#shown;
    const turn = this.#at(id).exchange?.answerTurn ?? null;
    if (conversation === null || turn === null) return;
    await this.#server.rate(conversation, turn, thumb);
    // Any other thumb takes back what curators were let read.
    this.#change(id, (exchange) => ({
      ...exchange,
      thumb,
      sent: exchange.sent && thumb === "useless",
    }));
  }

  /** Lets curators read the question; null takes that back. Throws the problem where it cannot. */
  async report(id: number, said: Report | null): Promise<void> {
    const { id: conversation } = this.#shown;
    const turn = this.#at(id).exchange?.answerTurn ?? null;
    if (conversation === null || turn === null) return;
    await this.#server.report(conversation, turn, said);
    this.#change(id, (exchange) => ({ ...exchange, sent: said !== null }));
  }

  /** Shows the branch that a turn is in. Throws the problem where it cannot. */
  async show(turn: number): Promise<void> {
    const { id } = this.#shown;
    if (id === null) return;
    await this.#server.show(id, turn);
    await this.#read(id);
    await this.#follow();
  }

  /** Ends the answer that is being written; what there is of it is kept. */
  async stop(): Promise<void> {
    const { id } = this.#shown;
    const last = this.#shown.exchanges.at(-1);
    if (last === undefined || !isWritten(last)) return;
    if (id === null || last.answerTurn === null) {
      // As soon as the server has begun it; it may never have heard of it.
      this.#unwanted = last.id;
      await this.#server.pause(STOPPING_MS);
      const still = this.#at(last.id).exchange;
      if (still?.state !== "asking" || still.answerTurn !== null) return;
      this.#writing?.abort();
      this.#change(last.id, (exchange) => ({ ...exchange, state: "stopped" }));
      return;
    }
    try {
      await this.#server.stop(id);
    } catch (problem) {
      this.onProblem(problem);
      return;
    }
    await this.#server.pause(STOPPING_MS);
    const now = this.#at(last.id).exchange;
    if (now?.state !== "asking" || now.answerTurn !== last.answerTurn) return;
    this.#writing?.abort();
    this.#writing = null;
    await this.load();
  }

  /** Ends what is written here for another window, then wants again what was refused for it. */
  async stopElsewhere(id: number): Promise<void> {
    const { id: conversation } = this.#shown;
    if (conversation === null) return;
    try {
      await this.#server.stop(conversation);
    } catch (problem) {
      this.#change(id, (exchange) => ({ ...exchange, problem }));
      this.onProblem(problem);
      return;
    }
    await this.retry(id);
  }

  async #write(asked: Exchange, exchanges: readonly Exchange[]): Promise<void> {
    this.#writing?.abort();
    this.#following?.abort();
    this.#era += 1;
    const writing = new AbortController();
    this.#writing = writing;
    this.#unwanted = null;
    this.#set({ exchanges, phase: "ready", problem: null, away: false });
    let problem: unknown = null;
    try {
      const conversation = await this.begin();
      writing.signal.throwIfAborted();
      for await (const event of this.#server.answer(conversation, asked.wish, writing.signal)) {
        if (writing.signal.aborted) return;
        this.#change(asked.id, (exchange) => after(exchange, event));
        if (event.event !== "turn") continue;
        this.onChange();
        if (this.#unwanted === asked.id) void this.stop();
      }
    } catch (error) {
      // Whoever ended it has said what becomes of it.
      if (writing.signal.aborted) return;
      problem = error;
    } finally {
      if (this.#writing === writing) this.#writing = null;
    }
    const { exchange } = this.#at(asked.id);
    if (exchange === undefined) return;
    if (problem !== null && exchange.answerTurn !== null && isAway(problem)) {
      this.#set({ away: true });
      this.#change(asked.id, (lost) => ({ ...lost, state: "following" }));
      await this.#follow();
    } else if (problem !== null) {
      this.#change(asked.id, (failed) => ({ ...failed, state: "failed", problem }));
      this.onProblem(problem);
    } else {
      const { id } = this.#shown;
      // Its branches, and its title; where that cannot be read now, the answer is there all the same.
      if (id !== null) await this.#read(id).catch(() => undefined);
    }
    this.onChange();
  }

  /** Looks again and again until no answer is being written, or something else is begun here. */
  async #follow(): Promise<void> {
    const { id } = this.#shown;
    if (id === null || !this.#shown.exchanges.some((exchange) => exchange.state === "following")) return;
    this.#following?.abort();
    const following = new AbortController();
    this.#following = following;
    let wait = LOOKS_MS;
    while (!following.signal.aborted && !this.#ended.signal.aborted) {
      await this.#server.pause(wait);
      if (following.signal.aborted || this.#ended.signal.aborted) return;
      try {
        await this.#read(id);
        wait = LOOKS_MS;
      } catch (problem) {
        if (!isAway(problem)) {
          this.#set({ phase: "unreadable", problem });
          this.onProblem(problem);
          return;
        }
        this.#set({ away: true });
        wait = Math.min(wait * 2, LONGEST_WAIT_MS);
      }
      if (!this.#shown.exchanges.some((exchange) => exchange.state === "following")) {
        this.onChange();
        return;
      }
    }
  }

  async #read(id: number): Promise<void> {
    const era = this.#era;
    const whole = await this.#server.read(id, this.#ended.signal);
    if (era === this.#era && !this.busy) this.#take(whole);
  }

  #take(whole: WholeConversation): void {
    const { turns: _, notice, documents, ...about } = whole;
    const known = this.#shown.exchanges;
    // A question that the server never heard stays, to be asked again.
    const unheard = known.filter(
      ({ questionTurn, state, wish }) =>
        questionTurn === null && wish.kind === "ask" && (state === "failed" || state === "stopped"),
    );
    const exchanges = exchangesOf(whole, known, () => this.#nextId());
    const told = new Set(exchanges.map((exchange) => exchange.question));
    this.#set({
      about,
      assistant: about.assistant,
      documents,
      notice,
      exchanges: [...exchanges, ...unheard.filter(({ question }) => !told.has(question))],
      phase: "ready",
      problem: null,
      away: false,
    });
  }

  #at(id: number): { exchange: Exchange | undefined; before: readonly Exchange[] } {
    const { exchanges } = this.#shown;
    const place = exchanges.findIndex((exchange) => exchange.id === id);
    return { exchange: exchanges[place], before: exchanges.slice(0, Math.max(place, 0)) };
  }

  #nextId(): number {
    this.#count += 1;
    return this.#count;
  }

  #change(id: number, change: (exchange: Exchange) => Exchange): void {
    this.#set({
      exchanges: this.#shown.exchanges.map((exchange) => (exchange.id === id ? change(exchange) : exchange)),
    });
  }

  #set(change: Partial<Shown>): void {
    if (this.#ended.signal.aborted) return;
    this.#shown = { ...this.#shown, ...change };
    for (const notify of this.#listeners) notify();
  }
}

/** Whether what was wanted is stored, though its sending was cut off: the last answer is none that was known. */
function heard(whole: WholeConversation, sent: Exchange, before: readonly Exchange[]): boolean {
  const answer = whole.turns.at(-1);
  const question = whole.turns.at(-2);
  if (answer?.role !== "assistant" || question?.role !== "user" || question.text !== sent.question)
    return false;
  return ![...before, sent].some(({ answers }) => answers.includes(answer.id));
}

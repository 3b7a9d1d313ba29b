import { beforeEach, describe, expect, it, vi } from "vitest";
import type { AnswerEvent } from "@/api/answers/events";
import type { Wish } from "@/api/conversations/stream";
import { Problem } from "@/api/problem";
import type {
  AnswerTurn,
  ConversationBrief,
  DocumentBrief,
  QuestionTurn,
  WholeConversation,
} from "@/api/types";
import { Conversation, type Server } from "./conversation";
import { Conversations } from "./conversations";

const about = (id: number): ConversationBrief => ({
  id,
  title: "Titre",
  folder: "",
  pinned: false,
  own: true,
  owner_name: "",
  created_at: "2026-11-22T08:00:00Z",
  updated_at: "2026-11-22T08:00:00Z",
  assistant: "",
});

const question = (id: number, text: string, siblings = [id]): QuestionTurn => ({
  role: "user",
  id,
  at: "2026-11-22T08:00:00Z",
  text,
  filters: {},
  siblings,
});

const answer = (id: number, state: AnswerTurn["state"], text = "", siblings = [id]): AnswerTurn => ({
  role: "assistant",
  id,
  at: "2026-11-22T08:00:00Z",
  state,
  problem: "",
  language: "fr",
  answerable: true,
  sentences: text ? [{ text, citations: [], support: null, reason: "" }] : [],
  citations: [],
  classification: null,
  helped_by: "",
  model: "",
  generation: null,
  prompt_version: "",
  fallback: null,
  stopped: null,
  warning: false,
  held: null,
  held_state: null,
  approved: null,
  left_out: [],
  thumb: null,
  sent: false,
  siblings,
});

const done = (text: string): AnswerEvent => ({
  event: "done",
  data: {
    question: "",
    answerable: true,
    answer: text,
    classification: "C1",
    citations: [],
    language: "fr",
    helped_by: "",
    model: "",
    fallback: null,
    problem: "",
    stopped: null,
    warning: false,
    held: null,
    left_out: [],
    approved: null,
  },
});
const sentence = (text: string): AnswerEvent => ({
  event: "sentence",
  data: { text, citations: [], support: null, reason: "" },
});
const turn = (asked: number, answered: number): AnswerEvent => ({
  event: "turn",
  data: { question: asked, answer: answered },
});

/** A server that keeps what the test says that it keeps. */
class Fake {
  turns: (QuestionTurn | AnswerTurn)[] = [];
  documents: DocumentBrief[] | null = null;
  wishes: Wish[] = [];
  reads = 0;
  stops = 0;
  shownTurns: number[] = [];
  begunWith: string[] = [];
  onRead: () => void = () => undefined;
  stream: (wish: Wish, signal: AbortSignal) => AsyncGenerator<AnswerEvent> = async function* () {
    yield turn(1, 2);
    yield done("Oui.");
  };
  server: Server = {
    begin: async (assistant) => {
      this.begunWith.push(assistant);
      return { ...about(7), assistant };
    },
    read: async (): Promise<WholeConversation> => {
      this.reads += 1;
      this.onRead();
      return { ...about(7), notice: "", documents: this.documents, turns: [...this.turns] };
    },
    answer: (_, wish, signal) => {
      this.wishes.push(wish);
      return this.stream(wish, signal);
    },
    show: async (_, shown) => void this.shownTurns.push(shown),
    stop: async () => {
      this.stops += 1;
    },
    rate: async (_, rated) => void this.shownTurns.push(rated),
    report: async (_, reported) => void this.shownTurns.push(reported),
    pause: async () => undefined,
  };
}

const exchanges = (talk: Conversation) => talk.shown().exchanges;

let fake: Fake;
beforeEach(() => {
  fake = new Fake();
});

describe("a conversation with an assistant", () => {
  it("is begun with the one that was chosen last before its first question", async () => {
    const talk = new Conversation(null, fake.server);
    talk.use("email-reply");
    talk.use("job-ad");
    const asked = talk.ask("Un ?");
    talk.use("");
    await asked;
    talk.use("");
    expect(fake.begunWith).toEqual(["job-ad"]);
  });
});

describe("a conversation", () => {
  it("is begun with its first question and asked on from there", async () => {
    const talk = new Conversation(null, fake.server);
    fake.turns = [question(1, "Un ?"), answer(2, "done", "Oui.")];
    await talk.ask("Un ?");
    await talk.ask("Deux ?", { source: "Intranet" });
    expect(talk.shown().id).toBe(7);
    expect(fake.wishes).toEqual([
      { kind: "ask", question: "Un ?", filters: {} },
      { kind: "ask", question: "Deux ?", filters: { source: "Intranet" } },
    ]);
  });

  it("shows what is stored", async () => {
    fake.turns = [question(1, "Un ?", [1, 3]), answer(2, "done", "Oui.", [2, 5])];
    const talk = new Conversation(7, fake.server);
    expect(talk.shown().phase).toBe("unread");
    await talk.load();
    expect(talk.shown().phase).toBe("ready");
    expect(exchanges(talk)).toMatchObject([
      { question: "Un ?", state: "done", questions: [1, 3], answers: [2, 5], outcome: { answer: "Oui." } },
    ]);
  });

  it("lets curators read a question until another thumb takes that back", async () => {
    fake.turns = [question(1, "Un ?"), answer(2, "done", "Oui.")];
    const talk = new Conversation(7, fake.server);
    await talk.load();
    const id = exchanges(talk)[0]?.id ?? 0;
    await talk.rate(id, "useless");
    await talk.report(id, { reason: "missing", comment: "" });
    expect(exchanges(talk)).toMatchObject([{ thumb: "useless", sent: true }]);
    await talk.rate(id, null);
    expect(exchanges(talk)).toMatchObject([{ thumb: null, sent: false }]);
  });

  it("names what it is about as the server does, until its owner takes that off", async () => {
    const one = { id: 3, title: "Charte", path: "charte.pdf" } as DocumentBrief;
    fake.documents = [one];
    const talk = new Conversation(7, fake.server);
    await talk.load();
    expect(talk.shown().documents).toEqual([one]);
    talk.narrow([]);
    expect(talk.shown().documents).toBeNull();
    fake.documents = [];
    await talk.load();
    expect(talk.shown().documents).toEqual([]);
  });

  it("wants an answer again of the model that was chosen, once more where that failed", async () => {
    fake.turns = [question(1, "Un ?"), answer(2, "done", "Oui.")];
    const talk = new Conversation(7, fake.server);
    await talk.load();
    const id = exchanges(talk)[0]?.id ?? 0;
    fake.stream = async function* () {
      yield turn(1, 4);
      yield { event: "problem", data: { title: "", status: 500, detail: "Panne." } };
    };
    fake.server.read = () => Promise.reject(new Problem(0));
    await talk.regenerate(id, "phi");
    await talk.retry(id);
    expect(fake.wishes).toEqual([
      { kind: "regenerate", turn: 2, model: "phi" },
      { kind: "regenerate", turn: 4, model: "phi" },
    ]);
  });

  it("follows an answer that is written elsewhere until it is there, the server away meanwhile", async () => {
    fake.turns = [question(1, "Un ?"), answer(2, "writing")];
    const away: boolean[] = [];
    fake.onRead = () => {
      if (fake.reads === 2) throw new Problem(0);
      if (fake.reads === 4) fake.turns = [question(1, "Un ?"), answer(2, "done", "Enfin.")];
    };
    const talk = new Conversation(7, fake.server);
    talk.subscribe(() => away.push(talk.shown().away));
    await talk.load();
    expect(exchanges(talk)).toMatchObject([{ state: "done", outcome: { answer: "Enfin." } }]);
    expect(away).toContain(true);
    expect(talk.shown().away).toBe(false);
  });

  it("keeps what it had heard when the connection is lost, and then has what is stored", async () => {
    fake.stream = async function* () {
      yield turn(1, 2);
      yield sentence("Début.");
      throw new Problem(0);
    };
    fake.turns = [question(1, "Long ?"), answer(2, "writing")];
    const heard: string[] = [];
    const talk = new Conversation(null, fake.server);
    fake.onRead = () => {
      heard.push(exchanges(talk)[0]?.sentences[0]?.text ?? "");
      if (fake.reads === 2) fake.turns = [question(1, "Long ?"), answer(2, "done", "Début. Fin.")];
    };
    await talk.ask("Long ?");
    expect(heard).toEqual(["Début.", "Début."]);
    expect(exchanges(talk)).toMatchObject([{ state: "done", sentences: [{ text: "Début. Fin." }] }]);
  });

  it("marks a sentence anew once a second model has judged it", async () => {
    fake.stream = async function* () {
      yield turn(1, 2);
      for (const text of ["Un.", "Deux."]) {
        yield { event: "sentence", data: { text, citations: [1], support: "unchecked", reason: "Doute." } };
      }
      yield { event: "judged", data: { sentence: 1, support: "unsupported", reason: "Jugée." } };
      yield done("Un. Deux.");
    };
    fake.onRead = () => {
      throw new Problem(0);
    };
    const talk = new Conversation(null, fake.server);
    await talk.ask("Alors ?");
    expect(exchanges(talk)[0]?.sentences.map(({ support, reason }) => [support, reason])).toEqual([
      ["unchecked", "Doute."],
      ["unsupported", "Jugée."],
    ]);
    expect(exchanges(talk)[0]?.state).toBe("done");
  });

  it("is stopped by the server, which keeps what there is", async () => {
    let stopped: () => void = () => undefined;
    fake.stream = async function* () {
      yield turn(1, 2);
      yield sentence("Début.");
      await new Promise<void>((resolve) => {
        stopped = resolve;
      });
      yield { event: "stopped", data: { answer: 2 } };
    };
    fake.server.stop = async () => {
      fake.turns = [question(1, "Long ?"), answer(2, "stopped", "Début.")];
      stopped();
    };
    const talk = new Conversation(null, fake.server);
    const asked = talk.ask("Long ?");
    await vi.waitFor(() => expect(exchanges(talk)[0]?.sentences).toHaveLength(1));
    await Promise.all([talk.stop(), asked]);
    expect(exchanges(talk)).toMatchObject([{ state: "stopped", sentences: [{ text: "Début." }] }]);
  });

  it("is stopped as soon as the server has begun, where it was stopped before that", async () => {
    let begin: () => void = () => undefined;
    fake.stream = async function* () {
      await new Promise<void>((resolve) => {
        begin = resolve;
      });
      yield turn(1, 2);
      yield { event: "stopped", data: { answer: 2 } };
    };
    fake.turns = [question(1, "Long ?"), answer(2, "stopped")];
    fake.server.pause = () => new Promise(() => undefined);
    const talk = new Conversation(null, fake.server);
    const asked = talk.ask("Long ?");
    await vi.waitFor(() => expect(fake.wishes).toHaveLength(1));
    void talk.stop();
    expect(fake.stops).toBe(0);
    begin();
    await asked;
    expect(fake.stops).toBe(1);
    expect(exchanges(talk)).toMatchObject([{ state: "stopped", answerTurn: 2 }]);
  });

  it("asks otherwise in place of a question, and answers again in place of an answer", async () => {
    fake.turns = [question(1, "Un ?"), answer(2, "done", "Oui."), question(3, "Deux ?"), answer(4, "done")];
    const talk = new Conversation(7, fake.server);
    await talk.load();
    const [first, second] = exchanges(talk);
    fake.stream = async function* () {
      yield turn(3, 5);
      yield done("Autrement.");
    };
    fake.turns = [
      question(1, "Un ?"),
      answer(2, "done"),
      question(3, "Deux ?"),
      answer(5, "done", "", [4, 5]),
    ];
    await talk.regenerate(second?.id ?? 0);
    expect(fake.wishes.at(-1)).toEqual({ kind: "regenerate", turn: 4 });
    expect(exchanges(talk)[1]).toMatchObject({ id: second?.id, answers: [4, 5], answerTurn: 5 });
    fake.stream = async function* () {
      yield turn(6, 7);
      yield done("Mieux.");
    };
    fake.turns = [question(6, "Un, au juste ?", [1, 6]), answer(7, "done", "Mieux.")];
    await talk.edit(first?.id ?? 0, "Un, au juste ?");
    expect(fake.wishes.at(-1)).toMatchObject({ kind: "edit", turn: 1, question: "Un, au juste ?" });
    expect(exchanges(talk)).toMatchObject([{ question: "Un, au juste ?", questions: [1, 6] }]);
  });

  it("shows another branch", async () => {
    fake.turns = [question(1, "Un ?"), answer(3, "done", "Après.", [2, 3])];
    const talk = new Conversation(7, fake.server);
    await talk.load();
    fake.turns = [question(1, "Un ?"), answer(2, "done", "Avant.", [2, 3])];
    await talk.show(2);
    expect(fake.shownTurns).toEqual([2]);
    expect(exchanges(talk)).toMatchObject([{ answerTurn: 2, outcome: { answer: "Avant." } }]);
  });

  it("tells of a problem, keeps the question, and asks again in its place", async () => {
    const problems: unknown[] = [];
    fake.stream = async function* () {
      if (fake.wishes.length === 1) throw new Problem(500);
      yield turn(1, 2);
      yield done("Enfin.");
    };
    const talk = new Conversation(null, fake.server);
    talk.onProblem = (problem) => problems.push(problem);
    await talk.ask("Encore ?");
    expect(exchanges(talk)).toMatchObject([{ question: "Encore ?", state: "failed" }]);
    expect(problems).toHaveLength(1);
    await talk.load();
    expect(exchanges(talk), "what the server never heard stays").toHaveLength(1);
    fake.turns = [question(1, "Encore ?"), answer(2, "done", "Enfin.")];
    await talk.retry(exchanges(talk)[0]?.id ?? 0);
    expect(exchanges(talk)).toMatchObject([{ state: "done" }]);
    expect(fake.wishes).toHaveLength(2);
  });

  it("does not ask twice what the server had heard, though it could not say so", async () => {
    fake.stream = async function* () {
      yield* [];
      throw new Problem(0);
    };
    const talk = new Conversation(null, fake.server);
    await talk.ask("Entendu ?");
    expect(exchanges(talk)[0]?.state).toBe("failed");
    fake.turns = [question(1, "Entendu ?"), answer(2, "stopped", "Début.")];
    await talk.retry(exchanges(talk)[0]?.id ?? 0);
    expect(fake.wishes).toHaveLength(1);
    expect(exchanges(talk)).toMatchObject([{ state: "stopped", answerTurn: 2 }]);
  });

  it("goes back to what is stored where a change was refused", async () => {
    fake.turns = [question(1, "Un ?"), answer(2, "done", "Oui.")];
    const talk = new Conversation(7, fake.server);
    await talk.load();
    fake.stream = async function* () {
      yield* [];
      throw new Problem(409, "Busy.");
    };
    await talk.edit(exchanges(talk)[0]?.id ?? 0, "Autrement ?");
    expect(exchanges(talk)).toMatchObject([{ question: "Autrement ?", state: "failed" }]);
    await talk.load();
    expect(exchanges(talk)).toMatchObject([{ question: "Un ?", state: "done" }]);
  });

  it("says that it is not there", async () => {
    fake.onRead = () => {
      throw new Problem(404);
    };
    const talk = new Conversation(7, fake.server);
    await talk.load();
    expect(talk.shown()).toMatchObject({ phase: "unreadable", problem: { status: 404 } });
  });
});

describe("the conversations of a person", () => {
  it("stay for whoever had them and vanish for the next, an answer that comes included", async () => {
    let ended = false;
    fake.stream = async function* (_, signal) {
      yield turn(1, 2);
      yield sentence("Secret.");
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
      ended = true;
      yield sentence("Plus secret.");
    };
    const all = new Conversations(fake.server);
    all.belongTo("alice");
    const fresh = all.of(null);
    const asked = fresh.ask("Combien ?");
    await vi.waitFor(() => expect(exchanges(fresh)[0]?.sentences).toHaveLength(1));
    expect(all.of(7), "the one that was begun has its number").toBe(fresh);
    expect(all.of(null)).not.toBe(fresh);
    all.belongTo("alice");
    expect(all.of(7)).toBe(fresh);
    all.belongTo("bruno");
    await asked;
    expect(ended).toBe(true);
    expect(all.of(7)).not.toBe(fresh);
    expect(exchanges(all.of(7))).toEqual([]);
    expect(exchanges(fresh)[0]?.sentences).toHaveLength(1);
  });
});

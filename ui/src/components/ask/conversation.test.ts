import { describe, expect, it } from "vitest";
import type { AnswerEvent } from "@/api/answers/events";
import type { AnswerRequest } from "@/api/answers/stream";
import { Problem } from "@/api/problem";
import { Conversation } from "./conversation";

const done = (answer: string): AnswerEvent => ({
  event: "done",
  data: {
    question: "",
    answerable: true,
    answer,
    classification: "C1",
    citations: [],
    language: "fr",
    helped_by: "",
    model: "",
    fallback: null,
    problem: "",
    stopped: null,
    warning: false,
    approved: null,
  },
});

describe("a conversation", () => {
  it("sends the earlier turns with the next question", async () => {
    const requests: AnswerRequest[] = [];
    const talk = new Conversation(async function* (request) {
      requests.push(request);
      yield { event: "sentence", data: { text: "Oui.", citations: [], support: null, reason: "" } };
      yield done(`Réponse à ${request.question}`);
    });
    await talk.ask("Un ?");
    await talk.ask("Deux ?", { source: "Intranet" });
    expect(requests[1]).toEqual({
      question: "Deux ?",
      filters: { source: "Intranet" },
      history: [
        { role: "user", text: "Un ?" },
        { role: "assistant", text: "Réponse à Un ?", classification: "C1" },
      ],
    });
  });

  it("marks a sentence anew once a second model has judged it", async () => {
    const talk = new Conversation(async function* () {
      for (const text of ["Un.", "Deux."]) {
        yield { event: "sentence", data: { text, citations: [1], support: "unchecked", reason: "Doute." } };
      }
      yield { event: "judged", data: { sentence: 1, support: "unsupported", reason: "Jugée." } };
      yield done("Un. Deux.");
    });
    await talk.ask("Alors ?");
    expect(talk.exchanges()[0]?.sentences.map(({ support, reason }) => [support, reason])).toEqual([
      ["unchecked", "Doute."],
      ["unsupported", "Jugée."],
    ]);
  });

  it("keeps what had arrived when it is stopped", async () => {
    const talk = new Conversation(async function* (_, signal) {
      yield { event: "sentence", data: { text: "Début.", citations: [], support: null, reason: "" } };
      await new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    });
    const asked = talk.ask("Long ?");
    await new Promise((resolve) => setTimeout(resolve));
    talk.stop();
    await asked;
    expect(talk.exchanges()[0]).toMatchObject({ state: "stopped", sentences: [{ text: "Début." }] });
  });

  it("tells of a problem, leaves it out of the history, and asks again in its place", async () => {
    const problems: unknown[] = [];
    let calls = 0;
    const talk = new Conversation(async function* () {
      calls += 1;
      if (calls === 1) throw new Problem(500);
      yield done("Enfin.");
    });
    talk.onProblem = (problem) => problems.push(problem);
    await talk.ask("Encore ?");
    expect(talk.exchanges()[0]?.state).toBe("failed");
    expect(problems).toHaveLength(1);
    await talk.retry();
    expect(talk.exchanges()).toHaveLength(1);
    expect(talk.exchanges()[0]?.state).toBe("done");
  });

  it("stays for the person who had it and vanishes for the next", async () => {
    const talk = new Conversation(async function* () {
      yield done("Secret.");
    });
    talk.belongTo("alice");
    await talk.ask("Combien ?");
    talk.belongTo("alice");
    expect(talk.exchanges()).toHaveLength(1);
    talk.belongTo("bruno");
    expect(talk.exchanges()).toHaveLength(0);
  });
});

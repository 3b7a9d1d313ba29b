/** The events of an answer in a conversation, read from its stream. */
import type { Classification, DocumentBrief } from "../types";

export interface Citation {
  number: number;
  document: DocumentBrief;
  chunk_id: number;
  page: number | null;
  sheet: string | null;
  heading: string[];
  quote: string;
}

/** What the cited passages say of a sentence that a model wrote; null where it is a quotation. */
export type Support = "supported" | "unsupported" | "unchecked" | null;

export interface Sentence {
  text: string;
  citations: number[];
  support: Support;
  /** Why, in the language of the answer. */
  reason: string;
}

/** What a second model says of a sentence that was sent before, by its place from 0. */
export interface Judged {
  sentence: number;
  support: Exclude<Support, null>;
  reason: string;
}

export interface Outcome {
  question: string;
  answerable: boolean;
  answer: string;
  classification: Classification | null;
  citations: Citation[];
  language: string;
  helped_by: string;
  /** The language model that wrote the answer; empty where it is made of quotations. */
  model: string;
  /** Why it is made of quotations. */
  fallback:
    | "no_model"
    | "quota"
    | "failed"
    | "withheld"
    | "check"
    | "access"
    | "needs_model"
    | "chosen"
    | null;
  /** What there is to add to that, such as when a quota is renewed. */
  problem: string;
  /** Why a written answer ends early. */
  stopped: "length" | "cut" | "check" | null;
  /** Whether the reader is to be warned of sentences that are not borne out. */
  warning: boolean;
  /** Number of what waits for a person to decide on it; the last sentence says that it does. */
  held: number | null;
  /** That somebody stands for these very words: no model was asked. */
  approved: { id: number; sources: string; review_on: string } | null;
  /** Documents of which a part is left out: it speaks to an assistant, not to a reader. */
  left_out: DocumentBrief[];
}

/** The numbers of the turns that an answer and its question are stored as; the first event. */
export interface Begun {
  question: number;
  answer: number;
}

export type AnswerEvent =
  | { event: "turn"; data: Begun }
  | { event: "citation"; data: Citation }
  | { event: "sentence"; data: Sentence }
  | { event: "judged"; data: Judged }
  | { event: "done"; data: Outcome }
  | { event: "stopped"; data: { answer: number } }
  | { event: "problem"; data: { title: string; status: number; detail: string } };

const NAMES = new Set(["turn", "citation", "sentence", "judged", "done", "stopped", "problem"]);

/** After one of these nothing follows. */
export const LAST = new Set(["done", "stopped", "problem"]);

/** Reads the events of an answer. */
export const readEvents = (stream: ReadableStream<Uint8Array>) => readNamed<AnswerEvent>(stream, NAMES);

/** Reads server-sent events; events of other names are skipped, as the standard wants. */
export async function* readNamed<Event>(
  stream: ReadableStream<Uint8Array>,
  names: ReadonlySet<string>,
): AsyncGenerator<Event> {
  let rest = "";
  let name = "";
  let data: string[] = [];
  const reader = stream
    .pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>)
    .getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      rest += value;
      const lines = rest.split(/\r\n|\n|\r(?!$)/);
      rest = lines.pop() ?? "";
      for (const line of lines) {
        if (line === "") {
          if (names.has(name) && data.length > 0) {
            yield { event: name, data: JSON.parse(data.join("\n")) } as Event;
          }
          name = "";
          data = [];
        } else if (line.startsWith("event:")) {
          name = line.slice(6).trim();
        } else if (line.startsWith("data:")) {
          data.push(line.slice(5).replace(/^ /, ""));
        }
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

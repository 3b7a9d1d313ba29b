import type { Citation, Sentence } from "@/api/answers/events";
import type { ComparisonEvent, Side, SideOutcome } from "@/api/comparisons/stream";
import type { WholeComparison } from "@/api/types";

/** What there is of one answer. */
export interface Answered {
  sentences: Sentence[];
  citations: Citation[];
  outcome: SideOutcome | null;
  /** Why it has none. */
  problem: string;
}

/** A comparison while it is answered, and until it is voted on. */
export interface Comparison {
  id: number | null;
  question: string;
  left: Answered;
  right: Answered;
  /** `unvotable`: not both sides have an answer. */
  state: "answering" | "votable" | "unvotable" | "failed" | "voted";
  problem: unknown;
  /** What the vote told. */
  whole: WholeComparison | null;
}

const NOTHING: Answered = { sentences: [], citations: [], outcome: null, problem: "" };

export const begun = (question: string): Comparison => ({
  id: null,
  question,
  left: NOTHING,
  right: NOTHING,
  state: "answering",
  problem: null,
  whole: null,
});

/** The comparison after another event of its stream. */
export function after(comparison: Comparison, event: ComparisonEvent): Comparison {
  switch (event.event) {
    case "comparison":
      return { ...comparison, id: event.data.id };
    case "ready":
      return { ...comparison, state: event.data.votable ? "votable" : "unvotable" };
    default: {
      const { side } = event.data;
      return { ...comparison, [side]: said(comparison[side], event) };
    }
  }
}

type Said = Exclude<ComparisonEvent, { event: "comparison" | "ready" }>;

function said(before: Answered, { event, data }: Said): Answered {
  switch (event) {
    case "citation":
      return { ...before, citations: [...before.citations, data] };
    case "sentence":
      return { ...before, sentences: [...before.sentences, data] };
    case "judged": {
      const { sentence: place, support, reason } = data;
      return {
        ...before,
        sentences: before.sentences.map((sentence, at) =>
          at === place ? { ...sentence, support, reason } : sentence,
        ),
      };
    }
    case "done":
      return { ...before, outcome: data };
    case "problem":
      return { ...before, problem: data.detail };
  }
}

/** Whether a side has nothing more to say. */
export const isWhole = ({ outcome, problem }: Answered): boolean => outcome !== null || problem !== "";

/** The side that a vote is for, if it is for one. */
export const preferred = (vote: string | null | undefined): Side | null =>
  vote === "left" || vote === "right" ? vote : null;

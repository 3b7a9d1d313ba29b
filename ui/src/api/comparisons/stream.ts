import { type Citation, type Judged, readNamed, type Sentence } from "../answers/events";
import { client } from "../client";
import { Problem } from "../problem";
import type { ComparisonWish } from "../types";

export type Side = "left" | "right";
export const SIDES = ["left", "right"] as const satisfies Side[];

/** How the answer of a side ended; who wrote it is told after the vote. */
export interface SideOutcome {
  language: string;
  answerable: boolean;
  warning: boolean;
  stopped: "length" | "cut" | "check" | null;
  held: number | null;
  problem: string;
}

type Of<Data> = Data & { side: Side };

export type ComparisonEvent =
  | { event: "comparison"; data: { id: number } }
  | { event: "citation"; data: Of<Citation> }
  | { event: "sentence"; data: Of<Sentence> }
  | { event: "judged"; data: Of<Judged> }
  | { event: "done"; data: Of<SideOutcome> }
  | { event: "problem"; data: Of<{ detail: string }> }
  | { event: "ready"; data: { votable: boolean } };

const NAMES = new Set(["comparison", "citation", "sentence", "judged", "done", "problem", "ready"]);

/** Both answers, event by event, up to `ready`; throws the problem that cut them short. */
export async function* streamComparison(
  wish: ComparisonWish,
  signal: AbortSignal,
): AsyncGenerator<ComparisonEvent> {
  const { response } = await client.POST("/api/v1/comparisons", {
    body: wish,
    headers: { accept: "text/event-stream" },
    parseAs: "stream",
    signal,
  });
  if (response.body === null) throw new Problem(502);
  try {
    for await (const event of readNamed<ComparisonEvent>(response.body, NAMES)) {
      yield event;
      if (event.event === "ready") return;
    }
  } catch (error) {
    if (error instanceof Problem || signal.aborted) throw error;
    throw new Problem(0);
  }
  throw new Problem(0);
}

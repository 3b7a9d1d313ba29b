import { readNamed } from "../answers/events";
import { client } from "../client";
import { Problem } from "../problem";
import type { TrialWish } from "../types";

/** What one model answered to one input, or why it did not. */
export interface Cell {
  row: number;
  column: number;
  text: string;
  model: string;
  prompt_tokens: number;
  completion_tokens: number;
  euros: number | null;
  problem: string;
}

type TrialEvent = { event: "cell"; data: Cell } | { event: "tried"; data: { cells: number } };

const NAMES = new Set(["cell", "tried"]);

/** The answers of a trial, as each is whole; throws the problem that cut it short. */
export async function* streamTrial(wish: TrialWish, signal: AbortSignal): AsyncGenerator<Cell> {
  const { response } = await client.POST("/api/v1/prompts/trial", {
    body: wish,
    headers: { accept: "text/event-stream" },
    parseAs: "stream",
    signal,
  });
  if (response.body === null) throw new Problem(502);
  try {
    for await (const event of readNamed<TrialEvent>(response.body, NAMES)) {
      if (event.event === "tried") return;
      yield event.data;
    }
  } catch (error) {
    if (error instanceof Problem || signal.aborted) throw error;
    throw new Problem(0);
  }
  throw new Problem(0);
}

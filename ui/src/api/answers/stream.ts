import { client } from "../client";
import { Problem } from "../problem";
import { type Filters, given } from "../search/queries";
import type { Turn } from "../types";
import { type AnswerEvent, readEvents } from "./events";

export interface AnswerRequest {
  question: string;
  history: Turn[];
  filters: Filters;
}

/** The answer to a question, event by event; ends with `done`, or throws the problem that cut it short. */
export async function* streamAnswer(
  request: AnswerRequest,
  signal: AbortSignal,
): AsyncGenerator<AnswerEvent> {
  const { question, history, filters } = request;
  const { response } = await client.POST("/api/v1/ask", {
    body: { question, history, filters: given(filters) },
    headers: { accept: "text/event-stream" },
    parseAs: "stream",
    signal,
  });
  if (response.body === null) throw new Problem(502);
  try {
    for await (const event of readEvents(response.body)) {
      if (event.event === "error") throw new Problem(event.data.status, event.data.detail);
      yield event;
      if (event.event === "done") return;
    }
  } catch (error) {
    if (error instanceof Problem || signal.aborted) throw error;
    throw new Problem(0);
  }
  throw new Problem(0);
}

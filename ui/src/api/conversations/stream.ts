import { type AnswerEvent, LAST, readEvents } from "../answers/events";
import { client } from "../client";
import { Problem } from "../problem";
import { type Filters, given } from "../search/queries";

/** What is wanted of a conversation: the next question, an earlier one asked otherwise, another answer. */
export type Wish =
  | { kind: "ask"; question: string; filters: Filters }
  | { kind: "edit"; turn: number; question: string; filters: Filters }
  | { kind: "regenerate"; turn: number; model?: string };

/** The answer, event by event; ends with the last of them, or throws the problem that cut it short. */
export async function* streamAnswer(
  conversation: number,
  wish: Wish,
  signal: AbortSignal,
): AsyncGenerator<AnswerEvent> {
  const response = await send(conversation, wish, signal);
  if (response.body === null) throw new Problem(502);
  try {
    for await (const event of readEvents(response.body)) {
      yield event;
      if (LAST.has(event.event)) return;
    }
  } catch (error) {
    if (error instanceof Problem || signal.aborted) throw error;
    throw new Problem(0);
  }
  throw new Problem(0);
}

async function send(id: number, wish: Wish, signal: AbortSignal): Promise<Response> {
  const how = { headers: { accept: "text/event-stream" }, parseAs: "stream", signal } as const;
  const path = { conversation_id: id };
  // Whoever reloads the page, or loses the network, finds the answer written to its end.
  const query = { stay: true };
  switch (wish.kind) {
    case "ask": {
      const body = { question: wish.question, filters: given(wish.filters) };
      const address = "/api/v1/conversations/{conversation_id}/ask";
      return (await client.POST(address, { ...how, params: { path, query }, body })).response;
    }
    case "edit": {
      const body = { question: wish.question, filters: given(wish.filters) };
      const address = "/api/v1/conversations/{conversation_id}/turns/{turn_id}/edit";
      const params = { path: { ...path, turn_id: wish.turn }, query };
      return (await client.POST(address, { ...how, params, body })).response;
    }
    case "regenerate": {
      const address = "/api/v1/conversations/{conversation_id}/turns/{turn_id}/regenerate";
      const params = { path: { ...path, turn_id: wish.turn }, query };
      const body = { model: wish.model ?? "" };
      return (await client.POST(address, { ...how, params, body })).response;
    }
  }
}

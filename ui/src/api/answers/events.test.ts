import { describe, expect, it } from "vitest";
import { readEvents } from "./events";

const streamOf = (text: string, size: number): ReadableStream<Uint8Array> => {
  const bytes = new TextEncoder().encode(text);
  return new ReadableStream({
    start(controller) {
      for (let at = 0; at < bytes.length; at += size) controller.enqueue(bytes.slice(at, at + size));
      controller.close();
    },
  });
};

describe("the stream of an answer", () => {
  const text =
    ': keep-alive\n\nevent: sentence\r\ndata: {"text":"Été €",\r\ndata: "citations":[1]}\r\n\r\n' +
    'event: novelty\ndata: {}\n\nevent: sentence\ndata: {"text":"b","citations":[]}\n\n';

  it.each([1, 2, 3, 7, 1000])("reads the same events in pieces of %i bytes", async (size) => {
    const events = [];
    for await (const event of readEvents(streamOf(text, size))) events.push(event);
    expect(events).toEqual([
      { event: "sentence", data: { text: "Été €", citations: [1] } },
      { event: "sentence", data: { text: "b", citations: [] } },
    ]);
  });
});

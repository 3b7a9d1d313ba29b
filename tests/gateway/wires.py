"""Services on loopback that speak as Anthropic, Google and Bedrock do, and say what they are told to."""

import asyncio
import json
import struct
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from zlib import crc32

Json = dict[str, Any]


@dataclass
class Wire:
    """What is answered, and what was asked.

    Attributes:
        pieces: of the body, each sent alone.
        status: of every answer.
        kind: of its content.
        cut: whether the connection is cut after the pieces.
        silent: whether nothing follows the pieces, nor an end.
        gone: set when who asked has gone.
    """

    pieces: Sequence[bytes] = ()
    status: int = 200
    kind: str = "text/event-stream"
    cut: bool = False
    silent: bool = False
    address: str = ""
    paths: list[str] = field(default_factory=list)
    asked: list[Json] = field(default_factory=list)
    gone: asyncio.Event = field(default_factory=asyncio.Event)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one request."""
        with suppress(OSError, EOFError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            lines = dict(line.lower().split(": ", 1) for line in head.split("\r\n")[1:] if line)
            self.paths.append(head.split()[1])
            self.asked.append(json.loads(await reader.readexactly(int(lines["content-length"]))))
            writer.write(
                f"HTTP/1.1 {self.status} Said\r\ncontent-type: {self.kind}\r\nretry-after: 9\r\n"
                "connection: close\r\ntransfer-encoding: chunked\r\n\r\n".encode()
            )
            for piece in self.pieces:
                writer.write(b"%x\r\n%b\r\n" % (len(piece), piece))
                await writer.drain()
                await asyncio.sleep(0.01)
            if self.silent:
                await reader.read(1)
                self.gone.set()
            if not self.cut:
                writer.write(b"0\r\n\r\n")
        writer.close()


@asynccontextmanager
async def serving() -> AsyncIterator[Wire]:
    """The service, until the end of the block."""
    wire = Wire()
    server = await asyncio.start_server(wire.serve, "127.0.0.1", 0)
    wire.address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    yield wire
    server.close()
    await asyncio.sleep(0.05)


def anthropic_says(*contents: Json | str, stop: str = "end_turn") -> list[bytes]:
    """Events of Anthropic's Messages API: texts in words, and calls of tools."""
    message = {
        "id": "msg_1", "type": "message", "role": "assistant", "model": "claude-haiku-4-5",
        "content": [], "stop_reason": None, "stop_sequence": None,
        "usage": {"input_tokens": 11, "output_tokens": 1},
    }  # fmt: skip
    events: list[Json] = [{"type": "message_start", "message": message}]
    for at, content in enumerate(contents):
        if isinstance(content, str):
            block: Json = {"type": "text", "text": ""}
            deltas = [{"type": "text_delta", "text": f"{word} "} for word in content.split()]
        else:
            block = {"type": "tool_use", "id": "toolu_1", "name": content["name"], "input": {}}
            written = json.dumps(content["arguments"])
            halves = (written[:5], written[5:])
            deltas = [{"type": "input_json_delta", "partial_json": half} for half in halves]
        events.append({"type": "content_block_start", "index": at, "content_block": block})
        events += [{"type": "content_block_delta", "index": at, "delta": one} for one in deltas]
        events.append({"type": "content_block_stop", "index": at})
    events += [
        {
            "type": "message_delta",
            "delta": {"stop_reason": stop, "stop_sequence": None},
            "usage": {"output_tokens": 5},
        },
        {"type": "message_stop"},
    ]
    return [f"event: {one['type']}\ndata: {json.dumps(one)}\n\n".encode() for one in events]


def google_says(*texts: str) -> list[bytes]:
    """Events of Google's Gemini API."""
    usage = {"promptTokenCount": 11, "candidatesTokenCount": 5, "totalTokenCount": 16}
    events: list[Json] = [
        {"candidates": [{"content": {"role": "model", "parts": [{"text": text}]}, "index": 0}]}
        for text in texts
    ]
    events[-1]["candidates"][0]["finishReason"] = "STOP"
    events[-1]["usageMetadata"] = usage
    return [f"data: {json.dumps(one)}\r\n\r\n".encode() for one in events]


def bedrock_says(*texts: str) -> list[bytes]:
    """Messages of Bedrock's ConverseStream, in Amazon's event stream encoding."""
    events: list[tuple[str, Json]] = [("messageStart", {"role": "assistant"})]
    events += [
        ("contentBlockDelta", {"contentBlockIndex": 0, "delta": {"text": text}}) for text in texts
    ]
    usage = {"inputTokens": 11, "outputTokens": 5, "totalTokens": 16}
    events += [
        ("contentBlockStop", {"contentBlockIndex": 0}),
        ("messageStop", {"stopReason": "end_turn"}),
        ("metadata", {"usage": usage, "metrics": {"latencyMs": 3}}),
    ]
    return [_encoded(kind, document) for kind, document in events]


def _encoded(kind: str, document: Json) -> bytes:
    named = {
        ":event-type": kind,
        ":content-type": "application/json",
        ":message-type": "event",
    }
    headers = b"".join(
        struct.pack("!B", len(name))
        + name.encode()
        + struct.pack("!BH", 7, len(value))
        + value.encode()
        for name, value in named.items()
    )
    body = json.dumps(document).encode()
    prelude = struct.pack("!II", 16 + len(headers) + len(body), len(headers))
    message = prelude + struct.pack("!I", crc32(prelude)) + headers + body
    return message + struct.pack("!I", crc32(message))

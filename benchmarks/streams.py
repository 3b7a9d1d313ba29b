"""Requests whose answers come as server-sent events, cheap enough to ask beside what they measure."""

import asyncio
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

Speaks = Callable[[bytes], bool]
"""Whether the data of an event holds words of an answer."""


@dataclass
class Answer:
    """What came of a request.

    Attributes:
        status: of HTTP; 0: none came.
        first_s: from the request, connecting included, to the first words; None: there were none.
        duration_s: to the last byte.
        events: how many came.
        last: the data of the last one.
        whole: whether the answer ended as it should.
    """

    status: int = 0
    first_s: float | None = None
    duration_s: float = 0.0
    events: int = 0
    last: bytes = b""
    whole: bool = False

    @property
    def failed(self) -> bool:
        """Whether it is not the answer that was asked for."""
        return self.status != 200 or self.first_s is None or not self.whole


def chat_words(data: bytes) -> bool:
    """Of OpenAI's chat completions."""
    if not data.startswith(b"{"):
        return False
    choices = json.loads(data).get("choices") or [{}]
    return bool((choices[0].get("delta") or {}).get("content"))


@dataclass(frozen=True)
class Door:
    """Where answers are asked for.

    Attributes:
        url: of the route.
        body: what is sent, as JSON.
        key: sent as a bearer token; empty: none.
        speaks: tells words from the rest.
        ends: what the data of the last event begins with.
    """

    url: str
    body: Mapping[str, Any]
    key: str = ""
    speaks: Speaks = chat_words
    ends: bytes = b"[DONE]"

    def request(self, **other: Any) -> bytes:
        """The request as it travels, with some fields of the body changed."""
        body = json.dumps({**self.body, **other}).encode()
        parts = urlsplit(self.url)
        key = f"Authorization: Bearer {self.key}\r\n" if self.key else ""
        head = (
            f"POST {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\n{key}Accept: text/event-stream\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        )
        return head.encode() + body


async def ask(
    door: Door,
    *,
    opened: Callable[[], None] = lambda: None,
    only_first: bool = False,
    limit_s: float = 600.0,
    **other: Any,
) -> Answer:
    """Ask, on a connection of its own, and read to the end.

    Args:
        door: where.
        opened: called when the first words are there.
        only_first: leave at the first words.
        limit_s: for all of it.
        other: fields of the body that differ.
    """
    parts = urlsplit(door.url)
    loop = asyncio.get_running_loop()
    reader = _Reader(door, opened, loop.create_future(), only_first=only_first)
    started = time.perf_counter()
    reader.started = started
    transport: asyncio.BaseTransport | None = None
    try:
        async with asyncio.timeout(limit_s):
            transport, _ = await loop.create_connection(lambda: reader, parts.hostname, parts.port)
            transport.write(door.request(**other))
            await reader.over
    except (OSError, TimeoutError):
        pass
    finally:
        if transport is not None:
            transport.abort()
    reader.answer.duration_s = time.perf_counter() - started
    return reader.answer


class _Reader(asyncio.Protocol):
    """Reads an answer: every event is counted; only those before the first words are understood."""

    def __init__(
        self,
        door: Door,
        opened: Callable[[], None],
        over: asyncio.Future[None],
        *,
        only_first: bool,
    ) -> None:
        self.answer = Answer()
        self.over = over
        self.started = 0.0
        self._door = door
        self._opened = opened
        self._only_first = only_first
        self._rest = b""

    def data_received(self, data: bytes) -> None:
        answer = self.answer
        lines = (self._rest + data).split(b"\n")
        self._rest = lines.pop()
        for line in lines:
            if line.startswith(b"data:"):
                answer.events += 1
                answer.last = said = line[5:].strip()
                if answer.first_s is None and self._door.speaks(said):
                    answer.first_s = time.perf_counter() - self.started
                    self._opened()
                    if self._only_first:
                        answer.whole = True
                        self._end()
                elif said.startswith(self._door.ends):
                    answer.whole = True
                    self._end()
            elif not answer.status and line.startswith(b"HTTP/"):
                answer.status = int(line.split()[1])
                if (
                    answer.status != 200
                ):  # what follows does not matter, and the connection may stay
                    self._end()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's name
        self._end()

    def _end(self) -> None:
        if not self.over.done():
            self.over.set_result(None)

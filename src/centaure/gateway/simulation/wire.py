"""HTTP/1.1 of the simulated service: requests read, answers sent whole or in chunks (RFC 9112)."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

_MOST_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked of the service."""

    method: str
    path: str
    body: bytes


class Exchange:
    """One request's answer on its connection.

    Every wait ends with `ConnectionResetError` as soon as who asked has gone.
    """

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    def send(self, status: int, body: bytes, headers: Mapping[str, str] | None = None) -> None:
        """A whole answer."""
        self._writer.write(
            _head(status, {**(headers or {}), "content-length": str(len(body))}) + body
        )

    def begin_events(self) -> None:
        """The beginning of an answer that comes in events."""
        headers = {"transfer-encoding": "chunked", "content-type": "text/event-stream"}
        self._writer.write(_head(200, headers))

    async def event(self, data: bytes) -> None:
        """One event."""
        if self._writer.transport.is_closing() or self._reader.at_eof():
            raise ConnectionResetError
        framed = b"data: %b\n\n" % data
        self._writer.write(b"%x\r\n%b\r\n" % (len(framed), framed))
        await self._writer.drain()

    def end_events(self) -> None:
        """Nothing follows."""
        self._writer.write(b"0\r\n\r\n")

    async def pause(self, seconds: float) -> None:
        """Wait, as a model that computes."""
        try:
            async with asyncio.timeout(seconds):
                await self.until_left()
        except TimeoutError:
            return

    async def until_left(self) -> None:
        """Wait for who asked to go away."""
        await self._reader.read(1)
        raise ConnectionResetError

    def cut(self) -> None:
        """Close the connection without a word."""
        self._writer.transport.abort()
        raise BrokenPipeError


async def read_request(reader: asyncio.StreamReader) -> Request | None:
    """The next request of a connection; None: there is none.

    Raises:
        ValueError: it is no request.
    """
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return None
    first, *lines = head.decode("latin-1").split("\r\n")
    method, target, _ = first.split(" ", 2)
    headers = {
        name.strip().lower(): value.strip()
        for name, _, value in (one.partition(":") for one in lines)
    }
    length = int(headers.get("content-length") or 0)
    if not 0 <= length <= _MOST_BYTES or "transfer-encoding" in headers:
        raise ValueError(headers)
    return Request(method, target.partition("?")[0], await reader.readexactly(length))


def as_json(value: object) -> bytes:
    """A document, as short as it gets."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _head(status: int, headers: Mapping[str, Any]) -> bytes:
    named = {"content-type": "application/json", "x-simulated": "true", **headers}
    lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}"]
    lines += [f"{name}: {value}" for name, value in named.items()]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")

"""A small HTTP server on this machine that a twin answers through."""

import json
import threading
import urllib.parse
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from typing_extensions import override

_LARGEST_REQUEST = 1 << 20
_TIMEOUT_S = 30.0
_POLL_S = 0.05


@dataclass(frozen=True, slots=True)
class Asked:
    """A request: the path is as it was sent, still percent-encoded; names of headers are lower-case."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    def form(self) -> dict[str, str]:
        """The body as a form."""
        return dict(urllib.parse.parse_qsl(self.body.decode()))


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


def in_json(value: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Answered:
    """An answer in JSON."""
    return Answered(
        status, json.dumps(value).encode(), {"Content-Type": "application/json", **(headers or {})}
    )


class LocalServer:
    """Answers on a free port of 127.0.0.1 from `start` until `stop`."""

    def __init__(
        self, answer: Callable[[Asked], Answered], now: Callable[[], float] | None = None
    ) -> None:
        """Opens the port, answers nothing yet.

        Args:
            answer: called in threads of its own.
            now: the time to say in `Date`, in seconds since 1970.
        """

        class Handler(_Handler):
            answering = staticmethod(answer)
            clock = staticmethod(now) if now else None

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(_POLL_S,), daemon=True
        )
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def stop(self) -> None:
        """Answer no more and close the port."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(_TIMEOUT_S)


class Twin:
    """What twins share: they start and stop with a `with`, and can ask their callers to wait."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self._to_throttle = 0
        self._retry_after = 0.0
        self._servers: list[LocalServer] = []

    def throttle(self, requests: int, retry_after_s: float = 0) -> None:
        """Answer the next requests with 429 and `Retry-After`."""
        with self.lock:
            self._to_throttle = requests
            self._retry_after = retry_after_s

    def throttled(self) -> Answered | None:
        """The answer that asks to wait, while one is due."""
        with self.lock:
            if not self._to_throttle:
                return None
            self._to_throttle -= 1
            return Answered(429, b"", {"Retry-After": f"{self._retry_after:.0f}"})

    def serve(
        self, answer: Callable[[Asked], Answered], now: Callable[[], float] | None = None
    ) -> LocalServer:
        """A server that runs as long as the twin does."""
        server = LocalServer(answer, now)
        self._servers.append(server)
        return server

    def __enter__(self) -> Self:
        for server in self._servers:
            server.start()
        return self

    def __exit__(self, *_: object) -> None:
        for server in self._servers:
            server.stop()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = _TIMEOUT_S
    # Head and body in one piece: apart, the second would wait for the first to be acknowledged.
    wbufsize = 1 << 16
    disable_nagle_algorithm = True
    answering: Callable[[Asked], Answered]
    clock: Callable[[], float] | None = None

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def do_PROPFIND(self) -> None:
        self._answer()

    @override
    def log_message(self, format: str, *args: Any) -> None:
        """Nothing is logged: requests hold tokens."""

    @override
    def date_time_string(self, timestamp: float | None = None) -> str:
        if self.clock is not None and timestamp is None:
            return formatdate(self.clock(), usegmt=True)
        return super().date_time_string(timestamp)

    def _answer(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        if length > _LARGEST_REQUEST:
            self.send_error(413)
            return
        split = urllib.parse.urlsplit(self.path)
        answered = self.answering(
            Asked(
                self.command,
                split.path,
                dict(urllib.parse.parse_qsl(split.query, keep_blank_values=True)),
                {name.lower(): value for name, value in self.headers.items()},
                self.rfile.read(length),
            )
        )
        self.send_response(answered.status)
        for name, value in answered.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answered.body)))
        self.end_headers()
        self.wfile.write(answered.body)

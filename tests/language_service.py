"""A service of chat completions on loopback, which answers as it is told and keeps what it was asked."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any


@dataclass
class Chat:
    """What it was asked, and how it is to answer.

    Attributes:
        status: of every answer.
        wait_s: before every answer.
        body: of every answer; None: what `write` says.
        endless: whether the body never ends.
        write: from instructions and text to what is written.
        began: set once it is asked.
        gone: set once somebody who asked has gone before the end of the answer.
    """

    address: str = ""
    status: int = 200
    wait_s: float = 0.0
    body: bytes | None = None
    endless: bool = False
    write: Callable[[str, str], str] = lambda _, text: text
    asked: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    began: Event = field(default_factory=Event)
    gone: Event = field(default_factory=Event)

    def said(self) -> str:
        """Everything that it was sent."""
        return json.dumps(self.asked, ensure_ascii=False)


@contextmanager
def serving() -> Iterator[Chat]:
    """The service, until the end of the block."""
    told = Chat()
    server = _Server(("127.0.0.1", 0), _handler(told))
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    told.address = f"http://127.0.0.1:{server.server_port}/v1"
    yield told
    server.shutdown()
    server.server_close()
    thread.join()


def _handler(told: Chat) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
            told.asked.append(asked)
            told.began.set()
            told.keys.append(self.headers.get("authorization", ""))
            if self._left_within(told.wait_s):
                told.gone.set()
                return
            instructions, text = (one["content"] for one in asked["messages"])
            delta = {"content": told.write(instructions, text)}
            event = json.dumps({"choices": [{"delta": delta, "finish_reason": "stop"}]})
            written = f"data: {event}\n\ndata: [DONE]\n\n".encode()
            body = written if told.body is None else told.body
            self.send_response(told.status if self.path == "/v1/chat/completions" else 404)
            self.send_header("content-type", "text/event-stream")
            if not told.endless:
                self.send_header("content-length", str(len(body)))
            self.end_headers()
            try:
                self.wfile.write(body)
                while told.endless:
                    self.wfile.write(b" " * 65_536)
            except OSError:
                told.gone.set()

        def _left_within(self, wait_s: float) -> bool:
            """Wait; whether who asks closes the connection meanwhile."""
            ends = time.monotonic() + wait_s
            self.connection.settimeout(0.02)
            while time.monotonic() < ends:
                with suppress(TimeoutError):
                    if not self.connection.recv(1):
                        return True
            self.connection.settimeout(None)
            return False

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
            pass

    return Handler


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """Who asked went away before the answer: nothing to say."""

"""A service of reranking on loopback: a text's score is its length, unless it is told otherwise."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any


@dataclass
class Reranking:
    """What it was asked, and how it is to answer.

    Attributes:
        status: of every answer.
        wait_s: before every answer.
        answer: the body of every answer; None: scores.
    """

    address: str = ""
    status: int = 200
    wait_s: float = 0.0
    answer: bytes | None = None
    asked: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)


@contextmanager
def serving() -> Iterator[Reranking]:
    """The service, until the end of the block."""
    told = Reranking()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
            told.asked.append(asked)
            told.keys.append(self.headers.get("authorization", ""))
            time.sleep(told.wait_s)
            name = "score" if "texts" in asked else "relevance_score"
            texts = asked.get("texts") or asked.get("documents") or []
            scores = [{"index": at, name: len(text)} for at, text in enumerate(texts)]
            scores.sort(key=lambda one: -one[name])
            body = json.dumps(scores if "texts" in asked else {"results": scores}).encode()
            body = body if told.answer is None else told.answer
            self.send_response(told.status if self.path == "/v1/rerank" else 404)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
            pass

    class Server(ThreadingHTTPServer):
        def handle_error(self, request: Any, client_address: Any) -> None:
            """Who asked went away before the answer: nothing to say."""

    server = Server(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    told.address = f"http://127.0.0.1:{server.server_port}/v1"
    yield told
    server.shutdown()
    server.server_close()
    thread.join()

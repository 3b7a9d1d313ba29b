"""A service of embeddings on loopback, as obedient as a test wants it."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from centaure.knowledge.retrieval.trigrams import Trigrams


@dataclass
class Service:
    """What it was asked, and how it is to answer.

    Attributes:
        status: of every answer.
        longest: characters of a text from which it answers 400, as real ones do with tokens.
        meanwhile: called before each answer.
        answer: the body of every answer; None: vectors.
    """

    address: str = ""
    status: int = 200
    longest: int = 1_000_000
    answer: bytes | None = None
    meanwhile: Callable[[], object] | None = None
    asked: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)


@contextmanager
def serving() -> Iterator[Service]:
    """The service, until the end of the block."""
    told = Service()
    vectors = Trigrams(32)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
            told.asked.append(asked)
            told.keys.append(self.headers.get("authorization", ""))
            if told.meanwhile is not None:
                told.meanwhile()
            status = told.status
            if any(len(text) > told.longest for text in asked["input"]):
                status = 400
            made = vectors.embed_passages(asked["input"])
            data = [{"index": place, "embedding": vector} for place, vector in enumerate(made)]
            body = told.answer or json.dumps({"data": data[::-1]}).encode()
            self.send_response(status if self.path == "/v1/embeddings" else 404)
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

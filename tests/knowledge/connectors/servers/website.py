"""A web site over HTTP/1.1, whose pages a test writes; it counts what it is asked."""

import hashlib
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HTML = "text/html; charset=utf-8"


@dataclass
class Answer:
    """What a target is answered with; `etag` None has none sent."""

    content: bytes
    content_type: str = HTML
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    etag: str | None = ""


class Site:
    """Answers by their target, such as `/a?b=c`."""

    def __init__(self):
        self.answers: dict[str, Answer] = {}
        self.asked: list[tuple[str, str]] = []
        self.agents: set[str] = set()
        self.password = ""
        self.port = 0
        self.is_down = False

    @property
    def origin(self):
        return f"http://127.0.0.1:{self.port}"

    def page(self, target, text, **more):
        self.answers[target] = Answer(text.encode() if isinstance(text, str) else text, **more)

    def clear(self):
        self.answers.clear()
        self.asked.clear()
        self.password = ""


def _handler(site):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 20

        def log_message(self, *_):
            """Nothing is written anywhere."""

        def do_GET(self):
            if site.is_down:
                self.close_connection = True
                return
            site.asked.append((self.command, self.path))
            site.agents.add(self.headers.get("User-Agent", ""))
            if site.password and self.headers.get("Authorization") != site.password:
                self._answer(Answer(b"no", "text/plain", 401))
                return
            found = site.answers.get(self.path)
            self._answer(found or Answer(b"not here", "text/plain", 404))

        def do_HEAD(self):
            self.do_GET()

        def _answer(self, answer):
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.content_type)
            self.send_header("Content-Length", str(len(answer.content)))
            if answer.etag is not None and answer.status == 200:
                etag = answer.etag or hashlib.sha256(answer.content).hexdigest()[:16]
                self.send_header("ETag", f'"{etag}"')
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(answer.content)

    return Handler


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        """A client that hangs up is none of the server's faults."""


@contextmanager
def website_server():
    site = Site()
    with _Server(("127.0.0.1", 0), _handler(site)) as server:
        site.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield site
        finally:
            site.is_down = True
            server.shutdown()
            thread.join(10)

"""A model that is fetched: from a server on loopback, whole and right or not at all."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from centaure.kit.errors import InvalidInput, NotFound, Unavailable
from centaure.knowledge.retrieval.fetching import (
    PUBLISHED,
    PublishedFile,
    PublishedModel,
    fetch,
    published_model,
)

CONTENTS = {"config.json": b"{}", "model.safetensors": b"weights " * 50_000}


@dataclass
class Shelf:
    """What a server has, and what it was asked for."""

    address: str = ""
    files: dict[str, bytes] = field(default_factory=lambda: dict(CONTENTS))
    asked: list[str] = field(default_factory=list)
    cut: int = 0


@pytest.fixture
def shelf() -> Iterator[Shelf]:
    told = Shelf()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            name = self.path.removeprefix("/models/")
            told.asked.append(name)
            body = told.files.get(name)
            self.send_response(404 if body is None else 200)
            self.send_header("content-length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write((body or b"")[: len(body or b"") - told.cut])

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
            pass

    class Server(ThreadingHTTPServer):
        def handle_error(self, request: Any, client_address: Any) -> None:
            """Who fetched gave up before the end, as some of these tests want."""

    server = Server(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    told.address = f"http://127.0.0.1:{server.server_port}/models"
    yield told
    server.shutdown()
    server.server_close()
    thread.join()


def model(address: str) -> PublishedModel:
    files = tuple(
        PublishedFile(name, len(body), hashlib.sha256(body).hexdigest())
        for name, body in CONTENTS.items()
    )
    return PublishedModel(address, ("127.0.0.1",), "MIT", files)


def held(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_files_are_fetched_once_and_told(shelf: Shelf, tmp_path: Path) -> None:
    told: list[str] = []
    folder = tmp_path / "deep" / "model"
    fetch(model(shelf.address), folder, tell=lambda file: told.append(file.path))
    assert held(folder) == CONTENTS
    assert told == shelf.asked == list(CONTENTS)
    fetch(model(shelf.address), folder)
    assert shelf.asked == list(CONTENTS)
    (folder / "config.json").write_bytes(b"[]")  # spoilt on the disk: fetched again, alone
    fetch(model("http://elsewhere.example.org"), folder, mirror=shelf.address + "/")
    assert shelf.asked == [*CONTENTS, "config.json"]
    assert held(folder) == CONTENTS


@pytest.mark.parametrize("fault", ["other", "longer", "shorter", "cut", "absent"])
def test_a_file_that_is_not_the_one_expected_is_not_kept(
    shelf: Shelf, tmp_path: Path, fault: str
) -> None:
    right = CONTENTS["model.safetensors"]
    spoilt = {"other": right[::-1], "longer": right + b"x", "shorter": right[1:]}
    if fault in spoilt:
        shelf.files["model.safetensors"] = spoilt[fault]
    elif fault == "absent":
        del shelf.files["model.safetensors"]
    else:
        shelf.cut = 1
        shelf.files["config.json"] = b"{}"
        (tmp_path / "config.json").write_bytes(b"{}")
    with pytest.raises(Unavailable, match="What was fetched whole is kept"):
        fetch(model(shelf.address), tmp_path)
    assert held(tmp_path) == {"config.json": b"{}"}


def test_nobody_there_no_room_and_no_address_are_sentences(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("centaure.kit.outbound._backoff", lambda _: 0.0)
    with pytest.raises(Unavailable, match="put them in a folder"):
        fetch(model("http://127.0.0.1:9/models"), tmp_path)
    (tmp_path / "file").write_text("")
    with pytest.raises(Unavailable, match="cannot be written"):
        fetch(model("http://127.0.0.1:9/models"), tmp_path / "file")
    for mirror in ("ftp://127.0.0.1", "nowhere", "file:///etc"):
        with pytest.raises(InvalidInput):
            fetch(model("http://127.0.0.1:9/models"), tmp_path, mirror=mirror)


def test_only_known_models_are_fetched_and_each_is_pinned() -> None:
    with pytest.raises(NotFound, match="multilingual-e5-small"):
        published_model("gpt")
    for known in PUBLISHED.values():
        assert known.address.startswith("https://")
        assert "/main" not in known.address
        assert known.files[-1].size == max(file.size for file in known.files)
        assert all(len(bytes.fromhex(file.sha256)) == 32 for file in known.files)

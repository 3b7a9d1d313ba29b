"""What a search product is given and what is written of it, the same for every one.

A script of this folder runs twice in its own environment: `build FOLDER` makes an index of FOLDER's passages
under FOLDER/index, `ask FOLDER` opens it in a fresh process and answers the questions. FOLDER holds:

    collection.json        language ("fr" or "en"), readers (group lists by the share of passages that they
                           open), timed (how many questions are timed, at most)
    passages.jsonl         id, document, title, text, groups
    questions.jsonl        id, text
    vectors.npy            a row of length 1 for each passage, float32
    question_vectors.npy   a row of length 1 for each question

and afterwards build.json and ask.json. Vectors are looked up, not computed: no time holds an embedding.
"""

import gc
import json
import os
import socket
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

import numpy as np

DEEP = 100
"""Passages asked for when quality is measured."""
SHOWN = 10
"""Passages asked for when time is measured: what a person is shown."""
ALL = "100%"
"""The share of passages at which quality is measured."""
REPEATS = 3
"""Times that each is asked; the best counts, which leaves out what else the machine does."""
STEMMERS = {"fr": "french", "en": "english"}


@dataclass(frozen=True)
class Collection:
    """A folder, as the module's docstring describes it."""

    folder: Path

    @cached_property
    def settings(self) -> Mapping[str, Any]:
        return json.loads((self.folder / "collection.json").read_text(encoding="utf-8"))

    @property
    def language(self) -> str:
        return self.settings["language"]

    @property
    def readers(self) -> Mapping[str, list[str]]:
        """Groups of a reader, by the share of passages that they open."""
        return self.settings["readers"]

    @property
    def index(self) -> Path:
        """Where a product keeps its files."""
        return self.folder / "index"

    def lines(self, name: str) -> list[dict[str, Any]]:
        """The objects of `name`.jsonl."""
        with (self.folder / f"{name}.jsonl").open(encoding="utf-8") as file:
            return [json.loads(line) for line in file]

    def passages(self) -> list[dict[str, Any]]:
        return self.lines("passages")

    def vectors(self) -> np.ndarray:
        return np.load(self.folder / "vectors.npy")

    def question_vectors(self) -> dict[str, np.ndarray]:
        """The vector of each question, by its text."""
        vectors = np.load(self.folder / "question_vectors.npy")
        texts = (question["text"] for question in self.lines("questions"))
        return dict(zip(texts, vectors, strict=True))


def full_text(passage: Mapping[str, Any]) -> str:
    """Title and text: what is indexed where a product takes one text, and what vectors were made of."""
    return "\n".join(part for part in (passage["title"], passage["text"]) if part)


class Product(Protocol):
    """A search product as one of its users sets it up."""

    def build(self, collection: Collection) -> float | None:
        """Index the passages, with their groups, into `collection.index`.

        Returns:
            Bytes of the index; None: all its files.
        """
        ...

    def open(self, collection: Collection) -> None:
        """Open the index in another process, ready for questions of each group list of `readers`."""
        ...

    def ask(self, question: str, groups: list[str], depth: int) -> list[str]:
        """Identifiers of passages that one of the groups may read, best first, at most `depth`."""
        ...


def run(
    product: Product,
    prepare: Callable[[Collection], AbstractContextManager[object]] = nullcontext,
    processes: Callable[[Collection], list[int]] = lambda _: [],
) -> None:
    """The command line of a script.

    Args:
        product: what is measured; its packages are imported, nothing more.
        prepare: what goes on while it is, and is not measured: a server that is up.
        processes: others, besides this one, whose memory counts.
    """
    _stay_at_home()
    action, folder = sys.argv[1:]
    collection = Collection(Path(folder))
    collection.index.mkdir(exist_ok=True)
    with prepare(collection):
        written = (
            _build(product, collection)
            if action == "build"
            else _ask(product, collection, processes)
        )
    (collection.folder / f"{action}.json").write_text(json.dumps(written), encoding="utf-8")
    sys.stdout.flush()
    os._exit(0)  # some products leave threads behind that keep a process alive


def _stay_at_home() -> None:
    """Refuse every connection that leaves the machine."""
    connect = socket.socket.connect

    def connect_here(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX and address[0] not in {"127.0.0.1", "::1", "localhost"}:
            raise ConnectionRefusedError(f"The benchmark runs without a network, not to {address}.")
        connect(self, address)

    socket.socket.connect = connect_here


def _build(product: Product, collection: Collection) -> dict[str, Any]:
    started = time.perf_counter()
    size = product.build(collection)
    seconds = time.perf_counter() - started
    if size is None:
        files = (path for path in collection.index.rglob("*") if path.is_file())
        size = sum(path.stat().st_size for path in files)
    return {"build_s": seconds, "disk_mb": size / 1e6}


def _ask(
    product: Product, collection: Collection, processes: Callable[[Collection], list[int]]
) -> dict[str, Any]:
    questions = collection.lines("questions")
    readable = {
        share: {
            passage["id"] for passage in collection.passages() if {*passage["groups"]} & {*groups}
        }
        for share, groups in collection.readers.items()
    }
    gc.collect()
    before = _memory([os.getpid()])
    started = time.perf_counter()
    product.open(collection)
    opened = time.perf_counter() - started
    everything = collection.readers[ALL]
    found = {one["id"]: product.ask(one["text"], everything, DEEP) for one in questions}
    shares = {
        share: _timed(
            product,
            [one["text"] for one in questions[: collection.settings["timed"]]],
            groups,
            readable[share],
        )
        for share, groups in collection.readers.items()
    }
    gc.collect()
    return {
        "open_s": opened,
        "memory_mb": (_memory([os.getpid(), *processes(collection)]) - before) / 1e6,
        "found": found,
        "found_shown": {
            one["id"]: product.ask(one["text"], everything, SHOWN) for one in questions
        },
        "shares": shares,
    }


def _timed(
    product: Product, questions: list[str], groups: list[str], readable: set[str]
) -> dict[str, Any]:
    """Milliseconds of each question, passages given for it, and those that the groups may not read."""
    for question in questions[:5]:
        product.ask(question, groups, SHOWN)
    times: list[float] = []
    given: list[int] = []
    forbidden = forbidden_deep = 0
    for question in questions:
        tries: list[float] = []
        for _ in range(REPEATS):
            started = time.perf_counter()
            found = product.ask(question, groups, SHOWN)
            tries.append((time.perf_counter() - started) * 1000)
        times.append(min(tries))
        given.append(len(readable.intersection(found)))
        forbidden += len(set(found) - readable)
        forbidden_deep += len(set(product.ask(question, groups, DEEP)) - readable)
    return {
        "ms": times,
        "given": sum(given) / len(given),
        "possible": min(SHOWN, len(readable)),
        "forbidden": forbidden,
        "forbidden_deep": forbidden_deep,
    }


def _memory(processes: Iterable[int]) -> float:
    """Bytes that the processes and their descendants hold, a shared page divided by who shares it."""
    parents: dict[int, list[int]] = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            after = status.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except OSError:
            continue
        parents.setdefault(int(after[1]), []).append(int(status.parent.name))
    waiting, total = list(processes), 0.0
    while waiting:
        process = waiting.pop()
        waiting.extend(parents.get(process, []))
        try:
            rollup = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="utf-8")
        except OSError:
            continue
        total += next(
            int(line.split()[1]) * 1024 for line in rollup.splitlines() if line.startswith("Pss:")
        )
    return total

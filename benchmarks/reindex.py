"""A new embedding model over many passages, while a client searches ten times a second.

    make bench NAME=reindex

The client asks questions as a reader of everything, one every tenth of a second whatever the answers take,
in three periods: with nothing else going on, while a worker builds the new generation and makes it live,
and after the switch back. Every answer is compared with what the one or the other generation answers
alone: an answer that is neither is counted as mixed, unless it is by words alone, which is how a question is
answered whose model went out of use, or was late, between its vector and its search.

Passages are made of sentences of real collections, and embedded by the offline twin (letter trigrams), whose
cost is the processor's: a worst case for two cores.
"""

import argparse
import asyncio
import multiprocessing
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from centaure.app.installation import Installation, open_installation
from centaure.app.jobs import BLUEPRINTS
from centaure.kit.database import Database
from centaure.kit.jobs import open_queue
from centaure.kit.settings import Settings
from centaure.knowledge.indexing.generations import (
    VERSIONS,
    Wanted,
    begin_generation,
    find_generation,
    switch_to,
)
from centaure.knowledge.retrieval import SearchFilters, search
from centaure.knowledge.retrieval.meaning import Meanings
from centaure.knowledge.retrieval.models import EmbeddingModels, add_model
from centaure.knowledge.sources.index_jobs import request_keeping
from report import report
from search import fill, read_languages

EVERY_S = 0.1
LIMIT = 20
MODELS = {"old": 256, "new": 320}
"""Names of the two models, and the numbers of their vectors."""
WANTED_RATIO = 2


@dataclass
class Period:
    """What the client saw while something went on."""

    milliseconds: list[float] = field(default_factory=list[float])
    failed: int = 0
    old: int = 0
    new: int = 0
    words: int = 0
    mixed: int = 0

    def row(self, name: str, wanted: float | None) -> list[Any]:
        cuts = statistics.quantiles(self.milliseconds, n=20)
        return [
            name, len(self.milliseconds), cuts[9], cuts[18], max(self.milliseconds), wanted,
            self.failed, self.old, self.new, self.words, self.mixed,
        ]  # fmt: skip


async def ask(
    database: Database, meanings: Meanings, reader: int, question: str
) -> tuple[tuple[int, float], ...]:
    """What is found: passages and how near they are."""
    meaning = await meanings.of(database, question)
    async with database.read(reader) as session:
        found = await search(session, question, SearchFilters(), LIMIT, meaning)
    return tuple((hit.chunk_id, round(hit.similarity or 0, 4)) for hit in found.hits)


async def expected(
    installation: Installation, reader: int, questions: Sequence[str]
) -> list[tuple[tuple[int, float], ...]]:
    """What the live generation answers when nothing else goes on."""
    database = installation.database("app")
    meanings = Meanings(installation.models())
    answers = [await ask(database, meanings, reader, question) for question in questions]
    await database.close()
    return answers


def client(settings: Settings, reader: int, questions: Sequence[str], told: Any) -> None:
    """Ask, a question every tenth of a second, until told to stop; send back what came."""
    with open_installation(settings) as installation:

        async def ask_on() -> None:
            database = installation.database("app")
            meanings = Meanings(installation.models())
            seen: list[tuple[int, float, Any]] = []
            waiting: set[asyncio.Task[None]] = set()

            async def one(number: int) -> None:
                started = time.perf_counter()
                try:
                    answer: Any = await ask(database, meanings, reader, questions[number])
                except Exception as error:  # noqa: BLE001 - whatever fails is what is counted
                    answer = repr(error)
                seen.append((number, (time.perf_counter() - started) * 1000, answer))

            for number in range(5):
                await one(number)
            seen.clear()
            told.send("ready")
            begun, asked = time.monotonic(), 0
            while not told.poll():
                task = asyncio.create_task(one(asked % len(questions)))
                waiting.add(task)
                task.add_done_callback(waiting.discard)
                asked += 1
                await asyncio.sleep(max(0, begun + asked * EVERY_S - time.monotonic()))
            if waiting:
                await asyncio.wait(waiting)
            await database.close()
            told.send(seen)

        asyncio.run(ask_on())


class Client:
    """The client, in a process of its own, for as long as the block lasts."""

    def __init__(self, settings: Settings, reader: int, questions: Sequence[str]) -> None:
        context = multiprocessing.get_context("spawn")
        self._told, other = context.Pipe()
        self._process = context.Process(target=client, args=(settings, reader, questions, other))
        self.period = Period()
        self.answers: list[tuple[int, float, Any]] = []

    def __enter__(self) -> Self:
        self._process.start()
        assert self._told.recv() == "ready"
        return self

    def __exit__(self, *_: object) -> None:
        self._told.send("stop")
        self.answers = self._told.recv()
        self._process.join(30)

    def against(self, old: Sequence[Any], new: Sequence[Any]) -> Period:
        """What was seen, compared with what each generation answers."""
        period = Period()
        for number, milliseconds, answer in self.answers:
            period.milliseconds.append(milliseconds)
            if isinstance(answer, str):
                period.failed += 1
            elif answer == old[number]:
                period.old += 1
            elif answer == new[number]:
                period.new += 1
            elif not any(similarity for _, similarity in answer):
                period.words += 1
            else:
                period.mixed += 1
        return period


async def build(installation: Installation, name: str) -> tuple[int, float]:
    """Have `centaure worker` build a generation and make it live; its number, and seconds."""
    database = installation.database("indexer")
    async with (
        open_queue(database, BLUEPRINTS, pool_size=1).open_async() as queue,
        database.write(None) as session,
    ):
        begun = await begin_generation(session, Wanted(model=name), None)
        await request_keeping(session, queue)
    environment = {**os.environ, "CENTAURE_HOME": str(installation.settings.home)}
    started = time.monotonic()
    worker = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "centaure.app.cli", "worker", env=environment
    )
    try:
        while True:
            await asyncio.sleep(0.2)
            async with database.read(None) as session:
                if (await find_generation(session, begun.id)).state == "live":
                    break
        took = time.monotonic() - started
    finally:
        worker.terminate()
        await worker.wait()
    await database.close()
    return begun.id, took


async def switch(installation: Installation, number: int) -> float:
    """Make a generation live; milliseconds."""
    database = installation.database("indexer")
    started = time.perf_counter()
    async with database.write(None) as session:
        await switch_to(session, number)
    took = (time.perf_counter() - started) * 1000
    await database.close()
    return took


async def prepare(installation: Installation) -> None:
    """Say that the present versions made what was filled in, and add the models."""
    owner = installation.database("owner")
    async with owner.write(None) as session:
        await session.execute(
            "update reading set parser_version = %(parser)s, chunker_version = %(chunker)s,"
            " language_version = %(analysis)s",
            VERSIONS,
        )
        # There is no such folder: a synchronisation would close what it cannot find.
        await session.execute("update source set schedule_minutes = null")
        for name, dimensions in MODELS.items():
            options = {"dimensions": str(dimensions)}
            described, length = EmbeddingModels().describe("trigrams", "", options, "")
            await add_model(session, name, described, length)
    await owner.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--size", type=int, default=50_000)
    parser.add_argument("--questions", type=int, default=100)
    parser.add_argument("--idle", type=float, default=30, help="seconds of the quiet periods")
    arguments = parser.parse_args()
    languages, questions = read_languages(arguments.data, arguments.questions)
    with tempfile.TemporaryDirectory(prefix="centaure-bench-") as folder:
        Path(folder).chmod(0o711)
        settings = Settings(home=Path(folder), shared_buffers_mb=1024)
        with open_installation(settings) as installation:
            reader = fill(installation, languages, arguments.size)["100%"]
            asyncio.run(prepare(installation))
            first, first_s = asyncio.run(build(installation, "old"))
            old = asyncio.run(expected(installation, reader, questions))
            with Client(settings, reader, questions) as idle:
                time.sleep(arguments.idle)
            with Client(settings, reader, questions) as busy:
                _, took = asyncio.run(build(installation, "new"))
                time.sleep(5)
            new = asyncio.run(expected(installation, reader, questions))
            with Client(settings, reader, questions) as back:
                time.sleep(3)
                switch_ms = asyncio.run(switch(installation, first))
                time.sleep(5)
            after = asyncio.run(expected(installation, reader, questions))
    told_apart = sum(one != other for one, other in zip(old, new, strict=True))
    quiet = idle.against(old, old)
    wanted = WANTED_RATIO * statistics.quantiles(quiet.milliseconds, n=20)[18]
    report(
        "reindex",
        [
            "while",
            "searches",
            "p50 ms",
            "p95 ms",
            "max ms",
            "p95 wanted",
            "failed",
            "old",
            "new",
            "words",
            "mixed",
        ],
        [
            quiet.row("nothing else goes on", None),
            busy.against(old, new).row("the new generation is built", wanted),
            back.against(old, new).row("it is switched back", wanted),
        ],
        {
            "passages": arguments.size,
            "first vectors, passages per second": arguments.size / first_s,
            "new vectors under search, passages per second": arguments.size / took,
            "switch back, ms": switch_ms,
            "answers after the switch back that are those of before": sum(
                one == other for one, other in zip(after, old, strict=True)
            ),
            "questions": len(questions),
            "questions whose answers tell the generations apart": told_apart,
        },
    )


if __name__ == "__main__":
    main()

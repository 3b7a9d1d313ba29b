"""Latency of search at 10,000 and 200,000 passages, for users who may read 100%, 10% and 1%.

Passages are recombined from the sentences of real French and English collections: runs of three
sentences in their order, each run from another place, up to a length drawn between 150 and 350 words.
Twenty passages make a document, in one language. Questions are the collections' own. What is timed is
`knowledge.retrieval.search` as the application calls it: analysis of the question, one read
transaction as the user, the SQL function, and the hits with their documents and highlights.

    python benchmarks/search.py [--data ../shared/data] [--sizes 10000 200000]
"""

import argparse
import asyncio
import random
import re
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import psycopg

from centaure.app.installation import MIGRATIONS, Installation, open_installation
from centaure.kit.settings import Settings
from centaure.knowledge.language import sentences
from centaure.knowledge.retrieval import SearchFilters, search
from centaure.knowledge.retrieval.impacts import (
    FILE_NAME,
    HEADINGS,
    TITLE,
    count_stems,
    impacts,
    sparse_vector,
)
from datasets import Collection, read_collection
from report import report

SIZES = (10_000, 200_000)
CHUNKS_PER_DOCUMENT = 20
RUN = 3
LIMIT = 20
WANTED = 25
SHARES = {"100%": 1, "10%": 10, "1%": 100}
"""A user's share of the documents, and that one document in so many is theirs."""
COLLECTIONS = {"fr": ("service_public_fr",), "en": ("multihop_en", "kgrag_10q_en")}


class Sentences:
    """The sentences of one language's collections, with their stems counted once."""

    def __init__(self, collections: list[Collection], language: str) -> None:
        self.language = language
        self.texts: list[str] = []
        for collection in collections:
            for passage in collection.passages:
                for start, end in sentences(passage.text, language):
                    sentence = passage.text[start:end]
                    if 4 <= len(sentence.split()) <= 60:
                        self.texts.append(sentence)
        self._counts: dict[int, Counter[str]] = {}
        self.words = [len(sentence.split()) for sentence in self.texts]

    def counts(self, number: int) -> Counter[str]:
        if number not in self._counts:
            self._counts[number] = count_stems(self.texts[number], self.language)
        return self._counts[number]

    def passage(self, chance: random.Random) -> tuple[str, Counter[str]]:
        """A passage of 150 to 350 words, and its stems."""
        wanted = chance.randint(150, 350)
        chosen: list[int] = []
        words = 0
        while words < wanted:
            start = chance.randrange(len(self.texts) - RUN)
            for number in range(start, start + RUN):
                chosen.append(number)
                words += self.words[number]
        counts: Counter[str] = Counter()
        for number in chosen:
            counts.update(self.counts(number))
        return " ".join(self.texts[number] for number in chosen), counts


def generate(
    languages: list[Sentences], size: int
) -> Iterator[tuple[int, str, str, list[tuple[str, str]]]]:
    """Documents: number, language, title, and passages as text and impacts."""
    chance = random.Random(size)
    for number in range(size // CHUNKS_PER_DOCUMENT):
        source = languages[number % len(languages)]
        title = source.texts[chance.randrange(len(source.texts))][:80]
        heading = source.texts[chance.randrange(len(source.texts))][:60]
        fields = (
            (TITLE, count_stems(title, source.language)),
            (HEADINGS, count_stems(heading, source.language)),
            (FILE_NAME, Counter({f"{number}": 1, "txt": 1})),
        )
        passages: list[tuple[str, str]] = []
        for _ in range(CHUNKS_PER_DOCUMENT):
            text, counts = source.passage(chance)
            passages.append((text, sparse_vector(impacts(counts, fields, source.language))))
        yield number, source.language, title, passages


def fill(installation: Installation, languages: list[Sentences], size: int) -> dict[str, int]:
    """Write users, documents, passages and index; the users' principals by share."""
    with psycopg.connect(
        installation.schema.conninfo("owner"), options="-c search_path=centaure,public"
    ) as connection:
        users = _fill_users(connection)
        connection.execute("insert into source (name, location) values ('bench', '/bench')")
        connection.execute("drop index chunk_index_terms, chunk_index_document")
        with (
            connection.cursor() as documents,
            tempfile.TemporaryFile("w+") as chunks,
            tempfile.TemporaryFile("w+") as index,
        ):
            with documents.copy(
                "copy document (source_id, path, format, title, language, content_hash,"
                " classification, readers) from stdin"
            ) as copy:
                chunk_id = 0
                for number, language, title, passages in generate(languages, size):
                    groups = [users[s] for s, every in SHARES.items() if number // 2 % every == 0]
                    readers = "{" + ",".join(map(str, groups)) + "}"
                    copy.write_row(
                        (1, f"{number % 50}/{number}.txt", "text", title, language,
                         number.to_bytes(32), 1, readers)
                    )  # fmt: skip
                    for position, (text, terms) in enumerate(passages):
                        chunk_id += 1
                        escaped = text.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", " ")
                        chunks.write(f"{number + 1}\t{position}\t{escaped}\t{language}\t\\\\x00\n")
                        index.write(f"{chunk_id}\t{number + 1}\t{position}\t{terms}\n")
            connection.execute(
                "insert into reading (document_id, side, format, title, language,"
                " parser_version, chunker_version, language_version)"
                " select id, 0, format, title, language, '1', '1', '1' from document"
            )
            for file, target in (
                (chunks, "chunk (document_id, position, text, language, content_hash)"),
                (index, "chunk_index (chunk_id, document_id, position, impacts)"),
            ):
                file.seek(0)
                with documents.copy(f"copy {target} from stdin") as copy:
                    while block := file.read(1 << 20):
                        copy.write(block)
        connection.execute("set maintenance_work_mem = '512MB'")
        for statement in _index_definitions():
            connection.execute(statement)
        connection.commit()
        connection.autocommit = True
        connection.execute("vacuum analyze")
    return users


def _fill_users(
    connection: "psycopg.Connection[tuple[object, ...]]",
) -> dict[str, int]:
    """A user for each share; the principal of each."""
    users: dict[str, int] = {}
    for share in SHARES:
        row = connection.execute(
            "insert into principal (kind, key, label) values ('user', %s, %s) returning id",
            [f"user:{share}", share],
        ).fetchone()
        assert row is not None
        assert isinstance(row[0], int)
        users[share] = row[0]
        connection.execute(
            "insert into user_account (principal_id, login, name) values (%s, %s, %s)",
            [row[0], share, share],
        )
    return users


def _index_definitions() -> list[str]:
    """The statements that make the indexes which are quicker to make after the rows."""
    schema = "".join(
        (MIGRATIONS / "sql" / f"{name}.sql").read_text(encoding="utf-8")
        for name in ("generations", "search")
    )
    return re.findall(r"^create index chunk_index.*?;", schema, re.MULTILINE | re.DOTALL)


async def time_searches(
    installation: Installation, principal: int, questions: list[str], repeats: int
) -> list[float]:
    """Milliseconds of each question: the best of `repeats`, which leaves out what others do."""
    database = installation.database("app")
    best: list[float] = []
    for question in (*questions[:5], *questions):  # the first ones warm the connection
        times: list[float] = []
        for _ in range(repeats):
            started = time.perf_counter()
            async with database.read(principal) as session:
                await search(session, question, SearchFilters(), LIMIT)
            times.append((time.perf_counter() - started) * 1000)
        best.append(min(times))
    await database.close()
    return best[5:]


def read_languages(data: Path, count: int) -> tuple[list[Sentences], list[str]]:
    """The sentences that passages are made of, and so many questions."""
    read = {
        language: [read_collection(data, name) for name in names]
        for language, names in COLLECTIONS.items()
    }
    asked = [
        question
        for collections in read.values()
        for collection in collections
        for question in collection.questions.values()
    ]
    languages = [Sentences(collections, language) for language, collections in read.items()]
    return languages, random.Random(7).sample(asked, count)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument("--repeats", type=int, default=3)
    arguments = parser.parse_args()
    languages, questions = read_languages(arguments.data, arguments.questions)
    rows: list[list[str | int | float | None]] = []
    for size in arguments.sizes:
        with (
            tempfile.TemporaryDirectory(prefix="centaure-bench-") as folder,
            ExitStack() as opened,
        ):
            Path(folder).chmod(0o711)
            settings = Settings(home=Path(folder), shared_buffers_mb=1024)
            installation = opened.enter_context(open_installation(settings))
            users = fill(installation, languages, size)
            for share, principal in users.items():
                times = asyncio.run(
                    time_searches(installation, principal, questions, arguments.repeats)
                )
                cuts = statistics.quantiles(times, n=20)
                rows.append([f"{size:,}", share, len(times), cuts[9], cuts[18], max(times), WANTED])
    report(
        "search",
        ["passages", "readable", "questions", "p50 ms", "p95 ms", "max ms", "p95 wanted"],
        rows,
        {"hits asked for": LIMIT, "best of": arguments.repeats},
    )


if __name__ == "__main__":
    main()

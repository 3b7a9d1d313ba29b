"""Search at 10,000, 200,000 and 1,000,000 passages, for users who may read 100 % to 0.1 % of the documents.

Passages are recombined from the sentences of real French and English collections: runs of three
sentences in their order, each run from another place, up to a length drawn between 150 and 350 words.
Twenty passages make a document, in one language. The vector of a passage is the mean of those of its
sentences. Questions are the collections' own. What is timed is `knowledge.retrieval.search` as the
application calls it: analysis of the question, one read transaction as the user, the SQL function, and
the hits with their documents and highlights; the vector of the question is there already.

One client asks one question after the other; then several ask at once for some seconds, as tasks of one
process, while another process changes the rights of documents and writes documents. Recall is of the 50
nearest vectors, against comparing them all.

    python benchmarks/search.py [--data ../shared/data] [--sizes 10000 200000 1000000] [--keep FOLDER]

A filled database takes a while at 1,000,000 passages (some ten minutes for the index of words, as many for
that of vectors): with --keep it stays in FOLDER and is used again.
"""

import argparse
import asyncio
import multiprocessing
import random
import re
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from hashlib import blake2b
from itertools import cycle
from pathlib import Path
from typing import Any

import psycopg

from centaure.app.installation import MIGRATIONS, Installation, open_installation
from centaure.kit.database import Database
from centaure.kit.settings import Settings
from centaure.knowledge.language import sentences
from centaure.knowledge.retrieval import SearchFilters, search
from centaure.knowledge.retrieval.embedding import EmbeddingModel, written
from centaure.knowledge.retrieval.impacts import (
    FILE_NAME,
    HEADINGS,
    TITLE,
    count_stems,
    document_row,
    impacts,
    sparse_vector,
)
from centaure.knowledge.retrieval.meaning import Meaning
from centaure.knowledge.retrieval.models import EmbeddingModels
from datasets import Collection, read_collection
from report import report

SIZES = (10_000, 200_000, 1_000_000)
CHUNKS_PER_DOCUMENT = 20
RUN = 3
LIMIT = 20
WANTED_MS, WANTED_PER_S, WANTED_RECALL = 40, 120, 0.95
NEAREST = 50
SHARES = {"100%": 1, "50%": 2, "10%": 10, "1%": 100, "0.1%": 1000}
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
        self.vectors: Any = None  # one row for each text
        self._counts: dict[int, Counter[str]] = {}
        self.words = [len(sentence.split()) for sentence in self.texts]

    def counts(self, number: int) -> Counter[str]:
        if number not in self._counts:
            self._counts[number] = count_stems(self.texts[number], self.language)
        return self._counts[number]

    def passage(self, chance: random.Random) -> list[int]:
        """The numbers of sentences that make a passage of 150 to 350 words."""
        wanted = chance.randint(150, 350)
        chosen: list[int] = []
        words = 0
        while words < wanted:
            start = chance.randrange(len(self.texts) - RUN)
            for number in range(start, start + RUN):
                chosen.append(number)
                words += self.words[number]
        return chosen


@dataclass(frozen=True, slots=True)
class Recombined:
    """A document: its passages are numbers of sentences of its source."""

    number: int
    source: Sentences
    title: str
    heading: str
    passages: list[list[int]]

    def impacts(self) -> list[str]:
        """What the index keeps of each passage."""
        fields = (
            (TITLE, count_stems(self.title, self.source.language)),
            (HEADINGS, count_stems(self.heading, self.source.language)),
            (FILE_NAME, Counter({f"{self.number}": 1, "txt": 1})),
        )
        rows: list[str] = []
        for passage in self.passages:
            counts: Counter[str] = Counter()
            for sentence in passage:
                counts.update(self.source.counts(sentence))
            rows.append(sparse_vector(impacts(counts, fields, self.source.language)))
        return rows


def recombine(languages: list[Sentences], size: int) -> Iterator[Recombined]:
    """Documents of twenty passages, always the same for a size."""
    chance = random.Random(size)
    for number in range(size // CHUNKS_PER_DOCUMENT):
        source = languages[number % len(languages)]
        title = source.texts[chance.randrange(len(source.texts))][:80]
        heading = source.texts[chance.randrange(len(source.texts))][:60]
        passages = [source.passage(chance) for _ in range(CHUNKS_PER_DOCUMENT)]
        yield Recombined(number, source, title, heading, passages)


def give_vectors(
    languages: list[Sentences], questions: list[str], model: EmbeddingModel, cache: Path
) -> list[str]:
    """Give sentences their vectors, made once and kept in a folder; those of the questions, as written."""
    import numpy as np  # noqa: PLC0415 - words alone are measured without it

    def vectors(texts: Sequence[str]) -> Any:
        digest = blake2b("\n".join(texts).encode(), digest_size=8).hexdigest()
        path = cache / f"{type(model).__name__}-{digest}.npy"
        if not path.exists():
            cache.mkdir(parents=True, exist_ok=True)
            distinct = sorted(set(texts), key=lambda text: (len(text), text))
            made: dict[str, list[float]] = {}
            for start in range(0, len(distinct), model.batch):
                some = distinct[start : start + model.batch]
                made |= zip(some, model.embed_passages(some), strict=True)
            np.save(path, np.array([made[text] for text in texts], dtype="f2"))
        return np.load(path).astype("f4")

    for language in languages:
        language.vectors = vectors(language.texts)
    return [written(vector) for vector in vectors(questions).tolist()]


def fill_vectors(installation: Installation, languages: list[Sentences], size: int) -> None:
    """Write the vector of each passage, then make their indexes, as a live generation has them."""
    import numpy as np  # noqa: PLC0415

    width = int(languages[0].vectors.shape[1])
    # A row as PostgreSQL reads it in binary: each field after its length.
    fields = (
        ("chunk_id", ">i8"), ("model", ">i4"), ("document_id", ">i8"), ("side", ">i2"), ("position", ">i4"),
    )  # fmt: skip
    row = np.dtype(
        [("count", ">i2")]
        + [part for name, kind in fields for part in ((f"{name} length", ">i4"), (name, kind))]
        + [
            ("vector length", ">i4"),
            ("width", ">i2"),
            ("unused", ">i2"),
            ("vector", ">f2", (width,)),
        ]
    )
    rows = np.zeros(CHUNKS_PER_DOCUMENT, row)
    for name, kind in fields:
        rows[f"{name} length"] = np.dtype(kind).itemsize
    rows["count"], rows["model"], rows["width"] = len(fields) + 1, 1, width
    rows["vector length"] = 4 + 2 * width
    rows["position"] = np.arange(CHUNKS_PER_DOCUMENT)
    with _owner(installation) as connection:
        connection.execute(
            "insert into embedding_model (name, kind, dimensions, highest) values ('bench', 'bench', %s, 3)",
            [width],
        )
        connection.execute("update generation set model = 1 where state = 'live'")
        connection.execute(
            "set session_replication_role = replica"
        )  # passages are there: no look-ups
        connection.execute("drop index chunk_vector_document")
        connection.execute("alter table chunk_vector drop constraint chunk_vector_pkey")
        with (
            connection.cursor() as cursor,
            cursor.copy(
                "copy chunk_vector (chunk_id, model, document_id, side, position, vector)"
                " from stdin (format binary)"
            ) as copy,
        ):
            copy.write(b"PGCOPY\n\xff\r\n\0" + bytes(8))
            for one in recombine(languages, size):
                sums = np.array([one.source.vectors[chosen].sum(axis=0) for chosen in one.passages])
                rows["vector"] = sums / np.linalg.norm(sums, axis=1, keepdims=True)
                rows["document_id"] = one.number + 1
                rows["chunk_id"] = one.number * CHUNKS_PER_DOCUMENT + rows["position"] + 1
                copy.write(rows.tobytes())
            copy.write(b"\xff\xff")
        connection.execute("alter table chunk_vector add primary key (chunk_id, model)")
        for statement in _index_definitions("chunk_vector"):
            connection.execute(statement)
        connection.execute("set maintenance_work_mem = '2GB'")
        connection.execute("select make_vector_index(1, cast(0 as smallint))")
        connection.commit()
        connection.autocommit = True
        connection.execute("vacuum analyze chunk_vector")


def fill(installation: Installation, languages: list[Sentences], size: int) -> dict[str, int]:
    """Write users, documents, passages and their index; the users' principals by share."""
    with _owner(installation) as connection:
        users = _fill_users(connection)
        connection.execute("insert into source (name, location) values ('bench', '/bench')")
        connection.execute("drop index chunk_index_terms, chunk_index_document")
        with (
            connection.cursor() as documents,
            tempfile.TemporaryFile("w+") as chunks,
            tempfile.TemporaryFile("w+") as index,
            tempfile.TemporaryFile("w+") as wholes,
        ):
            with documents.copy(
                "copy document (source_id, path, format, title, language, content_hash,"
                " classification, readers) from stdin"
            ) as copy:
                chunk_id = 0
                for one in recombine(languages, size):
                    number, language = one.number, one.source.language
                    groups = [users[s] for s, every in SHARES.items() if number // 2 % every == 0]
                    readers = "{" + ",".join(map(str, groups)) + "}"
                    copy.write_row(
                        (1, f"{number % 50}/{number}.txt", "text", one.title, language,
                         number.to_bytes(32), 1, readers)
                    )  # fmt: skip
                    rows = one.impacts()
                    wholes.write(f"{number + 1}\t0\t{document_row(rows)}\n")
                    for position, terms in enumerate(rows):
                        chunk_id += 1
                        text = " ".join(one.source.texts[n] for n in one.passages[position])
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
                (wholes, "document_index (document_id, side, impacts)"),
            ):
                file.seek(0)
                with documents.copy(f"copy {target} from stdin") as copy:
                    while block := file.read(1 << 20):
                        copy.write(block)
        connection.execute("set maintenance_work_mem = '1GB'")
        for statement in _index_definitions("chunk_index"):
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


def _index_definitions(table: str) -> list[str]:
    """The statements that make the indexes of a table which are quicker to make after the rows."""
    schema = "".join(
        (MIGRATIONS / "sql" / f"{name}.sql").read_text(encoding="utf-8")
        for name in ("generations", "search")
    )
    return re.findall(rf"^create index {table}_\w+ on .*?;", schema, re.MULTILINE | re.DOTALL)


def _owner(installation: Installation) -> "psycopg.Connection[tuple[Any, ...]]":
    return psycopg.connect(
        installation.schema.conninfo("owner"), options="-c search_path=centaure,public"
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as a mode asks it: its words, its meaning, or both."""

    words: str
    meaning: Meaning | None


async def ask(database: Database, principal: int, asked: Asked) -> float:
    """Milliseconds of a search."""
    started = time.perf_counter()
    async with database.read(principal) as session:
        await search(session, asked.words, SearchFilters(), LIMIT, asked.meaning)
    return (time.perf_counter() - started) * 1000


async def time_searches(
    installation: Installation, principal: int, questions: Sequence[Asked], repeats: int
) -> list[float]:
    """Milliseconds of each question: the best of `repeats`, which leaves out what others do."""
    database = installation.database("app")
    best = [
        min([await ask(database, principal, question) for _ in range(repeats)])
        for question in (*questions[:5], *questions)  # the first ones warm the connection
    ]
    await database.close()
    return best[5:]


async def time_clients(
    installation: Installation,
    principal: int,
    questions: Sequence[Asked],
    clients: int,
    seconds: float,
) -> tuple[list[float], float]:
    """Milliseconds of each search of several clients at once, and searches a second in all."""
    database = installation.database("app")
    waiting = cycle(questions)
    await asyncio.gather(*(ask(database, principal, next(waiting)) for _ in range(4 * clients)))
    times: list[float] = []
    started = time.perf_counter()

    async def client() -> None:
        while time.perf_counter() - started < seconds:
            times.append(await ask(database, principal, next(waiting)))

    await asyncio.gather(*(client() for _ in range(clients)))
    taken = time.perf_counter() - started
    await database.close()
    return times, len(times) / taken


def write_meanwhile(conninfo: str, documents: int, stop: Any, written_documents: Any) -> None:
    """Twice a second change the rights of a document and write one again, passages, index and vectors."""
    chance = random.Random(3)
    with psycopg.connect(
        conninfo, options="-c search_path=centaure,public", autocommit=True
    ) as connection:
        while not stop.wait(0.5):
            one, other = chance.sample(range(1, documents + 1), 2)
            connection.execute(
                "update document set readers = readers, classification = 3 - classification where id = %s",
                [one],
            )
            with connection.transaction():
                for statement in _REWRITE:
                    connection.execute(statement.encode(), {"document": other})
            written_documents.value += 1


_REWRITE = (
    """create temporary table old on commit drop as
    select c.id, c.position, c.text, c.language, i.impacts, v.model, v.vector from chunk c
    join chunk_index i on i.chunk_id = c.id left join chunk_vector v on v.chunk_id = c.id
    where c.document_id = %(document)s""",
    "delete from chunk where document_id = %(document)s",
    """insert into chunk (document_id, position, text, language, content_hash)
    select %(document)s, position, text, language, '' from old""",
    """insert into chunk_index (chunk_id, document_id, position, impacts)
    select c.id, c.document_id, c.position, old.impacts from old
    join chunk c on c.document_id = %(document)s and c.position = old.position""",
    """insert into chunk_vector (chunk_id, model, document_id, side, position, vector)
    select c.id, old.model, c.document_id, 0, c.position, old.vector from old
    join chunk c on c.document_id = %(document)s and c.position = old.position
    where old.model is not null""",
)


def recall(installation: Installation, principal: int, vectors: Sequence[str]) -> float:
    """Part of the nearest vectors that search finds, on average over questions."""
    found = 0.0
    with _owner(installation) as connection:
        connection.execute("select set_config('centaure.principal', %s, false)", [str(principal)])
        for vector in vectors:
            near, true = (
                {
                    row[0]
                    for row in connection.execute(statement, {"vector": vector, "most": NEAREST})
                }
                for statement in (_NEAR, _NEAREST)
            )
            found += len(near & true) / max(len(true), 1)
    return found / len(vectors)


_NEAR = """
    select chunk_id
    from search('{}/1000000000', '{}', '{}', %(most)s, vector => %(vector)s, asked_model => 1)
"""
_NEAREST = """
    select chunk_id
    from compare_vectors(%(vector)s, 1, %(most)s, null, current_principals(), current_clearance(),
        live_side(), null, null, null, null, null, null, null, null)
"""


def sizes_on_disk(installation: Installation) -> str:
    """The indexes and tables of search, in MB."""
    with _owner(installation) as connection:
        rows = connection.execute(
            "select relname, pg_relation_size(oid) / 1000000 from pg_class"
            " where relnamespace = 'centaure'::regnamespace and relkind in ('r', 'i')"
            " and relname like 'chunk%' order by 2 desc limit 6"
        ).fetchall()
    return ", ".join(f"{name} {size}" for name, size in rows)


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


def measure(
    installation: Installation, users: dict[str, int], modes: dict[str, list[Asked]], arguments: Any
) -> Iterator[list[str | int | float | None]]:
    """A row for each mode and share."""
    context = multiprocessing.get_context("spawn")
    with _owner(installation) as connection:
        counted = connection.execute("select count(*) from document").fetchone()
    assert counted is not None
    for mode, questions in modes.items():
        # What is measured is a server that has served: each page that questions need was read once.
        asyncio.run(time_searches(installation, users["100%"], questions, 1))
        for share, principal in users.items():
            times = asyncio.run(
                time_searches(installation, principal, questions, arguments.repeats)
            )
            cuts = statistics.quantiles(times, n=20)
            stop, written_documents = context.Event(), context.Value("i", 0)
            writer = context.Process(
                target=write_meanwhile,
                args=(installation.schema.conninfo("owner"), counted[0], stop, written_documents),
            )
            writer.start()
            together, rate = asyncio.run(
                time_clients(
                    installation, principal, questions, arguments.clients, arguments.seconds
                )
            )
            stop.set()
            writer.join()
            vectors = [one.meaning.vector for one in questions if one.meaning is not None]
            found = (
                recall(installation, principal, vectors[: arguments.compared])
                if mode == "meaning"
                else None
            )
            yield [
                mode, share, cuts[9], cuts[18], statistics.quantiles(together, n=20)[18], rate, found,
                written_documents.value,
            ]  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument("--repeats", type=int, default=1)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument(
        "--compared", type=int, default=50, help="questions that recall is measured on"
    )
    parser.add_argument("--keep", type=Path, help="where filled databases stay")
    parser.add_argument("--modes", nargs="+", default=["words", "meaning", "both"])
    parser.add_argument(
        "--embedding", default="minilm", help="kind of the model; none: words alone"
    )
    arguments = parser.parse_args()
    languages, questions = read_languages(arguments.data, arguments.questions)
    modes = {"words": [Asked(question, None) for question in questions]}
    if arguments.embedding != "none":
        described, _ = EmbeddingModels().describe(arguments.embedding, "", {}, "")
        cache = arguments.keep or Path(tempfile.gettempdir()) / "centaure-bench-vectors"
        meanings = [
            Meaning(1, vector)
            for vector in give_vectors(
                languages, questions, EmbeddingModels().model(described), cache
            )
        ]
        modes["meaning"] = [Asked("", meaning) for meaning in meanings]
        modes["both"] = [Asked(*both) for both in zip(questions, meanings, strict=True)]
    modes = {mode: asked for mode, asked in modes.items() if mode in arguments.modes}
    rows: list[list[str | int | float | None]] = []
    notes: dict[str, str | int | float | None] = {
        "p95 wanted": WANTED_MS, "searches a second wanted": WANTED_PER_S, "recall wanted": WANTED_RECALL,
        "hits asked for": LIMIT, "best of": arguments.repeats, "questions": len(questions),
        "clients": arguments.clients,
    }  # fmt: skip
    for size in arguments.sizes:
        with ExitStack() as opened:
            if arguments.keep is None:
                folder = Path(
                    opened.enter_context(tempfile.TemporaryDirectory(prefix="centaure-bench-"))
                )
            else:
                folder = arguments.keep / f"{size}-{arguments.embedding}"
                folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(0o711)
            settings = Settings(home=folder, shared_buffers_mb=min(4096, 512 + size // 250))
            installation = opened.enter_context(open_installation(settings))
            users = known_users(installation)
            if not users:
                users = fill(installation, languages, size)
                if arguments.embedding != "none":
                    fill_vectors(installation, languages, size)
            for row in measure(installation, users, modes, arguments):
                rows.append([f"{size:,}", *row])
                print(*rows[-1], flush=True)
            notes[f"MB at {size:,}"] = sizes_on_disk(installation)
    report(
        "search",
        ["passages", "by", "readable", "p50 ms", "p95 ms", f"p95 of {arguments.clients}", "a second",
         f"recall@{NEAREST}", "written"],
        rows,
        notes,
    )  # fmt: skip


def known_users(installation: Installation) -> dict[str, int]:
    """The users of a database that was kept; none where it is new."""
    with _owner(installation) as connection:
        rows = connection.execute(
            "select login, principal_id from user_account order by principal_id"
        ).fetchall()
    return dict(rows)


if __name__ == "__main__":
    main()

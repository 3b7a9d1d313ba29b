"""Centaure as it is installed: its database, its roles, its search, for users who are members of the groups.

VARIANT=words leaves the vectors out. Passages are written as benchmarks/retrieval.py writes them. Nothing
about rights is passed with a question: row level security and the search function apply those of the user.
"""

import asyncio
import os
from collections import defaultdict
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

import psycopg
from protocol import Collection, run

import datasets
from centaure.app.installation import open_installation
from centaure.kit.settings import Settings
from centaure.knowledge.retrieval import SearchFilters, search
from centaure.knowledge.retrieval.embedding import written
from centaure.knowledge.retrieval.meaning import Meaning
from retrieval import fill, write_vectors

WORDS_ALONE = os.environ.get("VARIANT") == "words"
# Every table that holds a row for each document, passage or vector.
_SIZE = """
    select sum(pg_total_relation_size(oid)) from pg_class
    where relnamespace = 'centaure'::regnamespace and relkind = 'r'
        and relname ~ '^(document|reading|chunk)'
"""


class Centaure:
    @contextmanager
    def prepared(self, collection: Collection) -> Generator[None]:
        """The database is up, with its schema; as large an empty one is there whatever is indexed."""
        collection.index.chmod(0o711)
        with open_installation(Settings(home=collection.index / "home")) as self._installation:
            yield

    def _owner(self) -> "psycopg.Connection[tuple[Any, ...]]":
        return psycopg.connect(
            self._installation.schema.conninfo("owner"),
            options="-c search_path=centaure,public",
            autocommit=True,
        )

    def build(self, collection: Collection) -> float:
        passages = collection.passages()
        corpus = [
            datasets.Passage(one["id"], one["title"], one["text"], one["document"])
            for one in passages
        ]
        fill(self._installation, [datasets.Collection("bench", corpus, {}, {})])
        if not WORDS_ALONE:
            vectors = [written(vector.tolist()) for vector in collection.vectors()]
            write_vectors(
                self._installation, ("trigrams", "", len(collection.vectors()[0])), [vectors]
            )
        with self._owner() as connection:
            groups = {one["document"]: one["groups"] for one in passages}
            _write_rights(connection, groups, collection.readers)
            connection.execute("vacuum analyze")
            row = connection.execute(_SIZE).fetchone()
            assert row is not None
        return float(row[0])

    def open(self, collection: Collection) -> None:
        self._runner = asyncio.Runner()
        self._database = self._installation.database("app")
        with self._owner() as connection:
            users = dict(connection.execute("select key, id from principal").fetchall())
            model = connection.execute("select max(id) from embedding_model").fetchone()
            assert model is not None
        self._model = model[0]
        self._users = {
            tuple(groups): users[f"user:{share}"] for share, groups in collection.readers.items()
        }
        self._ids: defaultdict[str, list[str]] = defaultdict(list)
        for passage in collection.passages():
            self._ids[passage["document"]].append(passage["id"])
        self._questions = {
            text: written(vector.tolist()) for text, vector in collection.question_vectors().items()
        }

    def ask(self, question: str, groups: list[str], depth: int) -> list[str]:
        return self._runner.run(self._ask(question, self._users[tuple(groups)], depth))

    async def _ask(self, question: str, user: int, depth: int) -> list[str]:
        meaning = None if self._model is None else Meaning(self._model, self._questions[question])
        async with self._database.read(user) as session:
            result = await search(session, question, SearchFilters(), depth, meaning)
        return [self._ids[hit.document.path][hit.position] for hit in result.hits]


def _write_rights(
    connection: "psycopg.Connection[tuple[Any, ...]]",
    groups: dict[str, list[str]],
    readers: Any,
) -> None:
    """A principal for each group, the groups of each document, and a user for each group list."""

    def principal(kind: str, name: str) -> int:
        row = connection.execute(
            "insert into principal (kind, key, label) values (%s, %s, %s) returning id",
            [kind, f"{kind}:{name}", name],
        ).fetchone()
        assert row is not None
        return row[0]

    names = sorted({name for of in groups.values() for name in of})
    principals = {name: principal("group", name) for name in names}
    with connection.transaction(), connection.cursor() as cursor:
        cursor.executemany(
            "update document set readers = %s where path = %s",
            [([principals[name] for name in of], path) for path, of in groups.items()],
        )
    for share, members in readers.items():
        user = principal("user", share)
        connection.execute(
            "insert into user_account (principal_id, login, name) values (%s, %s, %s)",
            [user, share, share],
        )
        for name in members:
            connection.execute(
                "insert into group_member (group_id, member_id) values (%s, %s)",
                [principals[name], user],
            )


def server(collection: Collection) -> list[int]:
    """The embedded PostgreSQL, which is no child of this process."""
    files = collection.index.rglob("postmaster.pid")
    return [int(file.read_text(encoding="utf-8").split("\n", 1)[0]) for file in files]


centaure = Centaure()
run(centaure, centaure.prepared, server)

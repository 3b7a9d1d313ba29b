"""Documents with rights, written as the worker writes them."""

import hashlib
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import psycopg
import pytest

from centaure.knowledge.language import detect_language
from centaure.knowledge.retrieval import family_of, index_row

Connection = psycopg.Connection[tuple[object, ...]]


class Library:
    """A source to put documents in, and users to read them."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.source("docs")

    def _number(self, statement: str, *values: object) -> int:
        row = self.connection.execute(statement.encode(), values).fetchone()
        assert row is not None
        assert isinstance(row[0], int)
        return row[0]

    def source(self, name: str) -> int:
        return self._number(
            "insert into source (name, location) values (%s, '/docs') returning id", name
        )

    def user(self, login: str, clearance: int | None = None) -> int:
        principal = self._number(
            "insert into principal (kind, key, label) values ('user', %s, %s) returning id",
            f"user:{login}",
            login,
        )
        self.connection.execute(
            "insert into user_account (principal_id, login, name, clearance) values (%s, %s, %s, %s)",
            [principal, login, login, clearance],
        )
        return principal

    def document(  # noqa: PLR0913  a document has that many columns
        self,
        path: str,
        passages: Sequence[str],
        readers: Sequence[int],
        *,
        denied: Sequence[int] = (),
        title: str = "",
        classification: int = 1,
        source: int = 1,
        format: str = "text",  # noqa: A002  the column's name
        modified: datetime = datetime(2026, 1, 1, tzinfo=UTC),
        language: str | None = None,
    ) -> int:
        language = language or detect_language("\n".join(passages))
        content_hash = hashlib.sha256("\n".join(passages).encode("utf-8", "replace")).digest()
        document = self._number(
            "insert into document (source_id, path, format, title, language, content_hash, modified,"
            " classification, readers, denied, family)"
            " values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s) returning id",
            source, path, format, title, language, content_hash, modified, classification,
            list(readers), list(denied), family_of(path, title),
        )  # fmt: skip
        self.connection.execute(
            "insert into reading (document_id, side, format, title, language, modified, family,"
            " parser_version, chunker_version, language_version)"
            " select id, 0, format, title, language, modified, family, '1', '1', '1'"
            " from document where id = %s",
            [document],
        )
        for position, passage in enumerate(passages):
            chunk = self._number(
                "insert into chunk (document_id, position, text, language, content_hash)"
                " values (%s, %s, %s, %s, '') returning id",
                document,
                position,
                passage,
                language,
            )
            row = index_row(
                title=title,
                file_name=path.rpartition("/")[2],
                heading_path=(),
                text=passage,
                language=language,
            )
            self.connection.execute(
                "insert into chunk_index (chunk_id, document_id, position, impacts)"
                " values (%s, %s, %s, %s)",
                [chunk, document, position, row],
            )
        return document


@pytest.fixture
def library(owner_connection: Connection) -> Library:
    return Library(owner_connection)


@pytest.fixture
def make_library() -> Callable[[Connection], Library]:
    return Library

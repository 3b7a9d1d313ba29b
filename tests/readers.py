"""People, and documents that some of them may read, written without a source."""

from datetime import UTC, datetime

import psycopg

from centaure.kit.database import Database
from centaure.knowledge.indexing.preparation import prepare
from centaure.knowledge.indexing.writing import DocumentPlace, StoredRights, write_document
from centaure.knowledge.parsing import Block, BlockKind, ParsedDocument

Connection = psycopg.Connection[tuple[object, ...]]


def user(connection: Connection, login: str) -> int:
    row = connection.execute(
        "insert into principal (kind, key, label) values ('user', %s, %s) returning id",
        [f"user:{login}", login],
    ).fetchone()
    assert row is not None
    assert isinstance(row[0], int)
    connection.execute(
        "insert into user_account (principal_id, login, name) values (%s, %s, %s)",
        [row[0], login, login],
    )
    return row[0]


async def write(
    indexer: Database, path: str, *blocks: Block, readers: tuple[int, ...], classification: int = 1
) -> None:
    document = ParsedDocument("pdf", None, None, None, None, None, blocks)
    rights = StoredRights(readers, (), classification, None)
    place = DocumentPlace(
        1, path, None, 1, path.encode().ljust(32), datetime(2026, 1, 1, tzinfo=UTC), rights
    )
    async with indexer.write(None) as session:
        await write_document(session, place, prepare(document, path))


def paragraph(text: str) -> Block:
    return Block(BlockKind.PARAGRAPH, text, page=1)

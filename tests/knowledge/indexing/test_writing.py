"""A document's rows change together, or not at all."""

from dataclasses import replace
from typing import Any

import pytest
from psycopg import Error

from centaure.kit.database import Database
from centaure.knowledge.indexing import (
    DocumentPlace,
    PreparedDocument,
    StoredRights,
    prepare,
    remove_documents,
    write_document,
)
from centaure.knowledge.parsing import Block, BlockKind, Box, ParsedDocument

RIGHTS = StoredRights((1,), (), 1, ".")


def document(*paragraphs: str) -> PreparedDocument:
    blocks = [Block(BlockKind.HEADING, "Rules", 1, boxes=(Box(1, 1.04, 2, 3, 4),))]
    blocks += [Block(BlockKind.PARAGRAPH, paragraph, page=1) for paragraph in paragraphs]
    parsed = ParsedDocument("text", None, None, None, None, None, tuple(blocks))
    return prepare(parsed, "folder/house rules.txt")


@pytest.fixture
async def place(indexer: Database) -> DocumentPlace:
    async with indexer.write(None) as session:
        source = await session.value(
            "insert into source (name, location) values ('house', '/house') returning id"
        )
    return DocumentPlace(
        int(source or 0), "folder/house rules.txt", None, 9, b"h" * 32, None, RIGHTS
    )


async def tally(owner_connection: Any) -> tuple[int, ...]:
    statement = (
        "select (select count(*) from document), (select count(*) from chunk),"
        " (select count(*) from chunk_index)"
    )
    return tuple(owner_connection.execute(statement).fetchone())


@pytest.mark.anyio
async def test_a_document_is_written_again_under_its_number(
    indexer: Database, place: DocumentPlace, owner_connection: Any
) -> None:
    numbers: set[int] = set()
    for words in ("The first edition says little.", "The second edition says a little more."):
        async with indexer.write(None) as session:
            numbers.add(await write_document(session, place, document(words)))
        assert await tally(owner_connection) == (1, 1, 1)
    assert len(numbers) == 1
    async with indexer.write(None) as session:
        await remove_documents(session, list(numbers))
    assert await tally(owner_connection) == (0, 0, 0)


@pytest.mark.anyio
async def test_a_failure_leaves_what_was_there(
    indexer: Database, place: DocumentPlace, owner_connection: Any
) -> None:
    async with indexer.write(None) as session:
        await write_document(session, place, document("The first edition says little."))
    good = document("The second edition breaks off.")
    broken = replace(good, chunks=(replace(good.chunks[0], impacts="{nonsense"),))
    with pytest.raises(Error):
        async with indexer.write(None) as session:
            await write_document(session, place, broken)
    assert await tally(owner_connection) == (1, 1, 1)
    found = owner_connection.execute("select text from chunk").fetchone()
    assert "first edition" in found[0]


def test_what_postgresql_cannot_hold_is_taken_out() -> None:
    made = document("A null \0 and half a pair \ud800 in one paragraph of text.")
    (chunk,) = made.chunks
    assert "\0" not in chunk.text
    chunk.text.encode()


def test_a_document_without_title_bears_the_name_of_its_file() -> None:
    assert document("Some words.").title == "house rules"

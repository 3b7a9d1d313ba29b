"""The rows of a document, written in the caller's transaction: all of them or none."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath
from typing import Protocol

from centaure.kit.database import WriteSession
from centaure.knowledge.indexing.preparation import PreparedDocument, title_from_name
from centaure.knowledge.retrieval import (
    IndexEntry,
    family_of,
    index_row,
    rewrite_index,
    write_index,
)
from centaure.knowledge.retrieval.thesaurus import write_acronyms


@dataclass(frozen=True, slots=True)
class StoredRights:
    """Rights as the row holds them: principals' numbers, in order; no reader is nobody."""

    readers: tuple[int, ...]
    denied: tuple[int, ...]
    classification: int
    rule: str | None


@dataclass(frozen=True, slots=True)
class DocumentPlace:
    """Where a document is, what it weighs and who may read it.

    Attributes:
        path: posix, in the source; an attachment's begins with the path of its message.
        parent_id: the message of an attachment.
        content_hash: SHA-256 of the file.
        modified: of the file, where the document states no date of its own.
    """

    source_id: int
    path: str
    parent_id: int | None
    size: int
    content_hash: bytes
    modified: datetime | None
    rights: StoredRights


async def hold_sides(session: WriteSession) -> frozenset[int]:
    """The sides of the index that generations need, which stay so until the transaction ends.

    Call it before any row of a document is changed: a switch of generations takes both in this order.
    """
    return frozenset(row.side for row in await session.rows(_SIDES))


async def write_document(
    session: WriteSession, place: DocumentPlace, document: PreparedDocument
) -> int:
    """Write a document and its passages in place of what its path held; the row keeps its number.

    The reading goes to every side of the index that a generation needs, so that one that is being built
    or kept is never behind the live one.

    Args:
        session: as the worker's role.
        place: where it is and who reads it.
        document: what `prepare` gave.

    Returns:
        The document's number.
    """
    sides = await hold_sides(session)
    document_id: int = await session.value(
        _DOCUMENT,
        {
            **_described(place.path, document, place.modified),
            "source": place.source_id,
            "path": place.path,
            "parent": place.parent_id,
            "size": place.size,
            "hash": place.content_hash,
            "classification": place.rights.classification,
            "readers": list(place.rights.readers),
            "denied": list(place.rights.denied),
            "rule": place.rights.rule,
        },
    )
    await session.execute(_REMOVE_READINGS, {"id": document_id})
    for side in sorted(sides):
        await write_reading(session, document_id, side, place, document)
    await session.execute(_WANT_VECTORS, {"id": document_id, "priority": CHANGED_NOW})
    return document_id


class Where(Protocol):
    """A path, and when the file there was modified."""

    @property
    def path(self) -> str: ...
    @property
    def modified(self) -> datetime | None: ...


async def write_reading(
    session: WriteSession, document_id: int, side: int, place: Where, document: PreparedDocument
) -> None:
    """Write what was read of a document on one side of the index, where it has no reading yet."""
    await session.execute(
        _READING,
        {
            **_described(place.path, document, place.modified),
            "id": document_id,
            "side": side,
            "stated": "" if document.title == title_from_name(place.path) else document.title,
            "parser": document.parser_version,
            "chunker": document.chunker_version,
            "analysis": document.language_version,
        },
    )
    await write_acronyms(session, document_id, document.acronyms)
    chunks = document.chunks
    if not chunks:
        return
    rows = await session.rows(
        _CHUNKS,
        {
            "document": document_id,
            "side": side,
            "positions": [chunk.position for chunk in chunks],
            "texts": [chunk.text for chunk in chunks],
            "headings": [json.dumps(chunk.heading_path) for chunk in chunks],
            "kinds": [chunk.kind for chunk in chunks],
            "first": [chunk.page_first for chunk in chunks],
            "last": [chunk.page_last for chunk in chunks],
            "sheets": [chunk.sheet for chunk in chunks],
            "cells": [chunk.cells for chunk in chunks],
            "boxes": [chunk.boxes for chunk in chunks],
            "languages": [chunk.language for chunk in chunks],
            "hashes": [chunk.content_hash for chunk in chunks],
        },
    )
    numbers = {row.position: row.id for row in rows}
    await write_index(
        session,
        [
            IndexEntry(numbers[chunk.position], document_id, side, chunk.position, chunk.impacts)
            for chunk in chunks
        ],
    )


def _described(
    path: str, document: PreparedDocument, modified: datetime | None
) -> dict[str, object]:
    return {
        "format": document.format,
        "title": document.title,
        "author": document.author,
        "language": document.language,
        "modified": document.modified or modified,
        "pages": document.page_count,
        "family": family_of(path, document.title),
    }


async def move_document(
    session: WriteSession, document_id: int, path: str, rights: StoredRights
) -> None:
    """Give a document another path and the rights of that path; its passages stay as they are.

    A file name counts in search: when it changes, the index entries are computed again from the stored
    passages. The file is not read.
    """
    await hold_sides(session)
    old_path = str(await session.value(_PATH, {"id": document_id}))
    name = PurePosixPath(path).name
    renamed = name != PurePosixPath(old_path).name
    await session.execute(
        _MOVE,
        {
            "id": document_id,
            "path": path,
            "readers": list(rights.readers),
            "denied": list(rights.denied),
            "classification": rights.classification,
            "rule": rights.rule,
        },
    )
    for reading in await session.rows(_READINGS, {"id": document_id}):
        title = reading.stated or title_from_name(path)
        where = {"id": document_id, "side": reading.side}
        await session.execute(_RENAME, {**where, "title": title, "family": family_of(path, title)})
        if not renamed:
            continue
        passages = await session.rows(_PASSAGES, where)
        await rewrite_index(
            session,
            document_id,
            reading.side,
            {
                row.id: index_row(
                    title=reading.stated,
                    file_name=name,
                    heading_path=row.heading_path,
                    text=row.text,
                    language=row.language,
                )
                for row in passages
            },
        )
    await session.execute(_SHOW, {"id": document_id})


async def remove_documents(session: WriteSession, document_ids: Sequence[int]) -> None:
    """Remove documents; their attachments, passages, index entries and vectors go with them."""
    await session.execute(_REMOVE_DOCUMENTS, {"ids": list(document_ids)})


CHANGED_NOW = 1_000_000
"""Priority of the vectors of what just changed; others count how often people open the document."""

_DOCUMENT = """
    insert into document (source_id, path, parent_id, format, title, author, language, size,
        content_hash, modified, page_count, classification, readers, denied, rule, family)
    values (%(source)s, %(path)s, %(parent)s, %(format)s, %(title)s, %(author)s, %(language)s,
        %(size)s, %(hash)s, %(modified)s, %(pages)s, %(classification)s,
        cast(%(readers)s as int[]), cast(%(denied)s as int[]), %(rule)s, %(family)s)
    on conflict (source_id, path) do update set
        parent_id = excluded.parent_id, format = excluded.format, title = excluded.title,
        author = excluded.author, language = excluded.language, size = excluded.size,
        content_hash = excluded.content_hash, modified = excluded.modified,
        page_count = excluded.page_count, classification = excluded.classification,
        readers = excluded.readers, denied = excluded.denied, rule = excluded.rule,
        family = excluded.family
    returning id
"""
# A switch of generations waits for those who hold these rows, and they for it.
_SIDES = "select side from generation where state <> 'leaving' for key share"
_REMOVE_READINGS = "delete from reading where document_id = %(id)s"
_READING = """
    insert into reading (document_id, side, format, title, stated, author, language, modified, page_count,
        family, parser_version, chunker_version, language_version)
    values (%(id)s, %(side)s, %(format)s, %(title)s, %(stated)s, %(author)s, %(language)s, %(modified)s,
        %(pages)s, %(family)s, %(parser)s, %(chunker)s, %(analysis)s)
"""
_CHUNKS = """
    insert into chunk (document_id, side, position, text, heading_path, kind, page_first, page_last,
        sheet, cells, boxes, language, content_hash)
    select %(document)s, %(side)s, position, text,
        array(select jsonb_array_elements_text(cast(headings as jsonb))),
        kind, page_first, page_last, sheet, cells, cast(boxes as jsonb), language, hash
    from unnest(cast(%(positions)s as int[]), cast(%(texts)s as text[]), cast(%(headings)s as text[]),
        cast(%(kinds)s as text[]), cast(%(first)s as int[]), cast(%(last)s as int[]),
        cast(%(sheets)s as text[]), cast(%(cells)s as text[]), cast(%(boxes)s as text[]),
        cast(%(languages)s as text[]), cast(%(hashes)s as bytea[]))
        as given(position, text, headings, kind, page_first, page_last, sheet, cells, boxes,
            language, hash)
    returning id, position
"""
_WANT_VECTORS = """
    insert into embedding_task (document_id, side, model, priority)
    select distinct reading.document_id, reading.side, generation.model, cast(%(priority)s as int)
    from reading
    join document on document.id = reading.document_id
    join generation on generation.side = reading.side and generation.state <> 'leaving'
    join embedding_model model
        on model.id = generation.model and document.classification <= model.highest
    where reading.document_id = %(id)s
        and exists (select from chunk where chunk.document_id = reading.document_id)
    on conflict (document_id, side, model) do update set
        priority = excluded.priority, wanted_at = excluded.wanted_at, claim = null, claimed_until = null
"""
_PATH = "select path from document where id = %(id)s"
_MOVE = """
    update document set path = %(path)s,
        readers = cast(%(readers)s as int[]), denied = cast(%(denied)s as int[]),
        classification = %(classification)s, rule = %(rule)s
    where id = %(id)s
"""
_READINGS = "select side, stated from reading where document_id = %(id)s order by side"
_RENAME = """
    update reading set title = %(title)s, family = %(family)s
    where document_id = %(id)s and side = %(side)s
"""
_PASSAGES = """
    select id, heading_path, text, language from chunk
    where document_id = %(id)s and side = %(side)s
"""
_SHOW = """
    update document set title = reading.title, family = reading.family
    from reading
    where document.id = %(id)s and reading.document_id = document.id
        and reading.side = live_side()
"""
_REMOVE_DOCUMENTS = "delete from document where id = any(cast(%(ids)s as bigint[]))"

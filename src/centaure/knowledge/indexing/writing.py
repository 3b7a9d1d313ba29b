"""The rows of a document, written in the caller's transaction: all of them or none."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath

from centaure.kit.database import WriteSession
from centaure.knowledge.indexing.preparation import PreparedDocument, title_from_name
from centaure.knowledge.retrieval import IndexEntry, family_of, index_row, write_index


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


async def write_document(
    session: WriteSession, place: DocumentPlace, document: PreparedDocument
) -> int:
    """Write a document and its passages in place of what its path held; the row keeps its number.

    Args:
        session: as the worker's role.
        place: where it is and who reads it.
        document: what `prepare` gave.

    Returns:
        The document's number.
    """
    document_id: int = await session.value(
        _DOCUMENT,
        {
            "source": place.source_id,
            "path": place.path,
            "parent": place.parent_id,
            "format": document.format,
            "title": document.title,
            "author": document.author,
            "language": document.language,
            "size": place.size,
            "hash": place.content_hash,
            "modified": document.modified or place.modified,
            "pages": document.page_count,
            "classification": place.rights.classification,
            "readers": list(place.rights.readers),
            "denied": list(place.rights.denied),
            "rule": place.rights.rule,
            "family": family_of(place.path, document.title),
            "parser": document.parser_version,
            "chunker": document.chunker_version,
            "analysis": document.language_version,
        },
    )
    await session.execute(_REMOVE_CHUNKS, {"id": document_id})
    chunks = document.chunks
    if not chunks:
        return document_id
    rows = await session.rows(
        _CHUNKS,
        {
            "document": document_id,
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
            IndexEntry(numbers[chunk.position], document_id, chunk.position, chunk.impacts)
            for chunk in chunks
        ],
    )
    return document_id


async def move_document(
    session: WriteSession, document_id: int, path: str, rights: StoredRights
) -> None:
    """Give a document another path and the rights of that path; its passages stay as they are.

    A file name counts in search: when it changes, the index entries are computed again from the stored
    passages. The file is not read.
    """
    found = await session.one(_MOVING, {"id": document_id})
    old_path, title = str(found.path), str(found.title)
    stated = title if title != title_from_name(old_path) else ""
    title = stated or title_from_name(path)
    await session.execute(
        _MOVE,
        {
            "id": document_id,
            "path": path,
            "title": title,
            "family": family_of(path, title),
            "readers": list(rights.readers),
            "denied": list(rights.denied),
            "classification": rights.classification,
            "rule": rights.rule,
        },
    )
    name = PurePosixPath(path).name
    if name == PurePosixPath(old_path).name:
        return
    rows = await session.rows(_PASSAGES, {"id": document_id})
    await write_index(
        session,
        [
            IndexEntry(
                row.id,
                document_id,
                row.position,
                index_row(
                    title=stated,
                    file_name=name,
                    heading_path=row.heading_path,
                    text=row.text,
                    language=row.language,
                ),
            )
            for row in rows
        ],
    )


async def remove_documents(session: WriteSession, document_ids: Sequence[int]) -> None:
    """Remove documents; their attachments, passages, index entries and vectors go with them."""
    await session.execute(_REMOVE_DOCUMENTS, {"ids": list(document_ids)})


_DOCUMENT = """
    insert into document (source_id, path, parent_id, format, title, author, language, size,
        content_hash, modified, page_count, classification, readers, denied, rule, family,
        parser_version, chunker_version, language_version)
    values (%(source)s, %(path)s, %(parent)s, %(format)s, %(title)s, %(author)s, %(language)s,
        %(size)s, %(hash)s, %(modified)s, %(pages)s, %(classification)s,
        cast(%(readers)s as int[]), cast(%(denied)s as int[]), %(rule)s, %(family)s,
        %(parser)s, %(chunker)s, %(analysis)s)
    on conflict (source_id, path) do update set
        parent_id = excluded.parent_id, format = excluded.format, title = excluded.title,
        author = excluded.author, language = excluded.language, size = excluded.size,
        content_hash = excluded.content_hash, modified = excluded.modified,
        page_count = excluded.page_count, classification = excluded.classification,
        readers = excluded.readers, denied = excluded.denied, rule = excluded.rule,
        family = excluded.family, parser_version = excluded.parser_version,
        chunker_version = excluded.chunker_version, language_version = excluded.language_version,
        indexed_at = now()
    returning id
"""
_REMOVE_CHUNKS = "delete from chunk where document_id = %(id)s"
_CHUNKS = """
    insert into chunk (document_id, position, text, heading_path, kind, page_first, page_last,
        sheet, cells, boxes, language, content_hash)
    select %(document)s, position, text,
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
_MOVING = "select path, title from document where id = %(id)s"
_MOVE = """
    update document set path = %(path)s, title = %(title)s, family = %(family)s,
        readers = cast(%(readers)s as int[]), denied = cast(%(denied)s as int[]),
        classification = %(classification)s, rule = %(rule)s
    where id = %(id)s
"""
# The worker may add to the index and cannot touch what is there: its entries go when their passage does.
# So the passages leave and come back, under their own numbers, in one statement.
_PASSAGES = """
    with gone as (delete from chunk where document_id = %(id)s returning *)
    insert into chunk overriding system value select * from gone
    returning id, position, heading_path, text, language
"""
_REMOVE_DOCUMENTS = "delete from document where id = any(cast(%(ids)s as bigint[]))"

"""The ledger: what became of every file, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from centaure.kit.database import ReadSession, WriteSession
from centaure.knowledge.chunking import CHUNKER_VERSION
from centaure.knowledge.connectors import Item
from centaure.knowledge.language import LANGUAGE_VERSION
from centaure.knowledge.parsing import PARSER_VERSION

LONGEST_PATH = 2200
"""Bytes of a path in the ledger, with the attachments inside a message: an index entry holds 2,700."""

PLANTED = (
    "Words in it speak to an assistant, not to a reader: they are left out of answers. Look at the file, and "
    "at who wrote it."
)
"""What is said of a version in which such words were found, once somebody's question met it."""


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """What became of one file.

    Attributes:
        status: a `ParseStatus`, or 'unreadable', 'ignored' or 'rights' (the manifest itself).
        reason: a sentence for a person, empty when all is well.
        warnings: what is doubtful about a file that was read.
        updated_at: when this line last changed.
        did: what was done then: new, changed, reindexed, kept, moved, rights_changed; empty: nothing.
        read_ms: milliseconds that fetching and reading took, the last time; None where it was not read.
        last_seen: end of the last listing that showed it.
    """

    path: str
    status: str
    reason: str
    warnings: Sequence[str]
    size: int | None
    document_id: int | None
    updated_at: datetime
    did: str
    read_ms: int | None
    last_seen: datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """A line to write; without an `item` the file is looked at again by the next sync.

    `access` is whom the place lets read it, as `written_access` wrote it.
    """

    path: str
    status: str
    reason: str = ""
    warnings: Sequence[str] = ()
    parent: str | None = None
    item: Item | None = None
    content_hash: bytes | None = None
    document_id: int | None = None
    access: str | None = None
    did: str = ""
    read_ms: int | None = None


async def write_entry(session: WriteSession, source_id: int, entry: Entry) -> None:
    """Write a line in place of the one that the path had."""
    item = entry.item
    await session.execute(
        _WRITE,
        {
            "source": source_id,
            "path": entry.path,
            "parent": entry.parent,
            "status": entry.status,
            "reason": entry.reason,
            "warnings": list(entry.warnings),
            "size": item and item.size,
            "modified": item and item.modified_ns,
            "version": item.version if item else "",
            "identity": item.identity if item else "",
            "hash": entry.content_hash,
            "parser": PARSER_VERSION,
            "chunker": CHUNKER_VERSION,
            "analysis": LANGUAGE_VERSION,
            "document": entry.document_id,
            "access": entry.access,
            "did": entry.did,
            "read_ms": entry.read_ms,
        },
    )


async def note_trouble(session: WriteSession, source_id: int, path: str, reason: str) -> None:
    """Say that a file could not be read this time; what was read of it before stays as it is."""
    await session.execute(_TROUBLE, {"source": source_id, "path": path, "reason": reason})


async def note_state(session: WriteSession, source_id: int, item: Item) -> None:
    """Remember the new state of a file whose bytes are the same."""
    await session.execute(
        _STATE,
        {
            "source": source_id,
            "path": item.path,
            "size": item.size,
            "modified": item.modified_ns,
            "version": item.version,
            "identity": item.identity,
        },
    )


async def remove_attachment_lines(session: WriteSession, source_id: int, message: str) -> None:
    """Remove the lines of everything inside a message."""
    await session.execute(_REMOVE_INSIDE, {"source": source_id, "inside": f"{message}/"})


async def read_ledger(
    session: ReadSession,
    source_id: int,
    *,
    status: str | None = None,
    after: str = "",
    limit: int = 200,
) -> list[LedgerLine]:
    """Lines by path, `limit` at most, after a path.

    Args:
        session: of a curator; anybody else sees none.
        source_id: of the source.
        status: only the lines with this status.
        after: path of the last line already read.
        limit: most lines.
    """
    values = {
        "source": source_id,
        "status": status,
        "after": after,
        "limit": limit,
        "planted": PLANTED,
    }
    return [LedgerLine(*row) for row in await session.rows(_READ, values)]


async def read_line(session: ReadSession, source_id: int, path: str) -> LedgerLine | None:
    """The line of one file, if the principal may see it; the manifest's own is not a file's."""
    row = await session.row(_ONE, {"source": source_id, "path": path, "planted": PLANTED})
    return None if row is None else LedgerLine(*row)


async def count_by_status(session: ReadSession, source_id: int) -> dict[str, int]:
    """How many files have each status."""
    rows = await session.rows(_COUNT, {"source": source_id})
    return {row.status: int(row.files) for row in rows}


_WRITE = """
    insert into ledger (source_id, path, parent, status, reason, warnings, size, modified_ns, version,
        identity, content_hash, parser_version, chunker_version, language_version, document_id,
        access, did, read_ms)
    values (%(source)s, %(path)s, %(parent)s, %(status)s, %(reason)s, cast(%(warnings)s as text[]),
        %(size)s, %(modified)s, %(version)s, %(identity)s, %(hash)s,
        %(parser)s, %(chunker)s, %(analysis)s, %(document)s,
        cast(%(access)s as jsonb), %(did)s, cast(%(read_ms)s as int))
    on conflict (source_id, path) do update set
        parent = excluded.parent, status = excluded.status, reason = excluded.reason,
        warnings = excluded.warnings, size = excluded.size, modified_ns = excluded.modified_ns,
        version = excluded.version, identity = excluded.identity,
        content_hash = excluded.content_hash, parser_version = excluded.parser_version,
        chunker_version = excluded.chunker_version, language_version = excluded.language_version,
        document_id = excluded.document_id, access = excluded.access, did = excluded.did,
        read_ms = excluded.read_ms, updated_at = now()
"""
_TROUBLE = """
    insert into ledger (source_id, path, status, reason)
    values (%(source)s, %(path)s, 'unreadable', %(reason)s)
    on conflict (source_id, path) do update set
        status = excluded.status, reason = excluded.reason, updated_at = now()
"""
_STATE = (
    "update ledger set size = %(size)s, modified_ns = %(modified)s, version = %(version)s,"
    " identity = %(identity)s"
    " where source_id = %(source)s and path = %(path)s"
)
_REMOVE_INSIDE = (
    "delete from ledger"
    " where source_id = %(source)s and parent is not null and starts_with(path, %(inside)s)"
)
_LINES = (
    "select path, status, reason,"
    " array_remove(warnings || array["
    "case when access ->> 'problem' <> '' then 'Nobody is shown it: ' || (access ->> 'problem') end,"
    " case when exists (select from planted_notice told where told.document_id = ledger.document_id"
    " and told.content_hash = ledger.content_hash) then cast(%(planted)s as text) end], null) as warnings,"
    " size, document_id, updated_at,"
    " case when status in ('ignored', 'unreadable', 'rights') then '' else did end as did, read_ms,"
    " greatest(updated_at, (select last_sync_at from source where id = %(source)s)) as last_seen"
    " from ledger where source_id = %(source)s"
)
_READ = (
    f"{_LINES} and (cast(%(status)s as text) is null or status = %(status)s)"
    " and path > %(after)s order by path limit %(limit)s"
)
_ONE = f"{_LINES} and path = %(path)s and status <> 'rights'"
_COUNT = "select status, count(*) as files from ledger where source_id = %(source)s group by status"

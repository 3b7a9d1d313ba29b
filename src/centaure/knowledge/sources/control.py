"""What a person decides about a source and its files: leave out, take back, read again, change, remove.

A path is a file's, or a folder's with all that is below it.
"""

from pathlib import Path, PurePosixPath

import anyio.to_thread

from centaure.audit import Action, record
from centaure.identity import forget_manifest_directory
from centaure.kit.database import WriteSession
from centaure.kit.errors import InvalidInput, NotFound
from centaure.knowledge.indexing import remove_documents
from centaure.knowledge.sources.manifest_reading import checked_manifest
from centaure.knowledge.sources.repository import Source

EXCLUDED = "A person left it out. `centaure source include` takes it back."


async def exclude(session: WriteSession, source: Source, path: str) -> int:
    """Leave a file out, for as long as nobody takes it back: its content goes in this transaction.

    Passages, index entries and vectors go with the document; page images are never kept. What happens in
    the place itself is not ours: a file there stays, and is not read again.

    Args:
        session: as the worker's role.
        source: that holds it.
        path: posix, in the source; it may be unknown so far.

    Returns:
        How many documents were removed, attachments included.

    Raises:
        InvalidInput: it is not a path in a source.
    """
    values = {"source": source.id, "path": _normal(path), "reason": EXCLUDED}
    await session.execute(_EXCLUDE, values)
    documents = [row.id for row in await session.rows(_DOCUMENTS, values)]
    await remove_documents(session, documents)
    await session.execute(_FORGET, values)
    await session.execute(_LEAVE_OUT, values)
    details = {"did": "exclude", "documents": len(documents)}
    await record(session, Action.SOURCE_CHANGE, f"source:{source.id}", details=details)
    return len(documents)


async def include(session: WriteSession, source: Source, path: str) -> None:
    """Take back a file that was left out; the next synchronisation reads it.

    Raises:
        NotFound: nothing was left out at this path.
    """
    values = {"source": source.id, "path": _normal(path), "reason": EXCLUDED}
    if await session.execute(_INCLUDE, values) == 0:
        raise NotFound(f"Nothing was left out at '{path}'.")
    await session.execute(_TAKE_BACK, values)
    details = {"did": "include"}
    await record(session, Action.SOURCE_CHANGE, f"source:{source.id}", details=details)


async def read_again(session: WriteSession, source: Source, path: str) -> int:
    """Have the next synchronisation read files whatever is known of them; how many there are.

    Raises:
        NotFound: no file is known at this path.
    """
    values = {"source": source.id, "path": _normal(path)}
    found = await session.execute(_READ_AGAIN, values)
    if found == 0:
        raise NotFound(
            f"No file is known at '{path}'. `centaure source status --ledger` shows them."
        )
    details = {"did": "read_again", "files": found}
    await record(session, Action.SOURCE_CHANGE, f"source:{source.id}", details=details)
    return found


async def change_source(
    session: WriteSession,
    source: Source,
    *,
    manifest: Path | None = None,
    schedule_minutes: int | None = None,
) -> None:
    """Give a source another manifest, or another schedule (0: on demand only); None leaves it.

    The rights of another manifest are applied by the next synchronisation.

    Raises:
        InvalidInput: the manifest is not valid, or the schedule is not a number of minutes.
    """
    if schedule_minutes is not None and schedule_minutes < 0:
        raise InvalidInput("A schedule is a number of minutes; 0 is on demand only.")
    place = source.manifest
    if manifest is not None:
        place = str(await anyio.to_thread.run_sync(checked_manifest, manifest))
    schedule = source.schedule_minutes if schedule_minutes is None else schedule_minutes or None
    values = {"id": source.id, "manifest": place, "schedule": schedule}
    await session.execute(_CHANGE, values)
    details = {"did": "change", "manifest": manifest is not None}
    await record(session, Action.SOURCE_CHANGE, f"source:{source.id}", details=details)


async def remove_source(session: WriteSession, source: Source) -> None:
    """Remove a source with everything that came from it; accounts stay, the place is not touched."""
    await forget_manifest_directory(session, source.id)
    await session.execute(_REMOVE, {"source": source.id})
    details = {"did": "remove", "documents": source.documents}
    await record(session, Action.SOURCE_CHANGE, f"source:{source.id}", details=details)


def _normal(path: str) -> str:
    parts = PurePosixPath(path).parts
    if not parts or ".." in parts or path.startswith("/") or "\0" in path:
        raise InvalidInput("Write a path as the ledger shows it, relative to the source.")
    return "/".join(parts)


_EXCLUDE = (
    "insert into exclusion (source_id, path) values (%(source)s, %(path)s) on conflict do nothing"
)
_DOCUMENTS = (
    "select id from document where source_id = %(source)s"
    " and (path = %(path)s or starts_with(path, %(path)s || '/'))"
)
_FORGET = (
    "delete from ledger where source_id = %(source)s and status <> 'rights'"
    " and (path = %(path)s or starts_with(path, %(path)s || '/'))"
)
_LEAVE_OUT = """
    with left_out as (
        update listing set status = 'ignored', reason = %(reason)s
        where source_id = %(source)s and status is null
            and (path = %(path)s or starts_with(path, %(path)s || '/'))
        returning path
    )
    insert into ledger (source_id, path, status, reason)
    select %(source)s, path, 'ignored', %(reason)s from left_out
    on conflict (source_id, path) do update set status = excluded.status, reason = excluded.reason
"""
_INCLUDE = "delete from exclusion where source_id = %(source)s and path = %(path)s"
_TAKE_BACK = """
    update listing set status = null, reason = ''
    where source_id = %(source)s and status = 'ignored' and reason = %(reason)s
        and (path = %(path)s or starts_with(path, %(path)s || '/'))
"""
_READ_AGAIN = """
    update ledger set version = '', content_hash = null
    where source_id = %(source)s and status <> 'rights'
        and (path = %(path)s or starts_with(path, %(path)s || '/'))
"""
_CHANGE = (
    "update source set manifest = %(manifest)s, schedule_minutes = %(schedule)s where id = %(id)s"
)
_REMOVE = "delete from source where id = %(source)s"

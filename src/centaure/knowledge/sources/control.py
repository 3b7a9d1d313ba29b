"""What a person decides about a source and its files: leave out, take back, read again, change, remove.

A path is a file's, or a folder's with all that is below it.

The command line decides as the worker's role, at once. Curators act as a role that may remove nothing: they
leave a wish, which the worker fulfils in their name.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path, PurePosixPath

import anyio.to_thread

from centaure.audit import Action, record
from centaure.identity import forget_manifest_directory
from centaure.kit.database import ReadSession, WriteSession
from centaure.kit.errors import InvalidInput, NotFound
from centaure.knowledge.indexing import hold_sides, remove_documents
from centaure.knowledge.sources.manifest_reading import checked_manifest
from centaure.knowledge.sources.repository import Source

EXCLUDED = "A person left it out. `centaure source include` takes it back."
_LOCK_CLASS = 0x4F555421  # "OUT!": keeps these advisory locks apart from others of the database
_LONGEST_LIST = 1000
_MOST_NAMED = 200  # documents in one entry of the audit


class Decision(StrEnum):
    """What may be decided about a file or a folder."""

    EXCLUDE = "exclude"
    INCLUDE = "include"
    READ_AGAIN = "read_again"


@dataclass(frozen=True, slots=True)
class Wish:
    """What a curator decides, for the worker to do; `path` as typed."""

    source_id: int
    decision: Decision
    path: str
    requested_by: int
    id: int = 0


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A path that is left out, as somebody wrote it.

    Attributes:
        excluded_at: None while the worker has not done it yet.
        asked: the wish about it that waits for the worker, if there is one.
    """

    path: str
    excluded_at: datetime | None
    asked: Decision | None


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
    values = {"source": source.id, "path": normal_path(path), "reason": EXCLUDED}
    await hold_sides(session)
    # Whoever writes a file meanwhile ends first; whoever comes after sees that it is left out.
    await session.execute(_LOCK, {**values, "class": _LOCK_CLASS})
    await session.execute(_EXCLUDE, values)
    documents = [row.id for row in await session.rows(_DOCUMENTS, values)]
    await remove_documents(session, documents)
    await session.execute(_FORGET, values)
    await session.execute(_LEAVE_OUT, values)
    details = {"did": "exclude", "documents": len(documents), "removed": documents[:_MOST_NAMED]}
    await record(session, Action.SOURCE_CHANGE, f"source:{source.id}", details=details)
    return len(documents)


async def include(session: WriteSession, source: Source, path: str) -> None:
    """Take back a file that was left out; the next synchronisation reads it.

    Raises:
        NotFound: nothing was left out at this path.
    """
    values = {"source": source.id, "path": normal_path(path), "reason": EXCLUDED}
    if await session.execute(_INCLUDE, values) == 0:
        raise NotFound(f"Nothing was left out at '{path}'.")
    await session.execute(_TAKE_BACK, values)
    # Curators would read there the names of files that perhaps only others may read.
    await session.execute(_FORGET_LEFT_OUT, values)
    await session.execute(_READ_MESSAGE, values)
    details = {"did": "include"}
    await record(session, Action.SOURCE_CHANGE, f"source:{source.id}", details=details)


async def read_again(session: WriteSession, source: Source, path: str) -> int:
    """Have the next synchronisation read files whatever is known of them; how many there are.

    Raises:
        NotFound: no file is known at this path.
    """
    values = {"source": source.id, "path": normal_path(path)}
    found = await session.execute(_READ_AGAIN, values)
    if found == 0:
        raise NotFound(
            f"No file is known at '{path}'. `centaure source status --ledger` shows them."
        )
    await session.execute(_READ_MESSAGE, values)
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
    await hold_sides(session)
    await forget_manifest_directory(session, source.id)
    await session.execute(_REMOVE, {"source": source.id})
    details = {"did": "remove", "documents": source.documents}
    await record(session, Action.SOURCE_CHANGE, f"source:{source.id}", details=details)


async def leave_wish(session: WriteSession, wish: Wish) -> str:
    """Write down what a curator decides, whether there is anything at the path or not.

    Args:
        session: of the curator who decides.
        wish: what.

    Returns:
        The path as it will be compared.

    Raises:
        InvalidInput: it is not a path in a source.
    """
    path, asked = normal_path(wish.path), wish.decision.value
    values = {"source": wish.source_id, "path": path, "by": wish.requested_by, "decision": asked}
    await session.execute(_WISH, values)
    # The path is not told: what is in the audit cannot be erased.
    subject = f"source:{wish.source_id}"
    await record(session, Action.SOURCE_CHANGE, subject, details={"asked": asked})
    return path


async def next_wish(session: ReadSession, source_id: int | None = None) -> Wish | None:
    """The oldest wish that waits, of one source or of all."""
    row = await session.row(_NEXT_WISH, {"source": source_id})
    return row and Wish(row.source_id, Decision(row.decision), row.path, row.requested_by, row.id)


async def wishing_sources(session: ReadSession) -> list[int]:
    """The sources for which a wish waits."""
    return [int(row.source_id) for row in await session.rows(_WISHING)]


async def fulfil(session: WriteSession, source: Source, wish: Wish) -> bool:
    """Do what a curator wished, as the worker's role in the curator's name; False: another did.

    A wish about a path where there is nothing ends like any other: whoever wished is told nothing.
    """
    if await session.execute(_TAKE_WISH, {"id": wish.id}) == 0:
        return False
    try:
        match wish.decision:
            case Decision.EXCLUDE:
                await exclude(session, source, wish.path)
            case Decision.INCLUDE:
                await include(session, source, wish.path)
            case Decision.READ_AGAIN:
                await read_again(session, source, wish.path)
    except NotFound:
        return True
    return True


async def list_exclusions(session: ReadSession, source_id: int) -> list[Exclusion]:
    """What is left out of a source, or is about to be, by path."""
    rows = await session.rows(_EXCLUSIONS, {"source": source_id, "limit": _LONGEST_LIST})
    return [Exclusion(row.path, row.excluded_at, row.asked and Decision(row.asked)) for row in rows]


async def excluded_about(session: WriteSession, source_id: int, path: str) -> frozenset[str]:
    """The excluded paths that hold a file or are inside it; nobody adds one before this transaction ends."""
    values = {"source": source_id, "path": path}
    await session.execute(_SHARE_LOCK, {**values, "class": _LOCK_CLASS})
    return frozenset(row.path for row in await session.rows(_ABOUT, values))


def is_covered(path: str, excluded: Collection[str]) -> bool:
    """Whether a path is one of these or below one of them."""
    return any(path == above or path.startswith(f"{above}/") for above in excluded)


def normal_path(path: str) -> str:
    """A path as it is compared, from what a person wrote.

    Raises:
        InvalidInput: it is not a path in a source.
    """
    parts = PurePosixPath(path).parts
    if not parts or ".." in parts or path.startswith("/") or "\0" in path:
        raise InvalidInput("Write a path as the ledger shows it, relative to the source.")
    return "/".join(parts)


_LOCK = "select pg_advisory_xact_lock(%(class)s, %(source)s)"
_SHARE_LOCK = "select pg_advisory_xact_lock_shared(%(class)s, %(source)s)"
_ABOUT = (
    "select path from exclusion where source_id = %(source)s"
    " and (path = %(path)s or starts_with(%(path)s, path || '/') or starts_with(path, %(path)s || '/'))"
)
_WISH = (
    "insert into wish (source_id, decision, path, requested_by)"
    " values (%(source)s, %(decision)s, %(path)s, %(by)s)"
)
_NEXT_WISH = (
    "select id, source_id, decision, path, requested_by from wish"
    " where cast(%(source)s as int) is null or source_id = %(source)s order by id limit 1"
)
_WISHING = "select distinct source_id from wish"
_TAKE_WISH = "delete from wish where id = %(id)s"
_EXCLUSIONS = """
    select coalesce(done.path, asked.path) as path, done.excluded_at, asked.decision as asked
    from (select path, excluded_at from exclusion where source_id = %(source)s) as done
    full join (
        select distinct on (path) path, decision from wish
        where source_id = %(source)s and decision <> 'read_again' order by path, id desc
    ) as asked on asked.path = done.path
    where done.path is not null or asked.decision = 'exclude'
    order by 1 limit %(limit)s
"""
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
_FORGET_LEFT_OUT = """
    delete from ledger
    where source_id = %(source)s and status = 'ignored' and reason = %(reason)s
        and (path = %(path)s or starts_with(path, %(path)s || '/'))
"""
_READ_MESSAGE = """
    update ledger set version = '', content_hash = null
    where source_id = %(source)s and parent is null and starts_with(%(path)s, path || '/')
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

"""What the place holds beside what is known: the listing and the differences, computed in SQL.

The listing is kept between runs. A full one replaces it; a feed of changes is written into it. Either way
what follows compares the same two tables.
"""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from itertools import islice

from centaure.kit.database import Database, ReadSession, WriteSession
from centaure.knowledge.chunking import CHUNKER_VERSION
from centaure.knowledge.connectors import (
    Checkpoint,
    Connector,
    Gone,
    Item,
    Problem,
    TokenExpired,
)
from centaure.knowledge.connectors.port import path_problem
from centaure.knowledge.language import LANGUAGE_VERSION
from centaure.knowledge.parsing import PARSER_VERSION
from centaure.knowledge.sources.control import EXCLUDED
from centaure.knowledge.sources.place_rights import written_access
from centaure.knowledge.sources.places import ask
from centaure.knowledge.sources.repository import Source, keep_feed
from centaure.knowledge.sources.rule_use import RuleUse

_BATCH = 2000
LONGEST_NAME = 2000

Found = Item | Problem | Gone | Checkpoint


@dataclass(frozen=True, slots=True)
class ToRead:
    """A file to read: new, changed, or to be read again.

    Attributes:
        item: as the listing has it.
        access: whom the place lets read it, as `written_access` wrote it.
        known: it is in the ledger already.
        known_hash: SHA-256 of what was read of it before.
        current: its last reading was made by the present versions and is final.
    """

    item: Item
    access: str | None
    known: bool
    known_hash: bytes | None
    current: bool


@dataclass(frozen=True, slots=True)
class Missing:
    """A file that is known and not in the place any more."""

    path: str
    size: int | None
    version: str
    identity: str
    content_hash: bytes | None
    document_id: int | None


async def take_listing(
    database: Database, source: Source, connector: Connector, skipped: frozenset[str], *, full: bool
) -> None:
    """Bring the listing in step with the place.

    Args:
        database: as the worker's role.
        source: its feed says where the last listing ended.
        connector: of the source.
        skipped: paths that are never content: the manifest, unless a rule for that very file says so.
        full: list everything, even where the place could say what changed.

    Raises:
        PlaceUnavailable: the listing cannot go on; nothing may be concluded from it.
    """
    since = None if full else await _resumable(database, source)
    try:
        await _write_listing(database, source.id, connector, skipped, since)
    except TokenExpired:
        await _write_listing(database, source.id, connector, skipped, None)


async def _resumable(database: Database, source: Source) -> str | None:
    """Where the place is to go on from; None where the listing that this follows was lost in a crash."""
    if source.feed_token is None:
        return None
    async with database.read(None) as session:
        there = await session.value(_LISTED, {"source": source.id})
    return source.feed_token if there else None


async def _write_listing(
    database: Database,
    source_id: int,
    connector: Connector,
    skipped: frozenset[str],
    since: str | None,
) -> None:
    if since is None:
        async with database.write(None) as session:
            await session.execute(_CLEAR, {"source": source_id})
            await keep_feed(session, source_id, None, full=False)
    writer = _Writer(source_id, skipped, since is None, connector.reports_access)
    found = connector.items(since)
    while batch := await ask(_next_batch, found):
        async with database.write(None) as session:
            await writer.write(session, batch)
    async with database.write(None) as session:
        await session.execute(_LEAVE_OUT, {"source": source_id, "reason": EXCLUDED})
        await session.execute("analyze listing")


def _next_batch(found: Iterator[Found]) -> list[Found]:
    return list(islice(found, _BATCH))


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes what a connector tells into the listing of a source."""

    source_id: int
    skipped: frozenset[str]
    full: bool
    reports_access: bool

    async def write(self, session: WriteSession, batch: Sequence[Found]) -> None:
        """Write what was told, in its order; the checkpoint commits with all that it covers."""
        rows: dict[str, Item | Problem] = {}
        for told in batch:
            if isinstance(told, Checkpoint):
                await self._flush(session, rows)
                full = self.full and told.complete
                await keep_feed(session, self.source_id, told.token, full=full)
            elif isinstance(told, Gone):
                await self._flush(session, rows)
                values = {"source": self.source_id, "path": told.path, "identity": told.identity}
                await session.execute(_GONE, values)
            elif told.path not in self.skipped:
                row = _with_a_name(told)
                rows[row.path] = row
        await self._flush(session, rows)

    async def _flush(self, session: WriteSession, rows: dict[str, Item | Problem]) -> None:
        if rows:
            found = list(rows.values())
            columns = _columns(self.source_id, found, reports_access=self.reports_access)
            if not self.full:
                await session.execute(_LEAVE, columns)
            await session.execute(_INSERT, columns)
            rows.clear()


def _with_a_name(told: Item | Problem) -> Item | Problem:
    """The same, or the problem that its name is; words of the place hold nothing that cannot be kept."""
    if isinstance(told, Problem):
        return replace(
            told, path=told.path.replace("\0", "?"), reason=told.reason.replace("\0", "?")
        )
    wrong = path_problem(told.path)
    if wrong is None and "\0" not in told.version + told.identity:
        return told
    name = told.path.replace("\0", "\N{REPLACEMENT CHARACTER}")
    name = name.encode(errors="backslashreplace")[:LONGEST_NAME].decode(errors="ignore")
    return Problem(name or "?", "unreadable", wrong or "Its version cannot be kept.")


def _columns(
    source_id: int, rows: Sequence[Item | Problem], *, reports_access: bool
) -> dict[str, object]:
    items = [row if isinstance(row, Item) else None for row in rows]
    problems = [row if isinstance(row, Problem) else None for row in rows]
    return {
        "source": source_id,
        "paths": [row.path for row in rows],
        "statuses": [problem and problem.status for problem in problems],
        "reasons": [problem.reason if problem else "" for problem in problems],
        "holds": [bool(problem and problem.holds_below) for problem in problems],
        "sizes": [item and item.size for item in items],
        "modified": [item and item.modified_ns for item in items],
        "versions": [item.version if item else "" for item in items],
        "identities": [item.identity if item else "" for item in items],
        "accesses": [
            written_access(item, reports_access=reports_access) if item else None for item in items
        ],
    }


async def count_listed(session: ReadSession, source_id: int) -> int:
    """How many files the place holds."""
    return int(await session.value(_COUNT_LISTED, {"source": source_id}) or 0)


async def note_rule_use(session: ReadSession, source_id: int, use: RuleUse) -> None:
    """Tell of every file of the listing, to know the rules that match nothing."""
    async with aclosing(session.stream(_PATHS, {"source": source_id})) as rows:
        async for row in rows:
            use.saw(row.path)


async def missing_files(session: ReadSession, source_id: int) -> list[Missing]:
    """Files that are known and neither in the place nor below a folder that could not be listed."""
    return [Missing(*row) for row in await session.rows(_MISSING, {"source": source_id})]


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file of the place that is not known; `access` is as `written_access` wrote it."""

    item: Item
    access: str | None


async def new_files_like(
    session: ReadSession, source_id: int, orphans: Sequence[Missing]
) -> list[NewFile]:
    """The files of the place that are not known, and have the size or the identity of a missing one."""
    values = {
        "source": source_id,
        "sizes": sorted({known.size for known in orphans if known.size is not None}),
        "identities": sorted({known.identity for known in orphans if known.identity}),
    }
    rows = await session.rows(_NEW_LIKE, values)
    return [
        NewFile(Item(row.path, row.size, row.modified_ns, row.version, row.identity), row.access)
        for row in rows
    ]


async def count_to_read(session: ReadSession, source_id: int, *, ocr: bool) -> int:
    """How many files there are to read."""
    return int(await session.value(_COUNT_TO_READ, _criteria(source_id, ocr=ocr)) or 0)


async def files_to_read(
    database: Database, source_id: int, *, ocr: bool, page: int = 200
) -> AsyncIterator[list[ToRead]]:
    """The files to read, by path, in pages; each page is asked for when the one before is done."""
    after = ""
    while True:
        async with database.read(None) as session:
            values = {**_criteria(source_id, ocr=ocr), "after": after, "page": page}
            rows = await session.rows(_TO_READ, values)
        if not rows:
            return
        after = rows[-1].path
        yield [
            ToRead(
                Item(row.path, row.size, row.modified_ns, row.version, row.identity),
                row.access,
                row.known,
                row.content_hash,
                row.current,
            )
            for row in rows
        ]


async def write_problems(session: WriteSession, source_id: int) -> None:
    """Put what cannot be read in the ledger; what was read of it before stays as it is."""
    await session.execute(_PROBLEMS, {"source": source_id})


def _criteria(source_id: int, *, ocr: bool) -> dict[str, object]:
    return {
        "source": source_id,
        "ocr": ocr,
        "parser": PARSER_VERSION,
        "chunker": CHUNKER_VERSION,
        "analysis": LANGUAGE_VERSION,
    }


_CLEAR = "delete from listing where source_id = %(source)s"
_LISTED = "select exists (select from listing where source_id = %(source)s)"
_COUNT_LISTED = "select count(*) from listing where source_id = %(source)s and status is null"
_PATHS = "select path from listing where source_id = %(source)s and status is null"
_LEAVE_OUT = """
    update listing set status = 'ignored', reason = %(reason)s
    from exclusion
    where listing.source_id = %(source)s and exclusion.source_id = %(source)s and listing.status is null
        and (listing.path = exclusion.path or starts_with(listing.path, exclusion.path || '/'))
"""
_LEAVE = """
    delete from listing using unnest(cast(%(paths)s as text[]), cast(%(identities)s as text[]))
        as told(path, identity)
    where listing.source_id = %(source)s and told.identity <> '' and listing.identity = told.identity
        and listing.path <> all(cast(%(paths)s as text[]))
"""
_GONE = (
    "delete from listing where source_id = %(source)s"
    " and (path = %(path)s or %(identity)s <> '' and identity = %(identity)s)"
)
_INSERT = """
    insert into listing (source_id, path, status, reason, holds_below, size, modified_ns, version, identity,
        access)
    select %(source)s, given.*
    from unnest(cast(%(paths)s as text[]), cast(%(statuses)s as text[]), cast(%(reasons)s as text[]),
        cast(%(holds)s as boolean[]), cast(%(sizes)s as bigint[]), cast(%(modified)s as bigint[]),
        cast(%(versions)s as text[]), cast(%(identities)s as text[]), cast(%(accesses)s as jsonb[]))
        as given
    on conflict (source_id, path) do update set
        status = excluded.status, reason = excluded.reason, holds_below = excluded.holds_below,
        size = excluded.size, modified_ns = excluded.modified_ns, version = excluded.version,
        identity = excluded.identity, access = excluded.access
"""
_MISSING = """
    select known.path, known.size, known.version, known.identity, known.content_hash, known.document_id
    from ledger known
    where known.source_id = %(source)s and known.parent is null and known.status <> 'rights'
        and not exists (
            select from listing seen where seen.source_id = %(source)s and seen.path = known.path)
        and not exists (
            select from listing closed
            where closed.source_id = %(source)s and closed.holds_below
                and (closed.path = '.' or starts_with(known.path, closed.path || '/')))
    order by known.path
"""
_NEW_LIKE = """
    select seen.path, seen.size, seen.modified_ns, seen.version, seen.identity,
        cast(seen.access as text) as access
    from listing seen
    where seen.source_id = %(source)s and seen.status is null
        and (seen.size = any(cast(%(sizes)s as bigint[]))
            or seen.identity = any(cast(%(identities)s as text[])))
        and not exists (
            select from ledger known where known.source_id = %(source)s and known.path = seen.path)
    order by seen.path
"""
# What was read is read again by `centaure reindex`, beside what is searched; what an earlier version could
# not read is tried again here.
_WANTED = """
    from listing seen
    left join ledger known on known.source_id = %(source)s and known.path = seen.path
    where seen.source_id = %(source)s and seen.status is null and (
        known.path is null
        or known.status in ('unreadable', 'ignored')
        or known.status = 'waiting' and %(ocr)s
        or seen.version = '' or known.version <> seen.version
        or known.size is distinct from coalesce(seen.size, known.size)
        or known.document_id is null and (known.parser_version, known.chunker_version, known.language_version)
            <> (%(parser)s, %(chunker)s, %(analysis)s))
"""
_COUNT_TO_READ = f"select count(*) {_WANTED}"
_TO_READ = f"""
    select seen.path, seen.size, seen.modified_ns, seen.version, seen.identity,
        cast(seen.access as text) as access, known.path is not null as known, known.content_hash,
        coalesce(known.status not in ('unreadable', 'ignored')
            and not (known.status = 'waiting' and %(ocr)s)
            and (known.document_id is not null
                or (known.parser_version, known.chunker_version, known.language_version)
                    = (%(parser)s, %(chunker)s, %(analysis)s)), false) as current
    {_WANTED}
    and seen.path > %(after)s order by seen.path limit %(page)s
"""
_PROBLEMS = """
    insert into ledger (source_id, path, status, reason)
    select source_id, path, status, reason from listing
    where source_id = %(source)s and status is not null
    on conflict (source_id, path) do update set
        status = excluded.status, reason = excluded.reason, updated_at = now()
    where (ledger.status, ledger.reason) is distinct from (excluded.status, excluded.reason)
"""

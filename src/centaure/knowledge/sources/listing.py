"""What is on disk beside what is known: the listing of a run and the differences, computed in SQL."""

from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import anyio.to_thread

from centaure.kit.database import Database, ReadSession, WriteSession
from centaure.knowledge.chunking import CHUNKER_VERSION
from centaure.knowledge.language import LANGUAGE_VERSION
from centaure.knowledge.parsing import PARSER_VERSION
from centaure.knowledge.sources.folder import FoundFile, FoundProblem, Walk, walk_folder
from centaure.knowledge.sources.rule_use import RuleUse

_BATCH = 2000


@dataclass(frozen=True, slots=True)
class ToRead:
    """A file to read: new, changed, or to be read again.

    Attributes:
        known: it is in the ledger already.
        known_hash: SHA-256 of what was read of it before.
        current: its last reading was made by the present versions and is final.
    """

    path: str
    known: bool
    known_hash: bytes | None
    current: bool


@dataclass(frozen=True, slots=True)
class Missing:
    """A file that is known and not on disk any more."""

    path: str
    size: int | None
    inode: int | None
    content_hash: bytes | None
    document_id: int | None


async def take_listing(
    database: Database, source_id: int, root: Path, skipped: frozenset[str], use: RuleUse | None
) -> Walk:
    """Walk the folder and write what is there in place of the last listing.

    Args:
        database: as the worker's role.
        source_id: of the source.
        root: its folder.
        skipped: paths that are never content: the manifest, unless a rule for that very file says so.
        use: told of every file, to know the rules that match nothing.
    """
    walk = Walk()
    found = walk_folder(root, walk)
    async with database.write(None) as session:
        await session.execute(_CLEAR, {"source": source_id})
    while batch := await anyio.to_thread.run_sync(_next_batch, found):
        rows = [entry for entry in batch if entry.path not in skipped]
        for entry in rows:
            if use is not None and isinstance(entry, FoundFile):
                use.saw(entry.path)
        async with database.write(None) as session:
            await session.execute(_INSERT, _columns(source_id, rows))
    async with database.write(None) as session:
        await session.execute("analyze listing")
    return walk


def _next_batch(found: Iterator[FoundFile | FoundProblem]) -> list[FoundFile | FoundProblem]:
    return list(islice(found, _BATCH))


def _columns(source_id: int, rows: Sequence[FoundFile | FoundProblem]) -> dict[str, object]:
    files = [row if isinstance(row, FoundFile) else None for row in rows]
    problems = [row if isinstance(row, FoundProblem) else None for row in rows]
    return {
        "source": source_id,
        "paths": [row.path for row in rows],
        "statuses": [problem and problem.status for problem in problems],
        "reasons": [problem.reason if problem else "" for problem in problems],
        "holds": [bool(problem and problem.holds_below) for problem in problems],
        "sizes": [file and file.size for file in files],
        "modified": [file and file.modified_ns for file in files],
        "changed": [file and file.changed_ns for file in files],
        "inodes": [file and file.inode for file in files],
    }


async def missing_files(session: ReadSession, source_id: int) -> list[Missing]:
    """Files that are known and neither on disk nor below a folder that could not be listed."""
    rows = await session.rows(_MISSING, {"source": source_id})
    return [
        Missing(row.path, row.size, row.inode and int(row.inode), row.content_hash, row.document_id)
        for row in rows
    ]


async def new_files_of_sizes(
    session: ReadSession, source_id: int, sizes: Sequence[int]
) -> list[tuple[str, int]]:
    """Path and inode of the files on disk that are not known and weigh one of these sizes."""
    rows = await session.rows(_NEW_OF_SIZES, {"source": source_id, "sizes": list(sizes)})
    return [(row.path, int(row.inode)) for row in rows]


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
        yield [ToRead(row.path, row.known, row.content_hash, row.current) for row in rows]


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
_INSERT = """
    insert into listing (source_id, path, status, reason, holds_below, size, modified_ns, changed_ns, inode)
    select %(source)s, given.*
    from unnest(cast(%(paths)s as text[]), cast(%(statuses)s as text[]), cast(%(reasons)s as text[]),
        cast(%(holds)s as boolean[]), cast(%(sizes)s as bigint[]), cast(%(modified)s as bigint[]),
        cast(%(changed)s as bigint[]), cast(%(inodes)s as numeric[])) as given
    on conflict do nothing
"""
_MISSING = """
    select known.path, known.size, known.inode, known.content_hash, known.document_id
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
_NEW_OF_SIZES = """
    select seen.path, seen.inode
    from listing seen
    where seen.source_id = %(source)s and seen.status is null
        and seen.size = any(cast(%(sizes)s as bigint[]))
        and not exists (
            select from ledger known where known.source_id = %(source)s and known.path = seen.path)
    order by seen.path
"""
_WANTED = """
    from listing seen
    left join ledger known on known.source_id = %(source)s and known.path = seen.path
    where seen.source_id = %(source)s and seen.status is null and (
        known.path is null
        or known.status in ('unreadable', 'ignored')
        or known.status = 'waiting' and %(ocr)s
        or (known.size, known.modified_ns, known.changed_ns)
            is distinct from (seen.size, seen.modified_ns, seen.changed_ns)
        or (known.parser_version, known.chunker_version, known.language_version)
            <> (%(parser)s, %(chunker)s, %(analysis)s))
"""
_COUNT_TO_READ = f"select count(*) {_WANTED}"
_TO_READ = f"""
    select seen.path, known.path is not null as known, known.content_hash,
        coalesce(known.status not in ('unreadable', 'ignored')
            and not (known.status = 'waiting' and %(ocr)s)
            and (known.parser_version, known.chunker_version, known.language_version)
                = (%(parser)s, %(chunker)s, %(analysis)s), false) as current
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

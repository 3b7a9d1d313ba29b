"""What needs no parsing: files that moved, and files that are gone."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from centaure.kit.database import Database, WriteSession
from centaure.knowledge.connectors import (
    Connector,
    Item,
    ItemChanged,
    ItemGone,
    ItemTooLarge,
    ItemUnreadable,
)
from centaure.knowledge.indexing import hold_sides, move_document, remove_documents
from centaure.knowledge.sources.access import Access, close_documents
from centaure.knowledge.sources.control import excluded_about, is_covered
from centaure.knowledge.sources.ledger import note_state
from centaure.knowledge.sources.listing import (
    Missing,
    missing_files,
    new_files_like,
    write_problems,
)
from centaure.knowledge.sources.places import ask
from centaure.knowledge.sources.reading import item_of
from centaure.knowledge.sources.runs import Run, advance

_BATCH = 200


@dataclass(frozen=True, slots=True)
class Move:
    """A file that is known under another path."""

    known: Missing
    item: Item
    access: str | None


@dataclass(frozen=True, slots=True)
class Bounds:
    """What is settled at all.

    Attributes:
        skipped: paths that must not be content.
        consider: told how many documents are gone before any is removed; raises to keep them.
    """

    skipped: frozenset[str]
    consider: Callable[[int], None]


async def settle_structure(
    database: Database, run: Run, connector: Connector, access: Access, bounds: Bounds
) -> None:
    """Give what moved its new path and rights, then remove what is gone.

    Moves come first, since they may close something, and a person may have to look before anything goes.

    Args:
        database: as the worker's role.
        run: counts what is done; the listing of this run is taken.
        connector: of the source.
        access: its rights.
        bounds: what is settled at all.
    """
    async with database.read(None) as session:
        missing = await missing_files(session, run.source_id)
    moves, doubtful = await _recognise(database, run.source_id, connector, missing)
    for move in moves:
        async with database.write(None) as session:
            await hold_sides(session)
            excluded = await excluded_about(session, run.source_id, move.item.path)
            if is_covered(move.item.path, excluded):
                continue  # left out since it was listed: the next run finds it gone
            await _move(session, run.source_id, move, access, excluded)
            await advance(session, run, {"moved": 1})
    async with database.write(None) as session:
        await hold_sides(session)
        await close_documents(session, doubtful)
    moved = {move.known.path for move in moves}
    gone = [known for known in missing if known.path not in moved]
    bounds.consider(sum(known.document_id is not None for known in gone))
    for start in range(0, len(gone), _BATCH):
        batch = gone[start : start + _BATCH]
        async with database.write(None) as session:
            await hold_sides(session)
            await _forget(session, run.source_id, [known.path for known in batch])
            await advance(session, run, {"deleted": len(batch)})
    async with database.write(None) as session:
        await hold_sides(session)
        closed = await _forget_closed(session, run.source_id, bounds.skipped)
        await advance(session, run, {"deleted": closed} if closed else {})


async def _recognise(
    database: Database, source_id: int, connector: Connector, missing: Sequence[Missing]
) -> tuple[list[Move], list[int]]:
    """Pair missing files with new ones of the same bytes and the same kind of name.

    What the place says of identities and versions is not believed: the bytes decide.

    Returns:
        The moves, and the documents that may have moved to where nothing could be fetched.
    """
    orphans = [known for known in missing if known.document_id and known.content_hash]
    if not orphans:
        return [], []
    async with database.read(None) as session:
        candidates = await new_files_like(session, source_id, orphans)
    by_hash: Mapping[bytes, list[Missing]] = defaultdict(list)
    for known in orphans:
        by_hash[known.content_hash or b""].append(known)
    moves: list[Move] = []
    unseen: list[Item] = []
    for candidate in candidates:
        seen = candidate.item
        try:
            item, content_hash = await ask(_hashed, connector, seen.path)
        except (OSError, ItemChanged, ItemGone, ItemTooLarge, ItemUnreadable):
            unseen.append(seen)
            continue
        alike = [known for known in by_hash[content_hash] if _same_kind(known.path, seen.path)]
        if alike:
            # Copies of one file moved together: the identity that the place gave tells which is which.
            chosen = next((known for known in alike if known.identity == seen.identity), alike[0])
            by_hash[content_hash].remove(chosen)
            moves.append(Move(chosen, item, candidate.access))
    moved = {move.known.path for move in moves}
    doubtful = [
        known.document_id
        for known in orphans
        if known.document_id is not None
        and known.path not in moved
        and any(_may_be(known, seen) for seen in unseen)
    ]
    return moves, doubtful


def _may_be(known: Missing, seen: Item) -> bool:
    same_size = seen.size is not None and seen.size == known.size
    return same_size or (seen.identity != "" and seen.identity == known.identity)


def _hashed(connector: Connector, path: str) -> tuple[Item, bytes]:
    with connector.fetch(path) as fetched:
        return item_of(path, fetched), fetched.digest()


def _same_kind(old: str, new: str) -> bool:
    """Some formats are told by the name alone, so another extension is another document."""
    return PurePosixPath(old).suffix.lower() == PurePosixPath(new).suffix.lower()


async def _forget(session: WriteSession, source_id: int, paths: Sequence[str]) -> None:
    documents = await session.rows(_DOCUMENTS_AT, {"source": source_id, "paths": list(paths)})
    await remove_documents(session, [row.id for row in documents])
    values = {"source": source_id, "paths": list(paths)}
    await session.execute(_FORGET_INSIDE, values)
    await session.execute(_FORGET, values)


async def _forget_closed(session: WriteSession, source_id: int, skipped: frozenset[str]) -> int:
    """Files that became links or the manifest: they stay in the ledger, their content does not."""
    values = {"source": source_id, "skipped": sorted(skipped)}
    paths = [row.path for row in await session.rows(_CLOSED, values)]
    if paths:
        await _forget(session, source_id, paths)
        await write_problems(session, source_id)
    return len(paths)


async def _move(
    session: WriteSession,
    source_id: int,
    move: Move,
    access: Access,
    excluded: Collection[str],
) -> None:
    old, new = move.known.path, move.item.path
    rights = await access.rights_of(session, new, move.access)
    family = await session.rows(_FAMILY, {"id": move.known.document_id})
    for row in family:
        await move_document(session, row.id, new + str(row.path).removeprefix(old), rights)
    values = {"source": source_id, "old": old, "new": new, "inside": f"{old}/"}
    await session.execute(_RENAME_INSIDE, values)
    await session.execute(_RENAME, {**values, "access": move.access})
    await note_state(session, source_id, move.item)
    inside = [new + str(row.path).removeprefix(old) for row in family]
    left_out = [path for path in inside if is_covered(path, excluded)]
    if left_out:
        values = {"source": source_id, "paths": left_out}
        rows = await session.rows(_AT, values)
        await remove_documents(session, [row.id for row in rows])
        await session.execute(_FORGET_INSIDE, values)
        await session.execute(_FORGET, values)


_AT = (
    "select id from document where source_id = %(source)s and path = any(cast(%(paths)s as text[]))"
)
_DOCUMENTS_AT = (
    "select id from document where source_id = %(source)s and parent_id is null"
    " and path = any(cast(%(paths)s as text[]))"
)
_FORGET_INSIDE = (
    "delete from ledger inside using unnest(cast(%(paths)s as text[])) as gone(path)"
    " where inside.source_id = %(source)s and inside.parent is not null"
    " and starts_with(inside.path, gone.path || '/')"
)
_FORGET = (
    "delete from ledger where source_id = %(source)s and path = any(cast(%(paths)s as text[]))"
)
_CLOSED = """
    select document.path from document
    where document.source_id = %(source)s and document.parent_id is null and (
        document.path = any(cast(%(skipped)s as text[]))
        or exists (
            select from listing seen
            where seen.source_id = %(source)s and seen.path = document.path and seen.status = 'ignored'))
"""
_FAMILY = """
    with recursive family(id, path) as (
        select id, path from document where id = %(id)s
        union all
        select inside.id, inside.path from document inside join family on inside.parent_id = family.id
    )
    select id, path from family
"""
_RENAME = (
    "update ledger set path = %(new)s, access = cast(%(access)s as jsonb), did = 'moved',"
    " updated_at = now()"
    " where source_id = %(source)s and path = %(old)s"
)
_RENAME_INSIDE = """
    update ledger set path = %(new)s || substr(path, length(%(old)s) + 1),
        parent = %(new)s || substr(parent, length(%(old)s) + 1)
    where source_id = %(source)s and parent is not null and starts_with(path, %(inside)s)
"""

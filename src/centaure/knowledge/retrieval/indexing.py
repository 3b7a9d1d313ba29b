"""Write what search knows of passages, in the transaction that writes the passages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from centaure.kit.database import WriteSession


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """One passage of the index.

    Attributes:
        chunk_id: The passage; deleting it deletes its entry.
        document_id: Its document, whose rights and metadata apply to it.
        side: The side of the index that it is on.
        position: Its position in the document.
        impacts: What `index_row` gives.
    """

    chunk_id: int
    document_id: int
    side: int
    position: int
    impacts: str


_INSERT = (
    "insert into chunk_index (chunk_id, document_id, side, position, impacts)"
    " select chunk_id, document_id, side, position, cast(impacts as public.sparsevec)"
    " from unnest(cast(%(chunk_ids)s as bigint[]), cast(%(document_ids)s as bigint[]),"
    " cast(%(sides)s as smallint[]), cast(%(positions)s as int[]), cast(%(impacts)s as text[]))"
    " as entry(chunk_id, document_id, side, position, impacts)"
)
_REWRITE = "select rewrite_index(cast(%(chunk_ids)s as bigint[]), cast(%(impacts)s as text[]))"


async def write_index(session: WriteSession, entries: Sequence[IndexEntry]) -> None:
    """Add new passages to the index, as the worker's role, which cannot read it."""
    if not entries:
        return
    await session.execute(
        _INSERT,
        {
            "chunk_ids": [entry.chunk_id for entry in entries],
            "document_ids": [entry.document_id for entry in entries],
            "sides": [entry.side for entry in entries],
            "positions": [entry.position for entry in entries],
            "impacts": [entry.impacts for entry in entries],
        },
    )


async def rewrite_index(session: WriteSession, impacts: Mapping[int, str]) -> None:
    """Say again what the index keeps of passages that are in it, by their number."""
    if impacts:
        values = {"chunk_ids": list(impacts), "impacts": list(impacts.values())}
        await session.execute(_REWRITE, values)

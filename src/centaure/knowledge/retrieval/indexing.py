"""Write what search knows of passages, in the transaction that writes the passages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from centaure.kit.database import WriteSession
from centaure.knowledge.retrieval.impacts import document_row


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
_INSERT_DOCUMENT = (
    "insert into document_index (document_id, side, impacts)"
    " values (%(document)s, %(side)s, cast(%(impacts)s as public.sparsevec))"
)
_REWRITE = (
    "select rewrite_index(cast(%(chunk_ids)s as bigint[]), cast(%(impacts)s as text[]), %(document)s,"
    " cast(%(side)s as smallint), %(whole)s)"
)


async def write_index(session: WriteSession, entries: Sequence[IndexEntry]) -> None:
    """Add the passages of one document, all of them, to a side of the index.

    As the worker's role, which cannot read it.
    """
    if not entries:
        return
    impacts = [entry.impacts for entry in entries]
    await session.execute(
        _INSERT,
        {
            "chunk_ids": [entry.chunk_id for entry in entries],
            "document_ids": [entry.document_id for entry in entries],
            "sides": [entry.side for entry in entries],
            "positions": [entry.position for entry in entries],
            "impacts": impacts,
        },
    )
    whole = document_row(impacts)
    if whole is not None:
        document = {"document": entries[0].document_id, "side": entries[0].side}
        await session.execute(_INSERT_DOCUMENT, {**document, "impacts": whole})


async def rewrite_index(
    session: WriteSession, document_id: int, side: int, impacts: Mapping[int, str]
) -> None:
    """Say again what the index keeps of all passages of a document, by their number."""
    if impacts:
        values = {
            "document": document_id,
            "side": side,
            "chunk_ids": list(impacts),
            "impacts": list(impacts.values()),
            "whole": document_row(list(impacts.values())),
        }
        await session.execute(_REWRITE, values)

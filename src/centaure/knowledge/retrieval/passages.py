"""One passage and what stands around it, as its reader may see them."""

from collections.abc import Sequence
from dataclasses import dataclass

from centaure.kit.database import ReadSession, Row
from centaure.kit.errors import NotFound
from centaure.knowledge.parsing import Box
from centaure.knowledge.retrieval.results import DocumentBrief, Hit

NEIGHBOURS = 2


@dataclass(frozen=True, slots=True)
class Passage:
    """A chunk of a document and its place; pages from 1."""

    chunk_id: int
    text: str
    heading: tuple[str, ...]
    page: int | None
    sheet: str | None
    cells: str | None
    boxes: tuple[Box, ...]


_PASSAGES = """
    with wanted as (
        select position from chunk where id = %(chunk)s and document_id = %(document)s
    )
    select id, text, heading_path, page_first, sheet, cells, boxes
      from chunk
     where document_id = %(document)s
       and position between (select position from wanted) - %(around)s
                        and (select position from wanted) + %(around)s
     order by position
"""


async def read_passage(
    session: ReadSession, document_id: int, chunk_id: int
) -> tuple[list[Passage], Passage, list[Passage]]:
    """A passage of a document, with up to two neighbours before and after it.

    Raises:
        NotFound: document or passage do not exist, or are not theirs to read.
    """
    rows = await session.rows(
        _PASSAGES,
        {"document": document_id, "chunk": chunk_id, "around": NEIGHBOURS},
    )
    passages = [_passage(row) for row in rows]
    place = next((i for i, found in enumerate(passages) if found.chunk_id == chunk_id), None)
    if place is None:
        raise NotFound
    return passages[:place], passages[place], passages[place + 1 :]


@dataclass(frozen=True, slots=True)
class IndexedPassage:
    """A passage as it is searched; `position` among those of its document, from 0."""

    chunk_id: int
    position: int
    text: str
    heading: Sequence[str]
    kind: str
    page_first: int | None
    page_last: int | None
    sheet: str | None
    cells: str | None
    language: str


async def count_passages(session: ReadSession, document_id: int) -> int:
    """How many passages of a document are searched; none if it may not be read."""
    return await session.value(
        "select count(*) from chunk where document_id = %(document)s", {"document": document_id}
    )


async def list_passages(
    session: ReadSession, document_id: int, first: int, most: int
) -> list[IndexedPassage]:
    """The passages of a document from a position on, `most` of them; none if it may not be read."""
    rows = await session.rows(
        "select id, position, text, heading_path, kind, page_first, page_last, sheet, cells, language"
        " from chunk where document_id = %(document)s and position >= %(first)s"
        " order by position limit %(most)s",
        {"document": document_id, "first": first, "most": most},
    )
    return [IndexedPassage(*row) for row in rows]


async def passages_of(session: ReadSession, document: DocumentBrief, most: int) -> list[Hit]:
    """The first `most` passages of a document, as search would give them; none if it may not be read."""
    rows = await session.rows(
        "select id, position, text, heading_path, kind, page_first, page_last, sheet, cells, language"
        " from chunk where document_id = %(document)s order by position limit %(most)s",
        {"document": document.id, "most": most},
    )
    return [
        Hit(
            document=document,
            chunk_id=row.id,
            position=row.position,
            text=row.text,
            heading_path=tuple(row.heading_path),
            kind=row.kind,
            page_first=row.page_first,
            page_last=row.page_last,
            sheet=row.sheet,
            cells=row.cells,
            language=row.language,
            score=0.0,
            coverage=0.0,
            highlights=(),
        )
        for row in rows
    ]


async def read_boxes(session: ReadSession, chunks: Sequence[int]) -> dict[int, tuple[Box, ...]]:
    """The lines of passages, by chunk; what may not be read is left out."""
    rows = await session.rows(
        "select id, boxes from chunk where id = any(%(chunks)s)", {"chunks": list(chunks)}
    )
    return {row.id: _boxes(row) for row in rows}


def _passage(row: Row) -> Passage:
    heading = tuple(row.heading_path)
    return Passage(row.id, row.text, heading, row.page_first, row.sheet, row.cells, _boxes(row))


def _boxes(row: Row) -> tuple[Box, ...]:
    return tuple(Box(int(box[0]), *map(float, box[1:])) for box in row.boxes)

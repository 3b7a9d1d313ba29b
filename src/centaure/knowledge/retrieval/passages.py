"""One passage and what stands around it, as its reader may see them."""

from dataclasses import dataclass

from centaure.kit.database import ReadSession, Row
from centaure.kit.errors import NotFound
from centaure.knowledge.parsing import Box

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


def _passage(row: Row) -> Passage:
    boxes = tuple(Box(int(box[0]), *map(float, box[1:])) for box in row.boxes)
    return Passage(
        row.id, row.text, tuple(row.heading_path), row.page_first, row.sheet, row.cells, boxes
    )

"""One document, as its reader may see it: what it is, its passages, its place on disk.

Every function reads through a session under row level security: what the principal may not read does
not exist, and `NotFound` is all that is said of either.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath

from centaure.kit.database import ReadSession, Row
from centaure.kit.errors import NotFound
from centaure.knowledge.parsing import Box

FORMATS_WITH_PAGES = frozenset({"pdf", "image"})
NEIGHBOURS = 2


@dataclass(frozen=True, slots=True)
class Document:
    """What is known of a document; `modified` is aware, `size` in bytes."""

    id: int
    title: str
    path: str
    source: str
    format: str
    language: str
    classification: int
    modified: datetime | None
    author: str | None
    page_count: int | None
    size: int
    parent_id: int | None

    @property
    def has_page_images(self) -> bool:
        """Whether its pages can be shown as images."""
        return self.format in FORMATS_WITH_PAGES


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


@dataclass(frozen=True, slots=True)
class Original:
    """Where the file of a document is.

    Attributes:
        root: folder of the source.
        path: file below it: the document itself, or the outermost message that holds it.
        inner: names from that message down to the attachment; empty for a file.
        name: name to give to the reader.
        content_hash: SHA-256 of that file when it was indexed: what rights were given to.
    """

    root: Path
    path: str
    inner: tuple[str, ...]
    name: str
    content_hash: bytes


_DOCUMENT = """
    select document.id, document.title, document.path, source.name as source, document.format,
           document.language, document.classification, document.modified, document.author,
           document.page_count, document.size, document.parent_id
      from document join source on source.id = document.source_id
"""
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


async def read_document(session: ReadSession, document_id: int) -> Document:
    """The document, if the principal may read it.

    Raises:
        NotFound: it does not exist, or is not theirs to read.
    """
    row = await session.row(_DOCUMENT + "where document.id = %(id)s", {"id": document_id})
    if row is None:
        raise NotFound
    return Document(*row)


async def list_attachments(session: ReadSession, document_id: int) -> list[Document]:
    """The documents that a message carries, by path."""
    rows = await session.rows(
        _DOCUMENT + "where document.parent_id = %(id)s order by document.path",
        {"id": document_id},
    )
    return [Document(*row) for row in rows]


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


async def locate_original(session: ReadSession, document_id: int) -> Original:
    """Where the file of a document is on disk.

    Raises:
        NotFound: the document does not exist, or is not theirs to read.
    """
    row = await session.row(
        """
                with recursive holder as (
                    select id, parent_id, path, source_id, content_hash from document where id = %(id)s
                    union all
                    select outer_one.id, outer_one.parent_id, outer_one.path, outer_one.source_id,
                           outer_one.content_hash
                      from document outer_one join holder on outer_one.id = holder.parent_id
                )
                select source.location, holder.path as outermost, own.path, holder.content_hash
                  from holder join source on source.id = holder.source_id
                  join document own on own.id = %(id)s
                 where holder.parent_id is null
                """,
        {"id": document_id},
    )
    if row is None:
        raise NotFound
    location, outermost, own = str(row[0]), str(row[1]), str(row[2])
    inner = PurePosixPath(own).relative_to(outermost).parts
    return Original(Path(location), outermost, inner, PurePosixPath(own).name, bytes(row[3]))


def _passage(row: Row) -> Passage:
    boxes = tuple(Box(int(box[0]), *map(float, box[1:])) for box in row.boxes)
    return Passage(
        row.id, row.text, tuple(row.heading_path), row.page_first, row.sheet, row.cells, boxes
    )

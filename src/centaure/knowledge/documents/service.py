"""One document, as its reader may see it: what it is, and its place on disk.

Every function reads through a session under row level security: what the principal may not read does
not exist, and `NotFound` is all that is said of either.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath

from centaure.kit.database import ReadSession
from centaure.kit.errors import NotFound

FORMATS_WITH_PAGES = frozenset({"pdf", "image"})


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

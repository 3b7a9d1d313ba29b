"""One document, as its reader may see it: what it is, and where its file is.

Every function reads through a session under row level security: what the principal may not read does
not exist, and `NotFound` is all that is said of either.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath

from centaure.kit.database import ReadSession
from centaure.kit.errors import NotFound
from centaure.knowledge.sources.places import Described

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
    source_id: int

    @property
    def has_page_images(self) -> bool:
        """Whether its pages can be shown as images."""
        return self.format in FORMATS_WITH_PAGES


@dataclass(frozen=True, slots=True)
class Original:
    """Where the file of a document is.

    Attributes:
        kind: of the source's connector.
        place: of the source.
        path: file in it: the document itself, or the outermost message that holds it.
        inner: names from that message down to the attachment; empty for a file.
        name: name to give to the reader.
        content_hash: SHA-256 of that file when it was indexed: what rights were given to.
        copy: those bytes on this machine, where the database keeps them itself.
    """

    kind: str
    place: Described
    path: str
    inner: tuple[str, ...]
    name: str
    content_hash: bytes
    copy: Path | None = None


_DOCUMENT = """
    select document.id, document.title, document.path, source.name as source, document.format,
           document.language, document.classification, document.modified, document.author,
           document.page_count, document.size, document.parent_id, document.source_id
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


async def read_documents(session: ReadSession, ids: Collection[int]) -> dict[int, Document]:
    """Those of the documents that the principal may read, by their numbers."""
    rows = await session.rows(_DOCUMENT + "where document.id = any(%(ids)s)", {"ids": list(ids)})
    return {row.id: Document(*row) for row in rows}


async def find_documents(session: ReadSession, path: str) -> list[Document]:
    """Those at a path, in every source, that the principal may read."""
    rows = await session.rows(
        _DOCUMENT + "where document.path = %(path)s order by document.id", {"path": path}
    )
    return [Document(*row) for row in rows]


async def list_attachments(session: ReadSession, document_id: int) -> list[Document]:
    """The documents that a message carries, by path."""
    rows = await session.rows(
        _DOCUMENT + "where document.parent_id = %(id)s order by document.path",
        {"id": document_id},
    )
    return [Document(*row) for row in rows]


async def locate_original(session: ReadSession, document_id: int) -> Original:
    """Where the file of a document is.

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
                select holder.path as outermost, own.path, holder.content_hash,
                       place.kind, place.location, place.options, place.secrets
                  from holder cross join place_of(holder.id) place
                  join document own on own.id = %(id)s
                 where holder.parent_id is null
                """,
        {"id": document_id},
    )
    if row is None:
        raise NotFound
    inner = PurePosixPath(row.path).relative_to(row.outermost).parts
    place = Described(row.location, row.options, row.secrets)
    name = PurePosixPath(row.path).name
    return Original(row.kind, place, row.outermost, inner, name, bytes(row.content_hash))

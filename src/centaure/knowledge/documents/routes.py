"""Documents over HTTP: metadata, passages in context, page images, originals."""

import mimetypes
import os
import re
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack
from typing import Annotated
from urllib.parse import quote as percent_encoded

import anyio
from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import Response, StreamingResponse
from pydantic import BaseModel

from centaure.audit import Action, record
from centaure.identity import Principal, Scope
from centaure.identity.access import authenticated, require_scope
from centaure.kit.database import Database
from centaure.kit.errors import NotFound
from centaure.knowledge.documents import service
from centaure.knowledge.documents.kept import at_hand
from centaure.knowledge.documents.rendering import Renderer, open_original
from centaure.knowledge.retrieval import passages
from centaure.knowledge.retrieval.schemas import DocumentBrief

router = APIRouter(prefix="/documents", tags=["documents"])

Reader = Annotated[Principal, Depends(require_scope(Scope.DOCUMENTS))]
LARGEST_ID = 2**63 - 1
PIECE = 1 << 16
DocumentId = Annotated[int, Path(ge=1, le=LARGEST_ID)]


async def _within(
    caller: Annotated[Principal, Depends(authenticated)],
    conversation: Annotated[int | None, Query(ge=1, le=LARGEST_ID)] = None,
) -> int | None:
    return conversation if Scope.CONVERSATIONS in caller.scopes else None


Within = Annotated[int | None, Depends(_within)]
"""A conversation of the caller's that the document was dropped in; none for keys that open none."""


class DocumentDetails(DocumentBrief):
    """A document in full, with the files that it carries; `source_id` is 0 for a file of a conversation."""

    author: str | None
    page_count: int | None
    size: int
    parent_id: int | None
    has_page_images: bool
    source_id: int
    source_name: str
    attachments: list[DocumentBrief]


class PassageView(BaseModel):
    """A passage and its place; a page is a PDF page or a slide, from 1."""

    chunk_id: int
    text: str
    heading: list[str]
    page: int | None
    sheet: str | None
    cells: str | None


class PassageInContext(BaseModel):
    """A passage between its neighbours."""

    before: list[PassageView]
    passage: PassageView
    after: list[PassageView]


@router.get("/{document_id}")
async def read_document(
    request: Request, document_id: DocumentId, reader: Reader, conversation: Within
) -> DocumentDetails:
    """What is known of a document."""
    database: Database = request.app.state.database
    async with database.read(reader.id, conversation) as session:
        document = await service.read_document(session, document_id)
        attachments = await service.list_attachments(session, document_id)
    await _record(database, reader, Action.DOCUMENT_OPEN, document_id)
    return DocumentDetails(
        **DocumentBrief.of(document).model_dump(),
        author=document.author,
        page_count=document.page_count,
        size=document.size,
        parent_id=document.parent_id,
        has_page_images=document.has_page_images,
        source_id=document.source_id,
        source_name=document.source,
        attachments=[DocumentBrief.of(attachment) for attachment in attachments],
    )


@router.get("/{document_id}/passages/{chunk_id}")
async def read_passage(
    request: Request,
    document_id: DocumentId,
    chunk_id: Annotated[int, Path(ge=1, le=LARGEST_ID)],
    reader: Reader,
    conversation: Within,
) -> PassageInContext:
    """A passage with its neighbours."""
    database: Database = request.app.state.database
    async with database.read(reader.id, conversation) as session:
        before, passage, after = await passages.read_passage(session, document_id, chunk_id)
    await _record(database, reader, Action.DOCUMENT_OPEN, document_id)
    return PassageInContext(
        before=[_view(found) for found in before],
        passage=_view(passage),
        after=[_view(found) for found in after],
    )


@router.get("/{document_id}/pages/{page}.png", response_class=Response)
async def read_page_image(
    request: Request,
    document_id: DocumentId,
    page: Annotated[int, Path(ge=1, le=100_000)],
    reader: Reader,
    conversation: Within,
    chunk: Annotated[int | None, Query(ge=1, le=LARGEST_ID)] = None,
    quote: Annotated[str | None, Query(max_length=2000)] = None,
) -> Response:
    """The image of a page, the passage or the quote marked on it."""
    database: Database = request.app.state.database
    renderer: Renderer = request.app.state.renderer
    async with AsyncExitStack() as held:
        async with database.read(reader.id, conversation) as session:
            document = await service.read_document(session, document_id)
            if not document.has_page_images:
                raise NotFound
            boxes = ()
            if chunk is not None:
                _, passage, _ = await passages.read_passage(session, document_id, chunk)
                boxes = tuple(box for box in passage.boxes if box.page == page)
            located = await service.locate_original(session, document_id)
            original = await held.enter_async_context(at_hand(session, located))
        image = await renderer.page_image(original, page, boxes, quote)
    await _record(database, reader, Action.PAGE_IMAGE, document_id)
    return Response(image, media_type="image/png")


@router.get("/{document_id}/original", response_class=Response)
async def read_original(
    request: Request, document_id: DocumentId, reader: Reader, conversation: Within
) -> Response:
    """The file itself, always as a download: what a document contains never runs in the page."""
    database: Database = request.app.state.database
    renderer: Renderer = request.app.state.renderer
    async with AsyncExitStack() as held:
        async with database.read(reader.id, conversation) as session:
            located = await service.locate_original(session, document_id)
            original = await held.enter_async_context(at_hand(session, located))
        headers = {
            "content-disposition": attachment(original.name),
            "content-security-policy": "sandbox; default-src 'none'",
        }
        kind = mimetypes.guess_type(original.name)[0] or "application/octet-stream"
        if original.inner:
            content = await renderer.attachment(original)
            response = Response(content, media_type=kind, headers=headers)
        else:
            descriptor = await anyio.to_thread.run_sync(open_original, renderer.places, original)
            headers["content-length"] = str(os.fstat(descriptor).st_size)
            response = StreamingResponse(_stream(descriptor), media_type=kind, headers=headers)
    await _record(database, reader, Action.ORIGINAL_DOWNLOAD, document_id)
    return response


async def _stream(descriptor: int) -> AsyncGenerator[bytes]:
    with os.fdopen(descriptor, "rb") as file:
        while piece := await anyio.to_thread.run_sync(file.read, PIECE):
            yield piece


async def _record(database: Database, reader: Principal, action: Action, document_id: int) -> None:
    async with database.write(reader.id) as session:
        await record(session, action, f"document:{document_id}")


def attachment(name: str) -> str:
    """Value of the header that makes a browser download what it gets under a name."""
    plain = re.sub(r'[^\x20-\x7e]|["\\;%/]', "_", name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{percent_encoded(name, safe='')}"


def _view(passage: passages.Passage) -> PassageView:
    return PassageView(
        chunk_id=passage.chunk_id,
        text=passage.text,
        heading=list(passage.heading),
        page=passage.page,
        sheet=passage.sheet,
        cells=passage.cells,
    )

"""Summaries over HTTP: progress, sentences and the whole as server-sent events."""

from collections.abc import AsyncGenerator
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import StreamingResponse

from centaure.answering.relay import Relay
from centaure.answering.summaries.events import error_event, event
from centaure.answering.summaries.summarising import Summarising
from centaure.answering.summaries.summary import Language
from centaure.identity import Principal, Scope
from centaure.identity.access import require_scope
from centaure.kit.errors import CentaureError
from centaure.knowledge.documents.routes import Within
from centaure.knowledge.retrieval.routes import client_gone

router = APIRouter(prefix="/documents", tags=["documents"])

Reader = Annotated[Principal, Depends(require_scope(Scope.ASK))]
LARGEST_ID = 2**63 - 1


@router.post(
    "/{document_id}/summary",
    response_class=StreamingResponse,
    responses={
        200: {
            "content": {"text/event-stream": {"schema": {"type": "string"}}},
            "description": "Server-sent events: `progress`, `sentence`, `done`; or `error` at the end.",
        }
    },
)
async def summarise_document(
    request: Request,
    document_id: Annotated[int, Path(ge=1, le=LARGEST_ID)],
    reader: Reader,
    conversation: Within,
    language: Language | None = None,
) -> StreamingResponse:
    """Summarise a document that the caller may read, in its language or another. Closing ends it."""
    summarising: Summarising = request.app.state.summarising
    said = Relay(summarising.summarise(reader, document_id, language, within=conversation))
    # An error before the first piece has its own status.
    first = await said.first(partial(client_gone, request))

    async def events() -> AsyncGenerator[str]:
        try:
            if first is not None:
                yield event(first)
            async for more in said:
                yield event(more)
        except CentaureError as error:
            yield error_event(error)
        finally:
            await said.close()

    return StreamingResponse(events(), media_type="text/event-stream")

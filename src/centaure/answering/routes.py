"""Questions over HTTP: an answer as server-sent events, each sentence after its citations."""

from collections.abc import AsyncGenerator, Mapping
from functools import partial
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Request
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field

from centaure.answering.answers import Turn
from centaure.answering.asking import Asking, Enquiry
from centaure.answering.events import event
from centaure.answering.relay import Relay
from centaure.identity import Principal, Scope
from centaure.identity.access import require_scope
from centaure.knowledge.retrieval.routes import client_gone
from centaure.knowledge.retrieval.schemas import Classification, SearchFilters

router = APIRouter(tags=["ask"])

Reader = Annotated[Principal, Depends(require_scope(Scope.ASK))]
LONGEST_QUESTION = 10_000
_LEVELS: Mapping[str, Literal[0, 1, 2, 3]] = {"C0": 0, "C1": 1, "C2": 2, "C3": 3}


class EarlierTurn(BaseModel):
    """One earlier turn of the conversation; `classification` is that of the answer that it was."""

    role: Literal["user", "assistant"]
    text: Annotated[str, Field(max_length=20_000)]
    classification: Classification | None = None

    def turn(self) -> Turn:
        """The turn as the package takes it."""
        return Turn(self.role, self.text, _LEVELS.get(self.classification or ""))


class Question(BaseModel):
    """A question, what was said before it, what it is narrowed to, and the key of who answers."""

    question: Annotated[str, Field(min_length=1, max_length=LONGEST_QUESTION)]
    history: Annotated[list[EarlierTurn], Field(max_length=50)] = []
    filters: SearchFilters | None = None
    assistant: Annotated[str, Field(max_length=100)] = ""


@router.post(
    "/ask",
    response_class=StreamingResponse,
    responses={
        200: {
            "content": {"text/event-stream": {"schema": {"type": "string"}}},
            "description": "Server-sent events: `citation`, `sentence`, `judged`, `done`.",
        }
    },
)
async def ask(request: Request, asked: Question, reader: Reader) -> StreamingResponse:
    """Answer a question from the documents that the caller may read."""
    asking: Asking = request.app.state.asking
    enquiry = Enquiry(
        asked.question,
        [turn.turn() for turn in asked.history],
        (asked.filters or SearchFilters()).words(),
        assistant=asked.assistant,
    )
    said = Relay(asking.ask(reader, enquiry))
    # An error before the first piece has its own status.
    first = await said.first(partial(client_gone, request))

    async def events() -> AsyncGenerator[str]:
        try:
            if first is not None:
                yield event(first)
            async for more in said:
                yield event(more)
        finally:
            await said.close()

    return StreamingResponse(events(), media_type="text/event-stream")

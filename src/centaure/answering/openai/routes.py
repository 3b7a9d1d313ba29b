"""OpenAI's API over HTTP, below `/v1` as its clients expect it."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import aclosing, suppress
from http import HTTPStatus
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Header, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.types import Receive, Scope, Send
from typing_extensions import override

from centaure.answering.asking import Asking
from centaure.answering.assistants.service import list_assistants
from centaure.answering.openai import completions, embeddings, sourced, wire
from centaure.answering.openai.errors import UNKNOWN, event, shaped
from centaure.answering.openai.schemas import ChatAsked, EmbeddingsAsked, ModelRead, ModelsRead
from centaure.gateway.calls import Call, Purpose
from centaure.gateway.catalogue import CatalogueModel
from centaure.gateway.service import Gateway
from centaure.identity import Principal
from centaure.identity import Scope as KeyScope
from centaure.identity.access import require_scope
from centaure.kit.database import Database
from centaure.kit.errors import CentaureError, InvalidInput, NotFound
from centaure.kit.settings import Settings
from centaure.kit.validation import said
from centaure.knowledge.retrieval.finding import Finding
from centaure.knowledge.retrieval.meaning import Texts

log = logging.getLogger(__name__)

Caller = Annotated[Principal, Depends(require_scope(KeyScope.ASK))]
Classification = Annotated[
    Literal["C0", "C1", "C2", "C3"] | None,
    Header(
        alias="X-Centaure-Classification",
        description="Highest class of what is sent, where it is above that of a question.",
    ),
]
_EVENTS = "text/event-stream; charset=utf-8"


class _Route(APIRoute):
    """A route whose errors have the shape that OpenAI's clients read."""

    @override
    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def handled(request: Request) -> Response:
            try:
                return await handle(request)
            except CentaureError as error:
                return _refusal(error)
            except RequestValidationError as error:
                return _refusal(InvalidInput(_faults(error)))
            except HTTPException as error:
                return _refusal(InvalidInput(HTTPStatus(error.status_code).phrase))
            except Exception as error:
                log.exception("A request failed.", exc_info=error)
                return _refusal(UNKNOWN)

        return handled


class _Reply(Response):
    """An answer that is sent as it comes; whoever makes it is stopped when the client has gone."""

    def __init__(
        self,
        pieces: AsyncGenerator[bytes],
        headers: completions.Headers,
        media_type: str,
    ) -> None:
        super().__init__(media_type=media_type)
        self._pieces, self._more = pieces, headers

    @override
    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        presence = asyncio.timeout(None)
        try:
            async with aclosing(self._pieces) as pieces, presence:
                leaving = asyncio.create_task(_watch(receive, presence))
                try:
                    await self._answer(pieces, scope, receive, send)
                finally:
                    leaving.cancel()
        except TimeoutError:
            if not presence.expired():
                raise

    async def _answer(
        self, pieces: AsyncGenerator[bytes], scope: Scope, receive: Receive, send: Send
    ) -> None:
        try:
            first = await anext(pieces)
        except Exception as error:  # noqa: BLE001 - an edge: whatever happened, the client is told
            await _refusal(_known(error))(scope, receive, send)
            return
        headers = [(name.encode(), value.encode()) for name, value in self._more.items()]
        headers += [(b"content-type", (self.media_type or "").encode())]
        streams = self.media_type == _EVENTS
        if not streams:
            headers += [(b"content-length", str(len(first)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": first, "more_body": streams})
        if not streams:
            return
        last = False
        try:
            async for piece in pieces:
                last = piece.endswith(wire.END)
                await send({"type": "http.response.body", "body": piece, "more_body": not last})
        except Exception as error:  # noqa: BLE001 - as above
            await send(
                {"type": "http.response.body", "body": event(_known(error)), "more_body": True}
            )
        if not last:
            await send({"type": "http.response.body", "body": b"", "more_body": False})


router = APIRouter(prefix="/v1", tags=["openai"], route_class=_Route)


@router.post(
    "/chat/completions",
    response_class=Response,
    responses={
        200: {
            "content": {
                "application/json": {"schema": {"type": "object"}},
                "text/event-stream": {"schema": {"type": "string"}},
            },
            "description": "A chat completion, or its chunks as server-sent events.",
        }
    },
)
async def complete_chat(
    request: Request, asked: ChatAsked, caller: Caller, sent_class: Classification = None
) -> Response:
    """Let a model of the catalogue speak, or `centaure` or an assistant answer within the caller's rights."""
    headers: dict[str, str] = {"cache-control": "no-store"}
    media_type = "application/json"
    if asked.stream:
        headers["x-accel-buffering"] = "no"
        media_type = _EVENTS
    level = _level(request, sent_class)
    if sourced.answers(asked.model):
        asking: Asking = request.app.state.asking
        answered = asking.ask(caller, sourced.enquiry_of(asked, level))
        pieces = (
            sourced.streamed(answered, tells_usage=asked.tells_usage, model=asked.model)
            if asked.stream
            else sourced.whole(answered, headers, asked.model)
        )
        return _Reply(pieces, headers, media_type)
    gateway: Gateway = request.app.state.gateway
    if all(model.name != asked.model for model in await _cleared(gateway, level)):
        raise _no_model(asked.model)
    call = Call(
        request=asked.request(),
        principal=caller.id,
        purpose=Purpose.CHAT,
        classification=level,
        key_id=caller.key_id,
        model=asked.model,
    )
    pieces = (
        completions.streamed(gateway, call, headers, tells_usage=asked.tells_usage)
        if asked.stream
        else completions.whole(gateway, call, headers)
    )
    return _Reply(pieces, headers, media_type)


@router.post(
    "/embeddings",
    response_class=Response,
    responses={200: {"content": {"application/json": {"schema": {"type": "object"}}}}},
)
async def embed_texts(
    request: Request, asked: EmbeddingsAsked, caller: Caller, sent_class: Classification = None
) -> Response:
    """Vectors of texts, by the model that the documents are read with."""
    texts = asked.texts()
    finding: Finding = request.app.state.finding
    database: Database = request.app.state.database
    name, vectors, tokens = await embeddings.embed(
        request.app.state.gateway,
        finding.meanings,
        database,
        asked.model,
        Texts(texts, _level(request, sent_class), asked.input_type == "query"),
        reader=caller,
    )
    if asked.dimensions not in {None, len(vectors[0])}:
        raise InvalidInput(f"dimensions: the vectors of {name} have {len(vectors[0])} numbers.")
    body = wire.embeddings(name, vectors, tokens, packed=asked.encoding_format == "base64")
    return Response(body, media_type="application/json")


@router.get("/models")
async def list_spoken_models(request: Request, caller: Caller) -> ModelsRead:
    """The models that the caller may name, at the class of a question, and the assistants they can use."""
    return ModelsRead(data=await _models(request, caller))


@router.get("/models/{name:path}")
async def read_spoken_model(request: Request, caller: Caller, name: str) -> ModelRead:
    """One model that the caller may name."""
    found = next((model for model in await _models(request, caller) if model.id == name), None)
    if found is None:
        raise _no_model(name)
    return found


async def _models(request: Request, caller: Principal) -> list[ModelRead]:
    gateway: Gateway = request.app.state.gateway
    finding: Finding = request.app.state.finding
    database: Database = request.app.state.database
    live = await embeddings.name_of_live(finding.meanings, database)
    own = [sourced.NAME, *([] if live is None else [embeddings.NAME, live])]
    async with database.read(caller.id) as session:
        assistants = await list_assistants(session, "en")
    return [
        *(ModelRead(id=name, created=0, owned_by="centaure") for name in own),
        *(
            ModelRead(
                id=model.name,
                created=int(model.changed_at.timestamp()),
                owned_by="simulated"
                if model.simulated
                else model.publisher or model.host or "unknown",
            )
            for model in await _cleared(gateway, _level(request, None))
        ),
        *(
            ModelRead(
                id=f"{sourced.OF_ASSISTANTS}{one.key}",
                created=0 if one.changed_at is None else int(one.changed_at.timestamp()),
                owned_by="centaure",
            )
            for one in assistants
        ),
    ]


async def _cleared(gateway: Gateway, level: int) -> list[CatalogueModel]:
    return [model for model in await gateway.models() if model.highest >= level]


def _no_model(name: str) -> NotFound:
    return NotFound(
        f"There is no model '{name[:100]}' that you can use for this. GET /v1/models lists them."
    )


def _level(request: Request, sent_class: str | None) -> int:
    """The class of what is sent: that of a question, or higher where the header says so; never lower."""
    settings: Settings = request.app.state.settings
    return int(max(settings.question_class, sent_class or "C0")[1:])


def _known(error: Exception) -> CentaureError:
    if isinstance(error, CentaureError):
        return error
    log.error("A request failed.", exc_info=error)
    return UNKNOWN


def _refusal(error: CentaureError) -> Response:
    status, body, headers = shaped(error)
    return Response(body, status, dict(headers), "application/json")


def _faults(error: RequestValidationError) -> str:
    faults = (
        f"{'.'.join(str(part) for part in fault['loc'][1:]) or 'the body'}: {said(fault)}"
        for fault in error.errors()[:5]
    )
    return "; ".join(faults)


async def _watch(receive: Receive, presence: asyncio.Timeout) -> None:
    """End the wait once the client has closed the connection."""
    with suppress(Exception):
        while (await receive())["type"] != "http.disconnect":
            pass
        presence.reschedule(asyncio.get_running_loop().time())

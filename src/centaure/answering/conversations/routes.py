"""Conversations over HTTP: what they hold, answers in them as server-sent events, sharing, export."""

import dataclasses
from collections.abc import AsyncGenerator, Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request, status
from fastapi.responses import Response, StreamingResponse

from centaure.answering.answers import Piece
from centaure.answering.assistants.service import find as find_assistant
from centaure.answering.conversations import reading, repository, service, sharing
from centaure.answering.conversations.export import FORMATS, Format, exported
from centaure.answering.conversations.moderated import deliver
from centaure.answering.conversations.schemas import (
    AnswerAgain,
    BegunEvent,
    ConversationChange,
    ConversationRead,
    Conversations,
    GroupRead,
    NewConversation,
    NewQuestion,
    ProblemEvent,
    Rated,
    SentToCurators,
    ShareRead,
    ShareWith,
    StoppedEvent,
    WholeConversation,
    Words,
    whole,
)
from centaure.answering.conversations.service import Begun, Question
from centaure.answering.conversations.writing import Writers
from centaure.answering.events import event, written
from centaure.answering.gaps import keeping as gaps
from centaure.answering.relay import Relay
from centaure.audit import Action, record
from centaure.gateway.catalogue import CatalogueModel
from centaure.gateway.schemas import ModelChoice
from centaure.gateway.service import Gateway
from centaure.guardrails.moderation import vault_of
from centaure.identity import Principal, Scope
from centaure.identity.access import require_scope, signed_in
from centaure.kit.database import Database, ReadSession
from centaure.kit.errors import CentaureError, Conflict, InvalidInput, NotFound
from centaure.kit.settings import Settings
from centaure.knowledge.documents.routes import attachment
from centaure.knowledge.retrieval.schemas import Id

router = APIRouter(prefix="/conversations", tags=["conversations"])

Reader = Annotated[Principal, Depends(require_scope(Scope.CONVERSATIONS))]
SignedIn = Annotated[Principal, Depends(signed_in)]
"""Who shares or removes: what others see, or nobody can undo, is not for programs."""
Number = Annotated[Id, Path()]
Stay = Annotated[bool, Query()]
"""Whether the answer is written to its end if its reader goes before that, as with a page that reloads: five
of each person at once are, and what is asked beside these ends with its reader."""
STREAM: Mapping[int | str, dict[str, Any]] = {
    200: {
        "content": {"text/event-stream": {"schema": {"type": "string"}}},
        "description": "Server-sent events: `turn`, then those of `/ask`; `stopped` or `problem` instead of "
        "`done`.",
    }
}


@router.get("")
async def list_conversations(
    request: Request,
    reader: Reader,
    q: Annotated[Words | None, Query(max_length=200)] = None,
    folder: Annotated[Words | None, Query(max_length=200)] = None,
    shared: bool = False,
    limit: Annotated[int, Query(ge=1, le=100)] = 30,
    offset: Annotated[int, Query(ge=0, le=100_000)] = 0,
) -> Conversations:
    """The caller's own conversations, or those shared with them; `q` is looked for in what was said."""
    database: Database = request.app.state.database
    async with database.read(reader.id) as session:
        wanted = repository.Wanted(shared, folder, q, limit + 1, offset)
        rows = await repository.list_conversations(session, wanted)
    found = [ConversationRead.of(reading.conversation_of(row)) for row in rows]
    return Conversations(conversations=found[:limit], more=len(found) > limit)


@router.post("", status_code=status.HTTP_201_CREATED)
async def create_conversation(
    request: Request, reader: Reader, new: NewConversation
) -> ConversationRead:
    """Begin a conversation."""
    database: Database = request.app.state.database
    async with database.write(reader.id) as session:
        await _usable(session, new.assistant)
        added = await repository.add_conversation(session, **new.model_dump())
        found = await reading.find(session, added)
    return ConversationRead.of(found)


@router.get("/groups")
async def list_groups(request: Request, reader: SignedIn) -> list[GroupRead]:
    """The groups that the caller can share a conversation with."""
    database: Database = request.app.state.database
    async with database.read(reader.id) as session:
        groups = await sharing.list_groups(session)
    return [GroupRead.model_validate(dataclasses.asdict(group)) for group in groups]


@router.get("/{conversation_id}")
async def read_conversation(
    request: Request, conversation_id: Number, reader: Reader
) -> WholeConversation:
    """A conversation, and the turns of the branch that is shown."""
    database: Database = request.app.state.database
    await _deliver(request, reader, conversation_id)
    async with database.read(reader.id, conversation_id) as session:
        conversation, turns = await reading.read(session, conversation_id)
    return whole(conversation, turns)


@router.patch("/{conversation_id}")
async def change_conversation(
    request: Request, conversation_id: Number, reader: Reader, change: ConversationChange
) -> ConversationRead:
    """Rename, pin or move a conversation, or say who answers in it, and from what, from now on."""
    database: Database = request.app.state.database
    async with database.write(reader.id) as session:
        if not await repository.change_conversation(
            session, conversation_id, **change.model_dump()
        ):
            raise NotFound
        await _usable(session, change.assistant)
        found = await reading.find(session, conversation_id)
    return ConversationRead.of(found)


@router.delete("/{conversation_id}/documents/{document_id}", status_code=status.HTTP_204_NO_CONTENT)
async def take_document_off(
    request: Request, conversation_id: Number, document_id: Number, reader: Reader
) -> None:
    """Search one of its documents no more; the others stay, also those that may not be read at the moment."""
    database: Database = request.app.state.database
    async with database.write(reader.id) as session:
        if await repository.hold_conversation(session, conversation_id) is None:
            raise NotFound
        if not await repository.take_document_off(session, conversation_id, document_id):
            raise Conflict(
                "It is the only document of the conversation. Ask all documents instead, or another one."
            )


@router.delete("/{conversation_id}", status_code=status.HTTP_204_NO_CONTENT)
async def remove_conversation(request: Request, conversation_id: Number, reader: SignedIn) -> None:
    """Remove a conversation, for good, for everybody it is shared with."""
    database: Database = request.app.state.database
    async with database.write(reader.id) as session:
        if not await repository.remove_conversation(session, conversation_id):
            raise NotFound
        await record(session, Action.CONVERSATION_REMOVE, f"conversation:{conversation_id}")


@router.post("/{conversation_id}/ask", response_class=StreamingResponse, responses={**STREAM})
async def ask_in_conversation(
    request: Request,
    conversation_id: Number,
    reader: Reader,
    asked: NewQuestion,
    stay: Stay = False,
) -> StreamingResponse:
    """Ask after what was said."""
    database: Database = request.app.state.database
    await _deliver(request, reader, conversation_id)
    async with database.write(reader.id, conversation_id) as session:
        begun = await service.ask(session, conversation_id, _question(asked))
    return _stream(request, reader, begun, stay=stay)


@router.post(
    "/{conversation_id}/turns/{turn_id}/edit",
    response_class=StreamingResponse,
    responses={**STREAM},
)
async def edit_question(
    request: Request,
    conversation_id: Number,
    turn_id: Number,
    reader: Reader,
    asked: NewQuestion,
    stay: Stay = False,
) -> StreamingResponse:
    """Ask otherwise in place of an earlier question, which stays in a branch of its own."""
    database: Database = request.app.state.database
    async with database.write(reader.id, conversation_id) as session:
        begun = await service.edit(session, conversation_id, turn_id, _question(asked))
    return _stream(request, reader, begun, stay=stay)


@router.post(
    "/{conversation_id}/turns/{turn_id}/regenerate",
    response_class=StreamingResponse,
    responses={**STREAM},
)
async def regenerate_answer(
    request: Request,
    conversation_id: Number,
    turn_id: Number,
    reader: Reader,
    again: AnswerAgain | None = None,
    stay: Stay = False,
) -> StreamingResponse:
    """Answer the same question again; the earlier answer stays in a branch of its own."""
    database: Database = request.app.state.database
    model = again.model if again else ""
    if model:
        offered = await _models(request, reader, conversation_id, turn_id)
        if model not in {one.name for one in offered}:
            raise InvalidInput(f"'{model}' may not write this answer. Choose another model.")
    async with database.write(reader.id, conversation_id) as session:
        begun = await service.regenerate(session, conversation_id, turn_id, model)
    return _stream(request, reader, begun, stay=stay)


@router.get("/{conversation_id}/turns/{turn_id}/models")
async def list_answer_models(
    request: Request, conversation_id: Number, turn_id: Number, reader: Reader
) -> list[ModelChoice]:
    """The language models that may make an answer again, by name."""
    offered = await _models(request, reader, conversation_id, turn_id)
    return [ModelChoice.of(model) for model in offered]


@router.post("/{conversation_id}/turns/{turn_id}/show", status_code=status.HTTP_204_NO_CONTENT)
async def show_branch(
    request: Request, conversation_id: Number, turn_id: Number, reader: Reader
) -> None:
    """Show the branch that a turn is in."""
    database: Database = request.app.state.database
    async with database.write(reader.id) as session:
        await service.show(session, conversation_id, turn_id)


@router.put("/{conversation_id}/turns/{turn_id}/thumb", status_code=status.HTTP_204_NO_CONTENT)
async def rate_answer(
    request: Request, conversation_id: Number, turn_id: Number, reader: Reader, rated: Rated
) -> None:
    """Say whether an answer was of use."""
    database: Database = request.app.state.database
    async with database.write(reader.id) as session:
        await service.rate(session, conversation_id, turn_id, rated.thumb)
        if rated.thumb != "useless":
            await gaps.forget_disliked(session, conversation_id, turn_id)
        elif request.app.state.settings.keep_failed_questions:
            await gaps.keep_disliked(session, conversation_id, turn_id)


@router.put("/{conversation_id}/turns/{turn_id}/report", status_code=status.HTTP_204_NO_CONTENT)
async def report_answer(
    request: Request,
    conversation_id: Number,
    turn_id: Number,
    owner: SignedIn,
    said: SentToCurators,
) -> None:
    """Let curators read the question, and what is wrong with its answer."""
    database: Database = request.app.state.database
    async with database.write(owner.id) as session:
        await gaps.send(session, conversation_id, turn_id, said.reason, said.comment)


@router.delete("/{conversation_id}/turns/{turn_id}/report", status_code=status.HTTP_204_NO_CONTENT)
async def withdraw_report(
    request: Request, conversation_id: Number, turn_id: Number, owner: SignedIn
) -> None:
    """Take back what curators were let read of a question."""
    database: Database = request.app.state.database
    async with database.write(owner.id) as session:
        await gaps.withdraw(session, conversation_id, turn_id)


@router.post("/{conversation_id}/stop", status_code=status.HTTP_204_NO_CONTENT)
async def stop_answer(request: Request, conversation_id: Number, reader: Reader) -> None:
    """End the answer that is being written, whichever process writes it; what there is of it is kept."""
    database: Database = request.app.state.database
    async with database.write(reader.id) as session:
        await service.stop(session, conversation_id)


@router.get("/{conversation_id}/shares")
async def list_shares(
    request: Request, conversation_id: Number, reader: SignedIn
) -> list[ShareRead]:
    """With whom the caller shares a conversation."""
    database: Database = request.app.state.database
    async with database.read(reader.id) as session:
        shares = await sharing.list_shares(session, conversation_id)
    return [ShareRead.model_validate(dataclasses.asdict(share)) for share in shares]


@router.put("/{conversation_id}/shares")
async def share_conversation(
    request: Request, conversation_id: Number, reader: SignedIn, wanted: ShareWith
) -> list[ShareRead]:
    """Let these users and groups read a conversation, and nobody else; what they may not read is left out."""
    database: Database = request.app.state.database
    async with database.write(reader.id) as session:
        await sharing.share(session, reader, conversation_id, wanted.users, wanted.groups)
        shares = await sharing.list_shares(session, conversation_id)
        details = {"shares": len(shares)}
        subject = f"conversation:{conversation_id}"
        await record(session, Action.CONVERSATION_SHARE, subject, details=details)
    return [ShareRead.model_validate(dataclasses.asdict(share)) for share in shares]


@router.get("/{conversation_id}/export", response_class=Response)
async def export_conversation(
    request: Request,
    conversation_id: Number,
    reader: Reader,
    wanted: Annotated[Format, Query(alias="format")] = "markdown",
) -> Response:
    """The branch that is shown as a file, with its sources, its class and the mark of how it was made."""
    database: Database = request.app.state.database
    await _deliver(request, reader, conversation_id)
    async with database.read(reader.id, conversation_id) as session:
        conversation, turns = await reading.read(session, conversation_id)
    title, content = await exported(conversation, turns, wanted)
    async with database.write(reader.id) as session:
        documents = {
            document
            for turn in turns
            if isinstance(turn, reading.Answered)
            for document in turn.documents
        }
        details = {"format": wanted, "documents": sorted(documents)}
        subject = f"conversation:{conversation_id}"
        await record(session, Action.CONVERSATION_EXPORT, subject, details=details)
    kind = FORMATS[wanted]
    name = attachment(f"{title[:100]}.{kind.ending}")
    return Response(content, media_type=kind.media_type, headers={"content-disposition": name})


async def _models(
    request: Request, reader: Principal, conversation: int, turn: int
) -> list[CatalogueModel]:
    """Those that may be sent what an answer and the ones before it rest on."""
    database: Database = request.app.state.database
    gateway: Gateway = request.app.state.gateway
    settings: Settings = request.app.state.settings
    level = int(settings.question_class[1:])
    async with database.read(reader.id, conversation) as session:
        facts = await service.facts_of(session, conversation, turn, level)
    return await gateway.offered(facts, reader.id)


async def _usable(session: ReadSession, assistant: str | None) -> None:
    """Refuse an assistant that the principal cannot use, as one that does not exist."""
    if assistant:
        await find_assistant(session, assistant, "en")


async def _deliver(request: Request, reader: Principal, conversation: int) -> None:
    """Bring what was held back of it, and is released."""
    vault = vault_of(request.app.state.settings)
    await deliver(request.app.state.database, vault, reader.id, conversation)


def _question(asked: NewQuestion) -> Question:
    filters = asked.filters.model_dump(mode="json", exclude_none=True) if asked.filters else {}
    return Question(asked.question, filters)


def _stream(request: Request, reader: Principal, begun: Begun, *, stay: bool) -> StreamingResponse:
    writers: Writers = request.app.state.writers
    relay = writers.write(reader, begun)
    said = events(begun, relay, stay=stay and writers.may_stay(reader.id, relay))
    return StreamingResponse(said, media_type="text/event-stream")


async def events(begun: Begun, relay: Relay[Piece], *, stay: bool) -> AsyncGenerator[str]:
    """An answer as server-sent events.

    Args:
        begun: what is answered.
        relay: its pieces.
        stay: whether it is written to its end if its reader goes before that.
    """
    try:
        yield written("turn", BegunEvent(question=begun.question_turn, answer=begun.turn))
        try:
            async for piece in relay:
                yield event(piece)
        except CentaureError as error:
            told = ProblemEvent(title=error.title, status=error.status, detail=error.message)
            yield written("problem", told)
        else:
            if relay.stopped:
                yield written("stopped", StoppedEvent(answer=begun.turn))
    finally:
        if stay:
            relay.leave()
        else:
            await relay.close()

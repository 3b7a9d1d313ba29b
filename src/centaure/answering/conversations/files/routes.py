"""Files of conversations over HTTP: a file is the body of a request, whatever it is."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, status
from starlette.requests import ClientDisconnect

from centaure.answering.conversations import reading
from centaure.answering.conversations.files import repository, service
from centaure.answering.conversations.files.receiving import Arrivals, arrived
from centaure.answering.conversations.files.schemas import FileRead
from centaure.audit import Action, record
from centaure.identity import Principal
from centaure.identity.access import signed_in
from centaure.kit.database import Database
from centaure.kit.errors import InvalidInput, NotFound
from centaure.kit.settings import Settings
from centaure.knowledge.retrieval.schemas import Classification, Id

router = APIRouter(prefix="/conversations/{conversation_id}/files", tags=["conversations"])

Reader = Annotated[Principal, Depends(signed_in)]
Number = Annotated[Id, Path()]
_LONGEST_LENGTH = 18
"""Digits of a number of bytes."""
_BODY = {
    "required": True,
    "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
}


@router.get("")
async def list_files(request: Request, conversation_id: Number, reader: Reader) -> list[FileRead]:
    """The files that the caller dropped in a conversation of theirs, the earliest first."""
    database: Database = request.app.state.database
    async with database.read(reader.id, conversation_id) as session:
        if not (await reading.find(session, conversation_id)).own:
            raise NotFound
        files = await repository.list_files(session, conversation_id)
    return [FileRead.of(file) for file in files]


@router.post("", status_code=status.HTTP_201_CREATED, openapi_extra={"requestBody": _BODY})
async def add_file(
    request: Request,
    conversation_id: Number,
    reader: Reader,
    name: Annotated[str, Query(min_length=1, max_length=1000)],
    classification: Classification | None = None,
) -> FileRead:
    """Drop a file in a conversation; the worker reads it, then it is searched there and nowhere else."""
    database: Database = request.app.state.database
    settings: Settings = request.app.state.settings
    limits = service.Limits.of(settings)
    default = int(settings.file_class[1:])
    chosen = None if classification is None else int(classification[1:])
    plain = service.plain_name(name)
    # What would be refused is refused before it comes.
    async with database.write(reader.id) as session:
        await service.admit(session, conversation_id, _announced(request), limits)
        level = await service.class_of(session, chosen, default)
    arrivals: Arrivals = request.app.state.arrivals
    try:
        with arrivals.one_of(reader.id):
            async with (
                arrived(request.stream(), limits.file) as whole,
                database.write(reader.id, conversation_id) as session,
            ):
                new = repository.NewFile(
                    conversation_id, plain, whole.size, whole.content_hash, level
                )
                added = await service.add(session, request.app.state.queue, new, whole, limits)
                details = {
                    "what": "file",
                    "file": added.id,
                    "class": f"C{level}",
                    "size": whole.size,
                }
                subject = f"conversation:{conversation_id}"
                await record(session, Action.CONVERSATION_FILE, subject, details=details)
    except ClientDisconnect:
        raise InvalidInput("The file did not arrive whole. Send it again.") from None
    return FileRead.of(added)


@router.get("/{file_id}")
async def read_file(
    request: Request, conversation_id: Number, file_id: Number, reader: Reader
) -> FileRead:
    """What became of a file: `waiting`, `reading`, `read` or `refused`."""
    database: Database = request.app.state.database
    async with database.read(reader.id, conversation_id) as session:
        file = await repository.read_file(session, conversation_id, file_id)
    if file is None:
        raise NotFound
    return FileRead.of(file)


@router.delete("/{file_id}", status_code=status.HTTP_204_NO_CONTENT)
async def remove_file(
    request: Request, conversation_id: Number, file_id: Number, reader: Reader
) -> None:
    """Remove a file, for good, with all that was read of it and quoted from it."""
    database: Database = request.app.state.database
    async with database.write(reader.id, conversation_id) as session:
        await service.remove(session, conversation_id, file_id)
        details = {"what": "removed", "file": file_id}
        subject = f"conversation:{conversation_id}"
        await record(session, Action.CONVERSATION_FILE, subject, details=details)


def _announced(request: Request) -> int:
    """The bytes that the request says it brings; 0 where it does not.

    Raises:
        InvalidInput: it says a number that nobody means.
    """
    length = request.headers.get("content-length", "")
    if not (length.isascii() and length.isdigit()):
        return 0
    if len(length) > _LONGEST_LENGTH:
        raise InvalidInput("The request says that it brings more than any file has.")
    return int(length)

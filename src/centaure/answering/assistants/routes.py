"""Assistants over HTTP: the gallery, writing, versions, sharing, how they are used."""

import dataclasses
from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, status

from centaure.answering.assistants import forms, service, sharing
from centaure.answering.assistants.behaviour import told
from centaure.answering.assistants.definition import Language
from centaure.answering.assistants.schemas import (
    AssistantAdded,
    AssistantBrief,
    AssistantChange,
    AssistantChoices,
    AssistantRead,
    AssistantShareRead,
    AssistantShareWith,
    FormFilled,
    NewAssistant,
    PromptMade,
    UseRead,
    VersionMade,
    VersionRead,
    WantedVersion,
)
from centaure.answering.assistants.service import Assistant
from centaure.audit import Action, Detail, record
from centaure.gateway.service import Gateway
from centaure.guardrails.policies import Policies
from centaure.identity import Principal, Scope
from centaure.identity.access import require_scope, signed_in
from centaure.kit.database import Database, WriteSession
from centaure.kit.settings import Settings

router = APIRouter(prefix="/assistants", tags=["assistants"])

Reader = Annotated[Principal, Depends(require_scope(Scope.ASK))]
Writer = Annotated[Principal, Depends(signed_in)]
"""Who writes and shares: what others are answered by is not for programs."""
Key = Annotated[str, Path(max_length=100)]
Shown = Annotated[Language, Query(description="Of the assistants that are shipped.")]


@router.get("")
async def list_assistants(
    request: Request, reader: Reader, language: Shown = "en"
) -> list[AssistantBrief]:
    """The assistants that the caller can use."""
    database: Database = request.app.state.database
    async with database.read(reader.id) as session:
        found = await service.list_assistants(session, language)
    return [AssistantBrief.of(one) for one in found]


@router.post("", status_code=status.HTTP_201_CREATED)
async def add_assistant(request: Request, writer: Writer, new: NewAssistant) -> AssistantAdded:
    """Write an assistant, which nobody else can use until it is shared."""
    database: Database = request.app.state.database
    async with database.write(writer.id) as session:
        key = await service.add(session, new.definition, new.note)
        await _record(session, key, {"what": "added", "version": 1})
    return AssistantAdded(key=key)


@router.get("/choices")
async def list_assistant_choices(request: Request, writer: Writer) -> AssistantChoices:
    """What an assistant can be given."""
    return AssistantChoices(
        models=await _models(request),
        may_publish=bool(sharing.MAY_PUBLISH & writer.roles),
    )


@router.get("/{key}")
async def read_assistant(
    request: Request, key: Key, reader: Reader, language: Shown = "en"
) -> AssistantRead:
    """An assistant that the caller can use, with all that it says."""
    database: Database = request.app.state.database
    async with database.read(reader.id) as session:
        found = await service.look_at(session, key, language)
    policies: Policies = request.app.state.asking.policies
    guarded = await policies.of(key) != await policies.of("")
    return _whole(found, guarded=guarded, writable=bool(await _models(request)))


@router.put("/{key}")
async def change_assistant(
    request: Request, key: Key, writer: Writer, wanted: AssistantChange
) -> VersionMade:
    """Write the next version of an assistant of the caller's."""
    database: Database = request.app.state.database
    async with database.write(writer.id) as session:
        version = await service.change(
            session, key, wanted.definition, wanted.made_from, wanted.note
        )
        await _record(session, key, {"what": "changed", "version": version})
    return VersionMade(version=version)


@router.delete("/{key}", status_code=status.HTTP_204_NO_CONTENT)
async def remove_assistant(request: Request, key: Key, writer: Writer) -> None:
    """Remove an assistant of the caller's for everybody, for good."""
    database: Database = request.app.state.database
    async with database.write(writer.id) as session:
        await service.remove(session, key)
        await _record(session, key, {"what": "removed"})


@router.post("/{key}/prompt")
async def fill_form(request: Request, key: Key, reader: Reader, filled: FormFilled) -> PromptMade:
    """The prompt that the filled form of an assistant makes."""
    database: Database = request.app.state.database
    async with database.read(reader.id) as session:
        found = await service.find(session, key, filled.language)
    return PromptMade(prompt=forms.filled(found.definition, filled.values))


@router.get("/{key}/versions")
async def list_versions(request: Request, key: Key, writer: Writer) -> list[VersionRead]:
    """The versions of an assistant of the caller's, the newest first."""
    database: Database = request.app.state.database
    async with database.read(writer.id) as session:
        found = await service.versions(session, key)
    return [VersionRead.model_validate(one, from_attributes=True) for one in found]


@router.post("/{key}/rollback")
async def roll_back(
    request: Request, key: Key, writer: Writer, wanted: WantedVersion
) -> VersionMade:
    """Put an older version in force again, as a new one."""
    database: Database = request.app.state.database
    async with database.write(writer.id) as session:
        version = await service.roll_back(session, key, wanted.version)
        details = {"what": "rolled_back", "version": version, "to": wanted.version}
        await _record(session, key, details)
    return VersionMade(version=version)


@router.get("/{key}/shares")
async def list_assistant_shares(
    request: Request, key: Key, writer: Writer
) -> list[AssistantShareRead]:
    """With whom the caller shares an assistant."""
    database: Database = request.app.state.database
    async with database.read(writer.id) as session:
        shares = await sharing.list_shares(session, key)
    return [AssistantShareRead.model_validate(dataclasses.asdict(one)) for one in shares]


@router.put("/{key}/shares")
async def share_assistant(
    request: Request, key: Key, writer: Writer, wanted: AssistantShareWith
) -> list[AssistantShareRead]:
    """Let these use an assistant, and nobody else; it opens nothing that they may not read."""
    database: Database = request.app.state.database
    async with database.write(writer.id) as session:
        await sharing.share(
            session, writer, key, wanted.users, wanted.groups, everybody=wanted.everybody
        )
        shares = await sharing.list_shares(session, key)
        details = {"what": "shared", "shares": len(shares), "everybody": wanted.everybody}
        await _record(session, key, details)
    return [AssistantShareRead.model_validate(dataclasses.asdict(one)) for one in shares]


@router.get("/{key}/use")
async def read_use(request: Request, key: Key, writer: Writer) -> list[UseRead]:
    """How an assistant of the caller's was used, by month, in counts and no words."""
    database: Database = request.app.state.database
    async with database.read(writer.id) as session:
        found = await service.use(session, key)
    return [UseRead.model_validate(one, from_attributes=True) for one in found]


async def _record(session: WriteSession, key: str, details: Mapping[str, Detail]) -> None:
    subject = f"assistant:{service.identifier(key)}"
    await record(session, Action.ASSISTANT_CHANGE, subject, details=details)


async def _models(request: Request) -> list[str]:
    """Names of the models that may be sent a question."""
    gateway: Gateway = request.app.state.gateway
    settings: Settings = request.app.state.settings
    level = int(settings.question_class[1:])
    return [model.name for model in await gateway.models() if model.highest >= level]


def _whole(found: Assistant, *, guarded: bool, writable: bool) -> AssistantRead:
    brief = AssistantBrief.of(found)
    return AssistantRead(
        **brief.model_dump(),
        version=found.version,
        changed_at=found.changed_at,
        definition=found.definition,
        told=told(found.definition),
        guarded=guarded,
        writable=writable,
    )

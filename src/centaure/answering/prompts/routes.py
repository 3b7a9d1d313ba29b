"""The studio of prompts over HTTP, for people in a browser."""

from collections.abc import AsyncGenerator
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, status
from fastapi.responses import StreamingResponse

from centaure.answering.events import written
from centaure.answering.prompts import drafting, library
from centaure.answering.prompts.frameworks import composed, frameworks
from centaure.answering.prompts.schemas import (
    CellEvent,
    FrameworkFilled,
    FrameworkRead,
    IntentionAsked,
    Language,
    PromptAdded,
    PromptBrief,
    PromptDraft,
    PromptLine,
    PromptNamed,
    PromptRead,
    PromptRolledBack,
    PromptScored,
    PromptScoreRead,
    PromptShared,
    PromptVersionRead,
    PromptWritten,
    TrialAsked,
    TriedEvent,
    WholePrompt,
)
from centaure.answering.prompts.templates import difference, variables
from centaure.answering.prompts.trials import Cell, prepared, tried
from centaure.answering.relay import Relay
from centaure.gateway.service import Gateway
from centaure.identity import Principal
from centaure.identity.access import signed_in
from centaure.kit.database import Database
from centaure.kit.errors import NotFound
from centaure.kit.settings import Settings

router = APIRouter(prefix="/prompts", tags=["prompts"])

Person = Annotated[Principal, Depends(signed_in)]
Number = Annotated[int, Path(ge=1, le=2**63 - 1)]
VersionNumber = Annotated[int, Query(ge=1, le=2**31 - 1)]


@router.get("")
async def list_prompts(request: Request, person: Person) -> list[PromptBrief]:
    """The templates that the caller may use: their own, and those shared with a group of theirs."""
    async with _database(request).read(person.id) as session:
        return [PromptBrief.of(one) for one in await library.prompts(session)]


@router.post("", status_code=status.HTTP_201_CREATED)
async def add_prompt(request: Request, person: Person, asked: PromptAdded) -> PromptRead:
    """Keep a new template."""
    first = library.Written(asked.text, asked.framework)
    async with _database(request).write(person.id) as session:
        made = await library.add(session, person.name, asked.name, asked.tags, first)
    return PromptRead.of(made)


@router.get("/frameworks")
async def list_frameworks(
    person: Person,  # noqa: ARG001 - it is what lets one in
    language: Language = "fr",
) -> list[FrameworkRead]:
    """The forms that make prompts."""
    return [FrameworkRead.of(one) for one in frameworks(language)]


@router.post("/frameworks")
async def fill_framework(
    person: Person,  # noqa: ARG001 - as above
    asked: FrameworkFilled,
) -> PromptDraft:
    """The prompt that a filled form makes; nothing is kept."""
    text = composed(asked.framework, asked.language, asked.values)
    return PromptDraft(text=text, variables=variables(text), language=asked.language, by="form")


@router.post("/draft")
async def draft_prompt(request: Request, person: Person, asked: IntentionAsked) -> PromptDraft:
    """A structured prompt from what somebody wants: by rules, or as a model drafts it; nothing is kept."""
    if asked.by == "model":
        gateway: Gateway = request.app.state.gateway
        draft = await drafting.by_model(gateway, person.id, asked.intention, _level(request))
    else:
        draft = drafting.by_rules(asked.intention)
    return PromptDraft(
        text=draft.text,
        variables=variables(draft.text),
        language=draft.language,
        kind=draft.kind,
        by=draft.by,
        model=draft.model,
    )


@router.post(
    "/trial",
    response_class=StreamingResponse,
    responses={
        200: {
            "content": {"text/event-stream": {"schema": {"type": "string"}}},
            "description": "Server-sent events: a `cell` for each answer, then `tried`.",
        }
    },
)
async def try_prompt(request: Request, person: Person, asked: TrialAsked) -> StreamingResponse:
    """Try a template on several models side by side, on one input or a few; nothing is kept."""
    gateway: Gateway = request.app.state.gateway
    trial, level = asked.trial(), _level(request)
    prepared(trial)
    known = {model.name for model in await gateway.models() if model.highest >= level}
    for name in trial.models:
        if name not in known:
            raise NotFound(f"There is no model '{name[:100]}' that you can try. Choose another.")
    relay = Relay(tried(gateway, person.id, trial, level))
    return StreamingResponse(_events(relay), media_type="text/event-stream")


@router.get("/{prompt_id}")
async def read_prompt(request: Request, prompt_id: Number, person: Person) -> WholePrompt:
    """A template that the caller may use, with its versions and scores: of another's, only the latest."""
    async with _database(request).read(person.id) as session:
        prompt = await library.find(session, prompt_id)
        return WholePrompt(
            prompt=PromptRead.of(prompt),
            versions=[PromptVersionRead.of(v) for v in await library.versions(session, prompt_id)],
            scores=[PromptScoreRead.of(one) for one in await library.scores(session, prompt_id)],
            groups=await library.groups_of(session, prompt_id),
        )


@router.patch("/{prompt_id}")
async def rename_prompt(
    request: Request, prompt_id: Number, person: Person, asked: PromptNamed
) -> PromptRead:
    """Name and tag a template otherwise."""
    async with _database(request).write(person.id) as session:
        return PromptRead.of(await library.rename(session, prompt_id, asked.name, asked.tags))


@router.delete("/{prompt_id}", status_code=status.HTTP_204_NO_CONTENT)
async def remove_prompt(request: Request, prompt_id: Number, person: Person) -> None:
    """Remove a template, for everybody that it is shared with."""
    async with _database(request).write(person.id) as session:
        await library.remove(session, prompt_id)


@router.post("/{prompt_id}/versions", status_code=status.HTTP_201_CREATED)
async def write_prompt(
    request: Request, prompt_id: Number, person: Person, asked: PromptWritten
) -> PromptRead:
    """Keep a new version of a template."""
    words = library.Written(asked.text, asked.framework, asked.note)
    async with _database(request).write(person.id) as session:
        return PromptRead.of(await library.write(session, prompt_id, words, asked.expected))


@router.post("/{prompt_id}/rollback", status_code=status.HTTP_201_CREATED)
async def roll_prompt_back(
    request: Request, prompt_id: Number, person: Person, asked: PromptRolledBack
) -> PromptRead:
    """Make the words of an older version the latest."""
    async with _database(request).write(person.id) as session:
        return PromptRead.of(await library.roll_back(session, prompt_id, asked.version))


@router.get("/{prompt_id}/difference")
async def compare_prompt_versions(
    request: Request, prompt_id: Number, person: Person, older: VersionNumber, newer: VersionNumber
) -> list[PromptLine]:
    """What changed from one version of the caller's own template to another, line by line."""
    async with _database(request).read(person.id) as session:
        if not (await library.find(session, prompt_id)).own:
            raise NotFound
        texts = {one.number: one.text for one in await library.versions(session, prompt_id)}
    if older not in texts or newer not in texts:
        raise NotFound
    lines = difference(texts[older], texts[newer])
    return [PromptLine(change=line.change, text=line.text) for line in lines]


@router.put("/{prompt_id}/shares", status_code=status.HTTP_204_NO_CONTENT)
async def share_prompt(
    request: Request, prompt_id: Number, person: Person, asked: PromptShared
) -> None:
    """Let the members of these groups, and of no others, read and use a template."""
    async with _database(request).write(person.id) as session:
        await library.share(session, prompt_id, asked.groups)


@router.post("/{prompt_id}/scores", status_code=status.HTTP_204_NO_CONTENT)
async def score_prompt(
    request: Request, prompt_id: Number, person: Person, asked: PromptScored
) -> None:
    """Keep what a version was worth with a model."""
    async with _database(request).write(person.id) as session:
        said = library.Score(asked.version, asked.model, asked.temperature, asked.score)
        await library.score(session, prompt_id, said)


async def _events(relay: Relay[Cell]) -> AsyncGenerator[str]:
    cells = 0
    try:
        async for cell in relay:
            cells += 1
            yield written("cell", CellEvent.of(cell))
        yield written("tried", TriedEvent(cells=cells))
    finally:
        await relay.close()


def _level(request: Request) -> int:
    """The class of what is sent: that of a question."""
    settings: Settings = request.app.state.settings
    return int(settings.question_class[1:])


def _database(request: Request) -> Database:
    database: Database = request.app.state.database
    return database

"""Comparisons over HTTP, for people in a browser: two answers as server-sent events, a vote, a ranking."""

from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Path, Query, Request, status
from fastapi.responses import StreamingResponse

from centaure.answering.asking import Asking
from centaure.answering.events import written
from centaure.answering.relay import Relay
from centaure.feedback.comparisons import service
from centaure.feedback.comparisons.comparing import Begun, Comparing, Ready, Said, Wish, begin
from centaure.feedback.comparisons.export import preferences, put_on_record
from centaure.feedback.comparisons.schemas import (
    ComparisonAsked,
    ComparisonChoices,
    ComparisonConsent,
    ComparisonEvent,
    ComparisonRead,
    ComparisonVote,
    ReadyEvent,
    WholeComparison,
    event,
)
from centaure.feedback.comparisons.settings import Choices, Kind, Task, choices, chosen
from centaure.feedback.ranking.schemas import ComparisonRanking
from centaure.feedback.ranking.standings import ranked, totals_of
from centaure.gateway.service import Gateway
from centaure.identity import Principal, Role
from centaure.identity.access import require_role, signed_in
from centaure.kit.database import Database
from centaure.kit.errors import CentaureError
from centaure.kit.settings import Settings
from centaure.knowledge.retrieval.finding import Finding
from centaure.knowledge.retrieval.schemas import SearchFilters

router = APIRouter(prefix="/comparisons", tags=["comparisons"])

Person = Annotated[Principal, Depends(signed_in)]
Administrator = Annotated[Principal, Depends(require_role(Role.ADMINISTRATOR))]
Number = Annotated[int, Path(ge=1, le=2**63 - 1)]


@router.get("")
async def list_comparisons(
    request: Request,
    person: Person,
    before: Annotated[
        int | None, Query(ge=1, le=2**63 - 1, description="Those before this number.")
    ] = None,
) -> list[ComparisonRead]:
    """The caller's own comparisons, the latest first."""
    async with _database(request).read(person.id) as session:
        return [ComparisonRead.of(one) for one in await service.own(session, before)]


@router.get("/choices")
async def list_comparison_choices(request: Request, person: Person) -> ComparisonChoices:
    """The models, prompts and searches that the caller can compare."""
    return ComparisonChoices.of(await _choices(request, person))


@router.get("/ranking")
async def rank_settings(
    request: Request,
    person: Person,
    kind: Kind = "model",
    task: Task | None = None,
    language: Literal["fr", "en"] | None = None,
) -> ComparisonRanking:
    """Who is preferred, from the votes of everybody: totals only."""
    async with _database(request).read(person.id) as session:
        totals = await totals_of(session, kind, task, language)
    return ComparisonRanking.of(await ranked(totals))


@router.get(
    "/preferences",
    response_class=StreamingResponse,
    responses={200: {"content": {"application/x-ndjson": {"schema": {"type": "string"}}}}},
)
async def export_preferences(request: Request, administrator: Administrator) -> StreamingResponse:
    """The preferences that people let be exported, as lines of JSON, of what the caller may read."""
    database = _database(request)
    async with database.write(administrator.id) as session:
        await put_on_record(session)
    name = f"preferences-{datetime.now(UTC):%Y-%m-%d}.jsonl"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    lines = preferences(database, administrator.id)
    return StreamingResponse(lines, media_type="application/x-ndjson", headers=headers)


@router.post(
    "",
    response_class=StreamingResponse,
    responses={
        200: {
            "content": {"text/event-stream": {"schema": {"type": "string"}}},
            "description": "Server-sent events: `comparison`; of each `side`: `citation`, `sentence`, "
            "`judged`, `done` or `problem`; then `ready`.",
        }
    },
)
async def compare(request: Request, asked: ComparisonAsked, person: Person) -> StreamingResponse:
    """Answer a question by two settings, on sides drawn by lot; names are told after the vote."""
    offered = await _choices(request, person)
    one = chosen(asked.kind, asked.one.name, asked.one.words, offered)
    other = chosen(asked.kind, asked.other.name, asked.other.words, offered)
    words = (asked.filters or SearchFilters()).words()
    wish = Wish(asked.question, one, other, asked.task, words)
    async with _database(request).write(person.id) as session:
        begun = await begin(session, wish)
    asking: Asking = request.app.state.asking
    relay = Relay(Comparing(asking).pieces(person, begun))
    return StreamingResponse(_events(begun, relay), media_type="text/event-stream")


@router.get("/{comparison_id}")
async def read_comparison(
    request: Request, comparison_id: Number, person: Person
) -> WholeComparison:
    """A comparison of the caller's, as far as they may still read what it rests on."""
    async with _database(request).read(person.id) as session:
        return WholeComparison.of(await service.read(session, comparison_id))


@router.post("/{comparison_id}/vote")
async def vote_on_comparison(
    request: Request, comparison_id: Number, person: Person, asked: ComparisonVote
) -> WholeComparison:
    """Vote, once and for good; the answer tells which setting stood where, and what each took."""
    async with _database(request).write(person.id) as session:
        whole = await service.vote(
            session,
            comparison_id,
            asked.vote,
            asked.reasons,
            asked.comment.strip(),
            consent=asked.consent,
        )
    return WholeComparison.of(whole)


@router.put("/{comparison_id}/consent", status_code=status.HTTP_204_NO_CONTENT)
async def consent_to_export(
    request: Request, comparison_id: Number, person: Person, asked: ComparisonConsent
) -> None:
    """Give consent to the export of a preference, or take it back."""
    async with _database(request).write(person.id) as session:
        await service.consent_to(session, comparison_id, consent=asked.consent)


@router.delete("/{comparison_id}", status_code=status.HTTP_204_NO_CONTENT)
async def remove_comparison(request: Request, comparison_id: Number, person: Person) -> None:
    """Remove a comparison and its vote for good."""
    async with _database(request).write(person.id) as session:
        await service.remove(session, comparison_id)


async def _events(begun: Begun, relay: Relay[Said | Ready]) -> AsyncGenerator[str]:
    try:
        yield written("comparison", ComparisonEvent(id=begun.number))
        try:
            async for piece in relay:
                if isinstance(piece, Ready):
                    yield written("ready", ReadyEvent(votable=piece.votable))
                else:
                    yield event(piece)
        except CentaureError:
            yield written("ready", ReadyEvent(votable=False))
    finally:
        await relay.close()


async def _choices(request: Request, person: Principal) -> Choices:
    settings: Settings = request.app.state.settings
    gateway: Gateway = request.app.state.gateway
    finding: Finding = request.app.state.finding
    level = int(settings.question_class[1:])
    return await choices(gateway, level, await finding.stages(), person.id)


def _database(request: Request) -> Database:
    database: Database = request.app.state.database
    return database

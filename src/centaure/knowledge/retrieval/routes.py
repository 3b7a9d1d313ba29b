"""Search over HTTP."""

import dataclasses
from functools import partial
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request, status

from centaure.audit import Action, describe_question, record
from centaure.identity import Principal, Scope
from centaure.identity.access import require_scope
from centaure.kit.database import Database
from centaure.kit.errors import Forbidden
from centaure.kit.settings import Settings
from centaure.knowledge.retrieval.explanation import QuestionExplained
from centaure.knowledge.retrieval.filters import list_filters
from centaure.knowledge.retrieval.finding import Asked as AskedFor
from centaure.knowledge.retrieval.finding import Finding
from centaure.knowledge.retrieval.merging import SPARE, merged
from centaure.knowledge.retrieval.schemas import (
    LONGEST_QUERY,
    FeedbackGiven,
    FeedbackRead,
    FilterChoices,
    Hit,
    Id,
    SearchFilters,
    SearchResults,
    SubjectRead,
    Thumbed,
)
from centaure.knowledge.retrieval.suggestions import suggest_subjects
from centaure.knowledge.retrieval.thesaurus.missed import keep_missed
from centaure.knowledge.retrieval.votes import Subject, cast_vote, take_back, thumbs_for

router = APIRouter(prefix="/search", tags=["search"])

Reader = Annotated[Principal, Depends(require_scope(Scope.SEARCH))]
Asked = Annotated[str, Query(max_length=LONGEST_QUERY)]


async def client_gone(request: Request) -> None:
    """Wait until whoever made a request, whose body is read, has closed the connection."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


class SearchQuery(SearchFilters):
    """A search, as its address spells it."""

    q: Asked
    limit: Annotated[int, Query(ge=1, le=100)] = 20
    explain: bool = False


@router.get("")
async def search_passages(
    request: Request, asked: Annotated[SearchQuery, Query()], reader: Reader
) -> SearchResults:
    """The passages, among those that the caller may read, that answer best."""
    database: Database = request.app.state.database
    words = SearchFilters(**asked.model_dump(exclude={"q", "limit", "explain"})).words()
    finding: Finding = request.app.state.finding
    wanted = AskedFor(asked.q, words, key_id=reader.key_id)
    found = await finding.find(
        reader.id, wanted, asked.limit + SPARE, partial(client_gone, request)
    )
    found = merged(found, asked.limit)
    settings: Settings = request.app.state.settings
    key = settings.digest_key
    async with database.write(reader.id) as session:
        details = {**describe_question(asked.q, key), "hits": len(found.hits)}
        await record(session, Action.SEARCH, "", details=details)
    if settings.keep_failed_questions and not found.hits:
        await keep_missed(database, asked.q, found, reader.id, settings.asker_key)
    return SearchResults(
        query=asked.q,
        language=found.question.language,
        reranked=bool(found.reranked),
        hits=[Hit.of(hit, explain=asked.explain) for hit in found.hits],
        explanation=QuestionExplained.of(found) if asked.explain else None,
    )


@router.get("/filters")
async def read_filters(request: Request, reader: Reader) -> FilterChoices:
    """What the documents that the caller may read can be filtered on."""
    database: Database = request.app.state.database
    async with database.read(reader.id) as session:
        choices = await list_filters(session)
    return FilterChoices.model_validate(dataclasses.asdict(choices))


@router.get("/suggestions")
async def read_suggestions(
    request: Request,
    reader: Reader,
    limit: Annotated[int, Query(ge=1, le=20)] = 4,
    language: Literal["fr", "en"] = "fr",
) -> list[SubjectRead]:
    """Subjects to ask about, from titles and headings of the latest documents that the caller may read."""
    database: Database = request.app.state.database
    async with database.read(reader.id) as session:
        found = await suggest_subjects(session, limit, language)
    return [SubjectRead(document_id=one.document_id, words=one.words) for one in found]


@router.get("/feedback")
async def read_feedback(request: Request, reader: Reader, q: Asked) -> FeedbackRead:
    """The caller's own thumbs for the words of a question, and whether feedback is taken at all."""
    taken: bool = request.app.state.settings.feedback
    if not taken:
        return FeedbackRead(taken=False, thumbs=[])
    database: Database = request.app.state.database
    async with database.read(reader.id) as session:
        thumbs = await thumbs_for(session, q)
    given = [Thumbed(document_id=key, verdict=thumb) for key, thumb in thumbs.items()]
    return FeedbackRead(taken=True, thumbs=given)


@router.post("/feedback", status_code=status.HTTP_204_NO_CONTENT)
async def give_feedback(request: Request, reader: Reader, given: FeedbackGiven) -> None:
    """Say what a document was worth for a question: its next searches rank it with what all say."""
    if not request.app.state.settings.feedback:
        raise Forbidden("Feedback is switched off here; nothing was kept.")
    database: Database = request.app.state.database
    subject = Subject(given.document_id, given.chunk_id)
    async with database.write(reader.id) as session:
        document = await cast_vote(session, given.query, subject, given.verdict)
        details = {"verdict": given.verdict}
        await record(session, Action.FEEDBACK, f"document:{document}", details=details)


@router.delete("/feedback", status_code=status.HTTP_204_NO_CONTENT)
async def take_feedback_back(
    request: Request,
    reader: Reader,
    q: Asked,
    document_id: Annotated[Id | None, Query()] = None,
    chunk_id: Annotated[Id | None, Query()] = None,
) -> None:
    """Forget what the caller said of a document for the words of a question."""
    database: Database = request.app.state.database
    async with database.write(reader.id) as session:
        document = await take_back(session, q, Subject(document_id, chunk_id))
        details = {"verdict": "taken back"}
        await record(session, Action.FEEDBACK, f"document:{document}", details=details)

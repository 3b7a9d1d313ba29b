"""Search over HTTP."""

import dataclasses
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request

from centaure.audit import Action, describe_question, record
from centaure.identity import Principal, Scope
from centaure.identity.access import require_scope
from centaure.kit.database import Database
from centaure.knowledge.retrieval.filters import list_filters, resolve_filters
from centaure.knowledge.retrieval.schemas import FilterChoices, Hit, SearchFilters, SearchResults
from centaure.knowledge.retrieval.service import search

router = APIRouter(prefix="/search", tags=["search"])

Reader = Annotated[Principal, Depends(require_scope(Scope.SEARCH))]
LONGEST_QUERY = 10_000


class SearchQuery(SearchFilters):
    """A search, as its address spells it."""

    q: Annotated[str, Query(max_length=LONGEST_QUERY)]
    limit: Annotated[int, Query(ge=1, le=100)] = 20


@router.get("")
async def search_passages(
    request: Request, asked: Annotated[SearchQuery, Query()], reader: Reader
) -> SearchResults:
    """The passages, among those that the caller may read, that answer best."""
    database: Database = request.app.state.database
    words = SearchFilters(**asked.model_dump(exclude={"q", "limit"})).words()
    meaning = await request.app.state.meanings.of(database, asked.q)
    async with database.read(reader.id) as session:
        filters = await resolve_filters(session, words)
        found = await search(session, asked.q, filters, asked.limit, meaning)
    key = request.app.state.settings.digest_key
    async with database.write(reader.id) as session:
        details = {**describe_question(asked.q, key), "hits": len(found.hits)}
        await record(session, Action.SEARCH, "", details=details)
    return SearchResults(
        query=asked.q,
        language=found.question.language,
        hits=[Hit.of(hit) for hit in found.hits],
    )


@router.get("/filters")
async def read_filters(request: Request, reader: Reader) -> FilterChoices:
    """What the documents that the caller may read can be filtered on."""
    database: Database = request.app.state.database
    async with database.read(reader.id) as session:
        choices = await list_filters(session)
    return FilterChoices.model_validate(dataclasses.asdict(choices))

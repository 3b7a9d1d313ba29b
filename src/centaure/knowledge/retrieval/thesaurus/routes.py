"""The thesaurus over HTTP, for curators."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, status

from centaure.identity import Principal, Role, Scope
from centaure.identity.access import require_role
from centaure.kit.database import Database
from centaure.knowledge.retrieval.thesaurus import entries
from centaure.knowledge.retrieval.thesaurus.entries import State, Wanted
from centaure.knowledge.retrieval.thesaurus.matching import Relation
from centaure.knowledge.retrieval.thesaurus.mining import suggest
from centaure.knowledge.retrieval.thesaurus.missed import forget_missed, list_missed
from centaure.knowledge.retrieval.thesaurus.schemas import (
    MissedWord,
    MissedWords,
    ThesaurusDecision,
    ThesaurusEntryAdded,
    ThesaurusEntryRead,
    ThesaurusPage,
    ThesaurusSuggested,
)

router = APIRouter(prefix="/thesaurus", tags=["thesaurus"])

Curator = Annotated[Principal, Depends(require_role(Role.CURATOR, Scope.SOURCES))]
EntryId = Annotated[int, Path(ge=1, le=2**31 - 1)]


@router.get("")
async def list_thesaurus(
    request: Request,
    curator: Curator,
    state: Annotated[State | None, Query()] = None,
    relation: Annotated[Relation | None, Query()] = None,
    words: Annotated[str, Query(max_length=200)] = "",
    after: Annotated[int, Query(ge=0, le=2**31 - 1)] = 0,
    limit: Annotated[int, Query(ge=1, le=1000)] = 200,
) -> ThesaurusPage:
    """The entries that curators wrote, and the suggestions made for the caller."""
    database: Database = request.app.state.database
    async with database.read(curator.id) as session:
        found = await entries.list_entries(session, Wanted(state, relation, words), after, limit)
        states = await entries.count_entries(session)
    return ThesaurusPage(
        entries=[ThesaurusEntryRead.of(entry) for entry in found],
        states=states,
        next=found[-1].id if len(found) == limit else None,
    )


@router.post("", status_code=status.HTTP_201_CREATED)
async def add_thesaurus_entry(
    request: Request, curator: Curator, asked: ThesaurusEntryAdded
) -> ThesaurusEntryRead:
    """Write an entry; the next searches use it."""
    database: Database = request.app.state.database
    async with database.write(curator.id) as session:
        added = await entries.add_entry(session, asked.said(), curator.id)
    return ThesaurusEntryRead.of(added)


@router.post("/suggestions")
async def suggest_thesaurus_entries(request: Request, curator: Curator) -> ThesaurusSuggested:
    """Suggest entries from the documents that the caller may read."""
    database: Database = request.app.state.database
    async with database.write(curator.id) as session:
        added = await suggest(session, curator.id)
    return ThesaurusSuggested(suggested=len(added))


@router.get("/questions")
async def list_missed_words(request: Request, curator: Curator) -> MissedWords:
    """The words of questions that found no answer, once several people asked them."""
    database: Database = request.app.state.database
    async with database.read(curator.id) as session:
        words = [MissedWord(word=one.word, askers=one.askers) for one in await list_missed(session)]
    return MissedWords(kept=request.app.state.settings.keep_failed_questions, words=words)


@router.delete("/questions/{word}", status_code=status.HTTP_204_NO_CONTENT)
async def forget_missed_word(
    request: Request, curator: Curator, word: Annotated[str, Path(max_length=100)]
) -> None:
    """Delete a word of questions, for whoever asked it."""
    database: Database = request.app.state.database
    async with database.write(curator.id) as session:
        await forget_missed(session, word)


@router.post("/{entry_id}/decision")
async def decide_thesaurus_entry(
    request: Request, curator: Curator, entry_id: EntryId, asked: ThesaurusDecision
) -> ThesaurusEntryRead:
    """Accept an entry or a suggestion, or refuse it."""
    database: Database = request.app.state.database
    async with database.write(curator.id) as session:
        decided = await entries.decide(session, entry_id, asked.state)
    return ThesaurusEntryRead.of(decided)


@router.delete("/{entry_id}", status_code=status.HTTP_204_NO_CONTENT)
async def remove_thesaurus_entry(request: Request, curator: Curator, entry_id: EntryId) -> None:
    """Remove an entry."""
    database: Database = request.app.state.database
    async with database.write(curator.id) as session:
        await entries.remove_entry(session, entry_id)

"""The thesaurus as the API spells it."""

from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import BaseModel, Field

from centaure.knowledge.retrieval.thesaurus import entries
from centaure.knowledge.retrieval.thesaurus.entries import LONGEST, Origin, State
from centaure.knowledge.retrieval.thesaurus.matching import Relation

Expression = Annotated[str, Field(min_length=1, max_length=LONGEST)]
Language = Literal["fr", "en", "simple"]
"""Of an expression; "simple": any."""
SourceNumber = Annotated[int, Field(ge=1, le=2**31 - 1)]


class ThesaurusEntryAdded(BaseModel):
    """What a curator says of two expressions: `relation` is what `other` is to `term`.

    `sources` limits it to the searches of those who can read something in one of them; empty: everybody.
    """

    term: Expression
    other: Expression
    relation: Relation = "equivalent"
    language: Language = "simple"
    other_language: Language = "simple"
    sources: Annotated[list[SourceNumber], Field(max_length=100)] = []

    def said(self) -> entries.NewEntry:
        """The same, as the package takes it."""
        return entries.NewEntry(
            self.term,
            self.other,
            self.relation,
            self.language,
            self.other_language,
            tuple(self.sources),
        )


class ThesaurusDecision(BaseModel):
    """Accept an entry or suggestion ("active"), or refuse it."""

    state: Literal["active", "refused"]


class ThesaurusEntryRead(BaseModel):
    """An entry; a suggestion was seen in documents of folders ("mined"), or asked in vain ("questions")."""

    id: int
    term: str
    other: str
    relation: Relation
    language: Language
    other_language: Language
    sources: list[int]
    state: State
    origin: Origin
    documents: int
    folders: int
    askers: int
    updated_at: datetime

    @classmethod
    def of(cls, entry: entries.Entry) -> Self:
        """The same entry, spelled for the API."""
        said = entry.said
        return cls.model_validate(
            {
                "id": entry.id,
                "term": said.term,
                "other": said.other,
                "relation": said.relation,
                "language": said.language,
                "other_language": said.other_language,
                "sources": list(said.sources),
                "state": entry.state,
                "origin": entry.origin,
                "documents": entry.grounds.documents,
                "folders": entry.grounds.folders,
                "askers": entry.grounds.askers,
                "updated_at": entry.updated_at,
            }
        )


class ThesaurusPage(BaseModel):
    """Entries, how many there are in each state, and where the next page begins."""

    entries: list[ThesaurusEntryRead]
    states: dict[State, int]
    next: int | None


class ThesaurusSuggested(BaseModel):
    """How many entries were suggested."""

    suggested: int


class MissedWord(BaseModel):
    """A word of questions that found no answer, without accents, and how many people asked it."""

    word: str
    askers: int


class MissedWords(BaseModel):
    """The words that several people asked in vain, the most asked first; `kept`: whether any are taken."""

    kept: bool
    words: list[MissedWord]

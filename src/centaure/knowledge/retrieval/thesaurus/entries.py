"""The entries of the thesaurus: what curators write, accept and refuse; others see none."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from psycopg.errors import UniqueViolation

from centaure.audit import Action, record
from centaure.kit.database import ReadSession, Row, WriteSession
from centaure.kit.errors import Conflict, InvalidInput, NotFound
from centaure.knowledge.retrieval.question import LANGUAGES
from centaure.knowledge.retrieval.thesaurus.lookup import keys
from centaure.knowledge.retrieval.thesaurus.matching import ANY_LANGUAGE, Relation, shape

State = Literal["active", "suggested", "refused"]
Origin = Literal["curator", "mined", "questions"]
"""Who said it: a curator, documents, or people whose questions found no answer."""
RELATIONS: tuple[Relation, ...] = get_args(Relation)
STATES: tuple[State, ...] = get_args(State)
LONGEST = 200
"""Characters of an expression."""


@dataclass(frozen=True, slots=True)
class NewEntry:
    """What somebody says of two expressions.

    Attributes:
        term: An expression.
        other: Another.
        relation: What the other is to the term.
        language: Of the term: "fr", "en", or "simple" for questions in any language.
        other_language: Of the other.
        sources: Identifiers of the sources whose readers it is for; empty: for everybody.
    """

    term: str
    other: str
    relation: Relation = "equivalent"
    language: str = ANY_LANGUAGE
    other_language: str = ANY_LANGUAGE
    sources: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry as it is kept, and what it rests on if it was suggested."""

    id: int
    said: NewEntry
    state: State
    origin: Origin
    grounds: "Grounds"
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Grounds:
    """What a suggestion rests on: documents of folders, or people who asked and found no answer."""

    documents: int = 0
    folders: int = 0
    askers: int = 0


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries to list; `words`: what one of the two expressions contains, in any case."""

    state: State | None = None
    relation: Relation | None = None
    words: str = ""


async def list_entries(
    session: ReadSession, wanted: Wanted, after: int = 0, limit: int = 200
) -> list[Entry]:
    """Entries in the order in which they were written.

    Args:
        session: of a curator; others see none.
        wanted: which.
        after: identifier of the last entry of the page before.
        limit: most entries.
    """
    values = {
        "state": wanted.state,
        "relation": wanted.relation,
        "words": wanted.words.replace("\0", "").strip(),
        "after": after,
        "limit": limit,
    }
    return [_entry(row) for row in await session.rows(_LIST, values)]


async def count_entries(session: ReadSession) -> dict[State, int]:
    """How many entries there are, by state."""
    counted = {row.state: row.entries for row in await session.rows(_COUNT)}
    return {state: counted.get(state, 0) for state in STATES}


async def find_entry(session: ReadSession, entry_id: int) -> Entry:
    """One entry.

    Raises:
        NotFound: there is none, or it is another curator's suggestion.
    """
    row = await session.row(_ONE, {"id": entry_id})
    if row is None:
        raise _missing(entry_id)
    return _entry(row)


async def add_entry(session: WriteSession, said: NewEntry, curator: int) -> Entry:
    """Write an entry, which searches use from then on.

    Raises:
        InvalidInput: an expression is empty, too long or has no telling word, or a source does not exist.
        Conflict: it is there already.
    """
    said = checked(said)
    if said.sources:
        known = await session.value(_KNOWN, {"sources": list(said.sources)})
        if known != len(said.sources):
            raise InvalidInput("One of the sources does not exist.")
    added = await insert_entry(session, said, curator)
    await _tell(session, added, "add")
    return added


async def decide(session: WriteSession, entry_id: int, state: State) -> Entry:
    """Accept an entry or a suggestion (active), or refuse it; what is refused is not suggested again.

    Raises:
        NotFound: there is none that the curator may see.
        Conflict: another active entry says the same.
    """
    try:
        row = await session.row(_DECIDE, {"id": entry_id, "state": state})
    except UniqueViolation:
        raise Conflict(
            "An active entry says the same already. Refuse or remove this one."
        ) from None
    if row is None:
        raise _missing(entry_id)
    entry = _entry(row)
    await _tell(session, entry, "accept" if state == "active" else "refuse")
    return entry


async def remove_entry(session: WriteSession, entry_id: int) -> Entry:
    """Remove an entry; a suggestion that is removed may be suggested again.

    Raises:
        NotFound: there is none that the curator may see.
    """
    row = await session.row(_REMOVE, {"id": entry_id})
    if row is None:
        raise _missing(entry_id)
    entry = _entry(row)
    await _tell(session, entry, "remove")
    return entry


async def insert_entry(
    session: WriteSession, said: NewEntry, curator: int, grounds: Grounds | None = None
) -> Entry:
    """Write a checked entry; with what it rests on, as a suggestion.

    Raises:
        Conflict: an active entry says the same.
    """
    told = grounds or Grounds()
    suggested = "questions" if told.askers else "mined"
    values = {
        "term": said.term,
        "other": said.other,
        "relation": said.relation,
        "language": said.language,
        "other_language": said.other_language,
        "sources": list(said.sources) or None,
        "state": "suggested" if grounds else "active",
        "origin": suggested if grounds else "curator",
        "documents": told.documents,
        "folders": told.folders,
        "askers": told.askers,
        "starts": [*keys(said.term), *keys(said.other)],
        "curator": curator,
    }
    row = await session.row(_INSERT, values)
    if row is None:
        raise Conflict(f"The thesaurus has {said.term} = {said.other} already.")
    return _entry(row)


def _missing(entry_id: int) -> NotFound:
    return NotFound(f"There is no entry {entry_id}. `centaure thesaurus list` shows them.")


def checked(said: NewEntry) -> NewEntry:
    """The same with single spaces, when it can be used.

    Raises:
        InvalidInput: with what is wrong.
    """
    term, other = (" ".join(text.replace("\0", " ").split()) for text in (said.term, said.other))
    known = (*LANGUAGES, ANY_LANGUAGE)
    if said.relation not in RELATIONS:
        raise InvalidInput(f"A relation is one of {', '.join(RELATIONS)}.")
    if said.language not in known or said.other_language not in known:
        raise InvalidInput("A language is fr, en or simple (any).")
    if said.relation == "translation" and said.language == said.other_language:
        raise InvalidInput("A translation needs two languages: fr and en.")
    for text, language in ((term, said.language), (other, said.other_language)):
        if len(text) > LONGEST:
            raise InvalidInput(f"An expression has at most {LONGEST} characters.")
        if not any(shape(text, each) for each in _readings(language)):
            raise InvalidInput(f"'{text}' has no word that search looks for.")
    if term.casefold() == other.casefold():
        raise InvalidInput("The two expressions are the same.")
    sources = tuple(sorted(set(said.sources)))
    return NewEntry(term, other, said.relation, said.language, said.other_language, sources)


def _readings(language: str) -> Sequence[str]:
    return LANGUAGES if language == ANY_LANGUAGE else (language,)


def _entry(row: Row) -> Entry:
    said = NewEntry(
        row.term,
        row.other,
        row.relation,
        row.language,
        row.other_language,
        tuple(row.sources or ()),
    )
    grounds = Grounds(row.documents, row.folders, row.askers)
    return Entry(row.id, said, row.state, row.origin, grounds, row.updated_at)


async def _tell(session: WriteSession, entry: Entry, did: str) -> None:
    """The words are not told: what is in the audit cannot be erased."""
    details = {"did": did, "relation": entry.said.relation, "sources": list(entry.said.sources)}
    await record(session, Action.THESAURUS_CHANGE, f"thesaurus:{entry.id}", details=details)


_LIST = """
    select id, term, other, relation, language, other_language, sources, state, origin, documents,
        folders, askers, updated_at
    from thesaurus_entry
    where id > %(after)s
        and (cast(%(state)s as text) is null or state = %(state)s)
        and (cast(%(relation)s as text) is null or relation = %(relation)s)
        and (%(words)s = '' or strpos(lower(term), lower(%(words)s)) > 0
            or strpos(lower(other), lower(%(words)s)) > 0)
    order by id
    limit %(limit)s
"""
_COUNT = "select state, count(*) as entries from thesaurus_entry group by state"
_ONE = """
    select id, term, other, relation, language, other_language, sources, state, origin, documents,
        folders, askers, updated_at
    from thesaurus_entry where id = %(id)s
"""
_KNOWN = "select count(*) from source where id = any(cast(%(sources)s as int[]))"
_INSERT = """
    insert into thesaurus_entry (term, other, relation, language, other_language, sources, state, origin,
        documents, folders, askers, starts, created_by)
    values (%(term)s, %(other)s, %(relation)s, %(language)s, %(other_language)s,
        cast(%(sources)s as int[]), %(state)s, %(origin)s, %(documents)s, %(folders)s,
        %(askers)s, cast(%(starts)s as text[]), %(curator)s)
    on conflict do nothing
    returning id, term, other, relation, language, other_language, sources, state, origin, documents,
        folders, askers, updated_at
"""
_DECIDE = """
    update thesaurus_entry
    set state = %(state)s, updated_at = now(),
        origin = case when %(state)s = 'active' then 'curator' else origin end
    where id = %(id)s
    returning id, term, other, relation, language, other_language, sources, state, origin, documents,
        folders, askers, updated_at
"""
_REMOVE = """
    delete from thesaurus_entry where id = %(id)s
    returning id, term, other, relation, language, other_language, sources, state, origin, documents,
        folders, askers, updated_at
"""

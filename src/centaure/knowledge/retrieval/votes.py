"""What a person says of a document for the words of their question, as the principal of the session.

No text of a question is kept, only the numbers of its terms. What all people say together is worth something
to the ranking: `feedback_of` (migrations/sql/feedback.sql) counts it, `ranking` weighs it.
"""

from dataclasses import dataclass
from typing import Literal

from centaure.kit.database import ReadSession, WriteSession
from centaure.kit.errors import InvalidInput, NotFound
from centaure.knowledge.retrieval.question import Question, analyse
from centaure.knowledge.retrieval.terms import term_number

Thumb = Literal["useful", "useless"]
Verdict = Literal["useful", "useless", "opened"]

KEPT_DAYS = 400
"""Days after which a vote is deleted; it is then worth a fifth of a new one."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What a vote is about: a document, or the one in which a passage stands.

    Attributes:
        document_id: Of the document.
        chunk_id: Of the passage, where no document is given.
    """

    document_id: int | None = None
    chunk_id: int | None = None


_DOCUMENT = """
    select id from document where id = %(document)s
"""
_DOCUMENT_OF_PASSAGE = """
    select document_id from chunk where id = %(chunk)s
"""
# A thumb takes the place of what was said before; to open again is as to open today, unless there is a thumb.
_WITHDRAW = """
    delete from relevance_vote
    where principal = current_principal() and document_id = %(document)s and term = any(%(terms)s)
        and (kind = 'opened' or %(kind)s <> 'opened')
"""
_CAST = """
    insert into relevance_vote (principal, document_id, term, kind)
    select current_principal(), %(document)s, term, %(kind)s
    from unnest(cast(%(terms)s as int[])) as given(term)
    on conflict do nothing
"""
_TAKE_BACK = """
    delete from relevance_vote
    where principal = current_principal() and document_id = %(document)s and term = any(%(terms)s)
"""
_THUMBS = """
    select document_id, min(kind) as kind
    from relevance_vote
    join document on document.id = relevance_vote.document_id
    where principal = current_principal() and term = any(%(terms)s) and kind <> 'opened'
    group by document_id
    having count(*) = %(count)s and min(kind) = max(kind)
    order by document_id
"""


def numbers_of(question: Question) -> list[int]:
    """The numbers of the terms that a question asks for itself, in order."""
    return sorted({term_number(stem) for term in question.terms for stem in term.stems})


async def cast_vote(session: WriteSession, query: str, subject: Subject, verdict: Verdict) -> int:
    """Say of a document what it was worth for a question; a thumb replaces the person's earlier one.

    Returns:
        The document's identifier.

    Raises:
        NotFound: it does not exist, or is not theirs to read.
    """
    document = await _document(session, subject)
    parameters = {"document": document, "terms": _terms(query), "kind": verdict}
    await session.execute(_WITHDRAW, parameters)
    await session.execute(_CAST, parameters)
    return document


async def take_back(session: WriteSession, query: str, subject: Subject) -> int:
    """Forget everything that the person said of a document for the words of a question.

    Returns:
        The document's identifier.

    Raises:
        NotFound: it does not exist, or is not theirs to read.
    """
    document = await _document(session, subject)
    await session.execute(_TAKE_BACK, {"document": document, "terms": _terms(query)})
    return document


async def thumbs_for(session: ReadSession, query: str) -> dict[int, Thumb]:
    """The person's own thumbs for all words of a question, by document."""
    terms = _terms(query)
    rows = await session.rows(_THUMBS, {"terms": terms, "count": len(terms)})
    return {row.document_id: row.kind for row in rows}


async def forget_votes(session: WriteSession, kept_days: int) -> int:
    """Delete the votes older than so many days, and say how many they were."""
    return await session.execute(
        "delete from relevance_vote where at <= now() - make_interval(days => %(days)s)",
        {"days": kept_days},
    )


def _terms(query: str) -> list[int]:
    return numbers_of(analyse(query))


async def _document(session: ReadSession, subject: Subject) -> int:
    if (subject.document_id is None) == (subject.chunk_id is None):
        raise InvalidInput("Say which document or which passage it is about: one of the two.")
    if subject.document_id is None:
        found = await session.value(_DOCUMENT_OF_PASSAGE, {"chunk": subject.chunk_id})
    else:
        found = await session.value(_DOCUMENT, {"document": subject.document_id})
    if found is None:
        raise NotFound
    return int(found)

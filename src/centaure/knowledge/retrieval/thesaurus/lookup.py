"""The thesaurus of one question, as the principal of a session may have it."""

from collections.abc import Iterable, Sequence

from centaure.kit.database import ReadSession
from centaure.knowledge.language import fold, tokens
from centaure.knowledge.retrieval.question import (
    LANGUAGES,
    MOST_CHARACTERS,
    Question,
    Thesaurus,
    analyse,
)
from centaure.knowledge.retrieval.thesaurus.acronyms import acronyms_in
from centaure.knowledge.retrieval.thesaurus.lexicon import lexicon
from centaure.knowledge.retrieval.thesaurus.matching import EQUIVALENT, Together, Way, Ways, ways

_START = 3
_MOST_STARTS = 200


async def understood(session: ReadSession, text: str) -> Question:
    """A question with the other words that its reader's thesaurus has for it.

    They come from the lexicon that is shipped, from entries of curators that hold for this reader, and from
    documents that this reader may read.
    """
    return analyse(text, await thesaurus_for(session, text))


async def thesaurus_for(session: ReadSession, text: str) -> Thesaurus:
    """What there is for any word of a text; one statement."""
    read = text[:MOST_CHARACTERS]
    given = {"starts": starts(read)[:_MOST_STARTS], "acronyms": acronyms_in(read)}
    rows = await session.rows(_WORDINGS, given)
    return Together(
        Ways(
            way
            for row in rows
            for way in _ways(row.term, row.other, row.relation, row.language, row.other_language)
        ),
        lexicon(),
    )


def starts(text: str, readings: Sequence[str] = LANGUAGES) -> list[str]:
    """How the telling words of a text begin: what entries are looked up by, whatever becomes of stemming."""
    words = (
        fold(text[token.start : token.end])[:_START]
        for reading in readings
        for token in tokens(text, reading)
        if not token.stop
    )
    return list(dict.fromkeys(words))


def _ways(
    term: str, other: str, relation: str, language: str, other_language: str
) -> Iterable[Way]:
    match relation:
        case "acronym":
            return (Way(term, language, other, other_language, relation, EQUIVALENT),)
        case "equivalent" | "translation" | "broader" | "narrower":
            return ways(term, other, relation, language, other_language)
        case _:
            return ()


_WORDINGS = """
    select term, other, relation, language, other_language
    from wordings_for(cast(%(starts)s as text[]), cast(%(acronyms)s as text[]))
"""

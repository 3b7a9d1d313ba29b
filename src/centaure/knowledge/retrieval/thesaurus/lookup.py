"""The thesaurus of one question, as the principal of a session may have it."""

from collections.abc import Iterable, Iterator

from centaure.kit.database import ReadSession
from centaure.knowledge.language import fold, stem, tokens
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

_SHORTEST_START = 3
_LONGEST_START = 5
_MOST_STARTS = 600


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


def starts(text: str) -> list[str]:
    """How the telling words of a text begin, in three letters to five: what entries are looked up by.

    Whatever becomes of stemming, one of them is the `key` of an entry that begins with a word of the text.
    """
    lengths = range(_SHORTEST_START, _LONGEST_START + 1)
    found = (
        word[:length] for each in LANGUAGES for word in _telling(text, each) for length in lengths
    )
    return list(dict.fromkeys(found))


def keys(text: str) -> list[str]:
    """How the first telling word of an expression begins, as each language reads it.

    As many letters as its other forms surely have too, five at most: the fewer, the more questions it is
    read for in vain.
    """
    first = (next(iter(_telling(text, each)), None) for each in LANGUAGES)
    return list(dict.fromkeys(word[: _sure(word)] for word in first if word is not None))


def _sure(word: str) -> int:
    shortest = min(len(stem(word, each)) for each in LANGUAGES)
    return max(_SHORTEST_START, min(_LONGEST_START, shortest - 1))


def _telling(text: str, language: str) -> Iterator[str]:
    for token in tokens(text, language):
        if not token.stop:
            yield fold(text[token.start : token.end])


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

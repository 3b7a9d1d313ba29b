"""The words by which questions are put together: the telling ones, each with its stem and what it tells."""

import re
import unicodedata
from dataclasses import dataclass

from centaure.knowledge.language import fold, stem
from centaure.knowledge.retrieval.question import LANGUAGES, analyse

MOST_WORDS = 8
"""Words of one question: those that tell most."""
_READ = 2_000
"""Characters of a question that are looked at."""
_SHORTEST, _LONGEST = 3, 40
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Telling:
    """A telling word of a question.

    Attributes:
        stem: by which it is the same as others, in the language of the question.
        word: as it was written, in small letters.
        weight: what it tells, in nats.
    """

    stem: str
    word: str
    weight: float


def telling_words(text: str) -> list[Telling]:
    """The telling words of a question, the heaviest first; numbers are none, since they name a case."""
    read = text[:_READ]
    question = analyse(read)
    language = question.language if question.language in LANGUAGES else LANGUAGES[0]
    weights = {each: term.weight for term in question.terms for each in term.stems}
    found: dict[str, Telling] = {}
    for written in _WORD.findall(unicodedata.normalize("NFC", read)):
        word, own = written.lower(), stem(written, language)
        if own in weights and _SHORTEST <= len(word) <= _LONGEST:
            found.setdefault(own, Telling(own, word, weights[own]))
    return sorted(found.values(), key=lambda one: (-one.weight, one.stem))[:MOST_WORDS]


def stems_of(word: str) -> frozenset[str]:
    """The stems of a word, as passages of any language may hold it."""
    return frozenset(stem(fold(word), each) for each in LANGUAGES)

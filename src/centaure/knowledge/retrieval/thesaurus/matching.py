"""Which expressions of a thesaurus stand in a question, and what they lead to."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from centaure.knowledge.language import tokens
from centaure.knowledge.retrieval.question import LANGUAGES, Words
from centaure.knowledge.retrieval.wordings import Reason, Wording

Relation = Literal["equivalent", "broader", "narrower", "translation"]
"""What the other expression of an entry is to its term."""
ANY_LANGUAGE = "simple"

EQUIVALENT = 0.8
"""What a word that means the same counts beside the word that was asked for: less, so that whoever
writes the reader's own word comes first."""
TRANSLATION = 0.8
"""The same for a word of the other language."""
NARROWER = 0.6
"""For a kind of what was asked for: it answers some of those who ask."""
BROADER = 0.3
"""For what includes it: it may answer, besides much else."""
_MOST_EACH = 3
"""Wordings of one kind for one stretch of a question."""

_FACTORS: dict[Relation, float] = {
    "equivalent": EQUIVALENT,
    "translation": TRANSLATION,
    "narrower": NARROWER,
    "broader": BROADER,
}
_REVERSED: dict[Relation, Relation] = {
    "equivalent": "equivalent",
    "translation": "translation",
    "narrower": "broader",
    "broader": "narrower",
}

Shape = tuple[str | None, ...]
"""Stems in order, None for one or several stop words between them."""


@dataclass(frozen=True, slots=True)
class Way:
    """From an expression to another that is looked for beside it.

    Attributes:
        term: What stands in the question.
        language: Its language; "simple": a question in any.
        other: What is looked for.
        other_language: Its language; "simple": passages in any.
        kind: As `Reason` has it.
        factor: What it counts, in (0, 1].
    """

    term: str
    language: str
    other: str
    other_language: str
    kind: str
    factor: float


def ways(
    term: str, other: str, relation: Relation, language: str, other_language: str
) -> tuple[Way, Way]:
    """What an entry says in both directions."""
    back = _REVERSED[relation]
    return (
        Way(term, language, other, other_language, relation, _FACTORS[relation]),
        Way(other, other_language, term, language, back, _FACTORS[back]),
    )


def shape(text: str, language: str) -> Shape:
    """The telling words of an expression, in order; empty where it has none."""
    read = tokens(text, language)
    first = next((place for place, token in enumerate(read) if not token.stop), len(read))
    found: list[str | None] = []
    for token in read[first:]:
        if not token.stop:
            found.append(token.stem)
        elif found[-1] is not None:
            found.append(None)
    if found and found[-1] is None:
        found.pop()
    return tuple(found)


class Ways:
    """A thesaurus of given ways, by the first stem of their terms."""

    def __init__(self, given: Iterable[Way]) -> None:
        self._by_stem: defaultdict[tuple[str, str], list[tuple[Shape, Way]]] = defaultdict(list)
        for way in given:
            for reading in LANGUAGES if way.language == ANY_LANGUAGE else (way.language,):
                if found := shape(way.term, reading):
                    self._by_stem[reading, str(found[0])].append((found, way))

    def wordings(self, words: Words) -> Sequence[Wording]:
        """What the ways lead to from any stretch of the words; of nested stretches, the longest."""
        found: dict[tuple[int, int, str], dict[tuple[str, str], Wording]] = defaultdict(dict)
        for reading in (words.language,) if words.language in LANGUAGES else LANGUAGES:
            for wording in self._read(words.readings[reading], reading):
                place = (wording.start, wording.end, wording.reason.kind)
                found[place].setdefault((wording.words, wording.language), wording)
        return [
            wording
            for (start, end, kind), each in found.items()
            if not any(
                other == kind and low <= start and end <= high and (low, high) != (start, end)
                for low, high, other in found
            )
            for wording in list(each.values())[:_MOST_EACH]
        ]

    def _read(self, words: tuple[str | None, ...], reading: str) -> Iterable[Wording]:
        for start, first in enumerate(words):
            if first is None:
                continue
            for found, way in self._by_stem.get((reading, first), ()):
                end = _matched(found, words, start)
                if end is not None:
                    reason = Reason(way.kind, way.term, way.other)
                    yield Wording(start, end, way.other, way.other_language, way.factor, reason)


def _matched(found: Shape, words: tuple[str | None, ...], start: int) -> int | None:
    """The place after the last word of a shape that begins at a place, if it stands there."""
    place = start
    for stem in found:
        if stem is None:
            if place >= len(words) or words[place] is not None:
                return None
            while place < len(words) and words[place] is None:
                place += 1
        elif place >= len(words) or words[place] != stem:
            return None
        else:
            place += 1
    return place


class Together:
    """Several thesauri as one; what a person wrote as a translation replaces the lexicon's."""

    def __init__(self, *thesauri: "Ways") -> None:
        self._thesauri = thesauri

    def wordings(self, words: Words) -> Sequence[Wording]:
        """What each has; those of the lexicon give way."""
        found = [wording for one in self._thesauri for wording in one.wordings(words)]
        written = [
            (wording.start, wording.end)
            for wording in found
            if wording.reason.kind == "translation"
        ]
        return [
            wording
            for wording in found
            if wording.reason.kind != "lexicon"
            or not any(start <= wording.start and wording.end <= end for start, end in written)
        ]

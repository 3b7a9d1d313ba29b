"""A question as the index is asked: weighted terms, in each language that a passage may be in."""

from collections import defaultdict
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import pairwise

from centaure.knowledge.language import detect_language, tokens
from centaure.knowledge.retrieval.impacts import sparse_vector
from centaure.knowledge.retrieval.terms import term_number, weight

LANGUAGES = ("fr", "en")
MOST_TERMS = 24
"""Distinct terms of a question, the most telling ones; a spoken question has about six."""
MOST_CHARACTERS = 20_000
"""Characters of a question that are read."""
_MOST_REPEATS = 3


@dataclass(frozen=True, slots=True)
class Term:
    """One word of the question, whatever its ending.

    Attributes:
        stems: Its stems, in the question's language and as the others would cut it: a French
            question finds the same name in an English passage, which was stemmed as English.
        weight: What it tells, in nats, times how often the question says it.
    """

    stems: frozenset[str]
    weight: float


@dataclass(frozen=True, slots=True)
class Question:
    """An analysed question.

    Attributes:
        text: As it was asked.
        language: "fr", "en" or "simple".
        terms: The most telling first; none when there is nothing to look for.
        pairs: Places in `terms` of the words that follow each other in it, stop words aside.
    """

    text: str
    language: str
    terms: tuple[Term, ...]
    pairs: frozenset[tuple[int, int]] = frozenset()

    @property
    def weight(self) -> float:
        """What all terms tell together."""
        return sum(term.weight for term in self.terms)

    def vector(self) -> str:
        """Weight of each term number, as PostgreSQL reads a `sparsevec`."""
        weights: dict[int, float] = {}
        for term in self.terms:
            for stem in term.stems:
                number = term_number(stem)
                weights[number] = max(term.weight, weights.get(number, 0))
        return sparse_vector(weights)

    def alternatives(self) -> list[str]:
        """For each term its numbers, joined as PostgreSQL's `tsquery` writes "or"."""
        return [
            "|".join(sorted(str(term_number(stem)) for stem in term.stems)) for term in self.terms
        ]

    def weights(self) -> list[float]:
        """What each term weighs, the heaviest first."""
        return [term.weight for term in self.terms]

    def stems(self) -> frozenset[str]:
        """Every stem that the question looks for."""
        return frozenset[str]().union(*(term.stems for term in self.terms))

    def places(self) -> dict[str, int]:
        """The place in `terms` of each stem; of the heaviest term that has it."""
        places: dict[str, int] = {}
        for place, term in enumerate(self.terms):
            for stem in term.stems:
                places.setdefault(stem, place)
        return places

    def matched(self, stems: AbstractSet[str]) -> frozenset[int]:
        """Places in `terms` of the terms that a text with these stems holds."""
        return frozenset(
            place for place, term in enumerate(self.terms) if not term.stems.isdisjoint(stems)
        )

    def share(self, matched: frozenset[int]) -> float:
        """The part of the question's weight that these terms make up, in [0, 1]."""
        if not self.terms:
            return 0.0
        return sum(self.terms[place].weight for place in matched) / self.weight


def analyse(text: str) -> Question:
    """The terms of a question in its own language, and how other languages' passages hold them.

    A word weighs what it tells in the language of the question: "maison" is no rarer in a French
    question because English lacks it. Stop words of that language are left out everywhere.
    """
    read = text[:MOST_CHARACTERS]
    language = detect_language(read)
    # The same text gives the same places in every language; only stems and stop words differ.
    own = tokens(read, language if language in LANGUAGES else "fr")
    stems: defaultdict[str, set[str]] = defaultdict(set)
    repeats: defaultdict[str, int] = defaultdict(int)
    spoken: list[str] = []
    for token, *readings in zip(own, *(tokens(read, each) for each in LANGUAGES), strict=True):
        if token.stop or (language not in LANGUAGES and any(each.stop for each in readings)):
            continue
        repeats[token.stem] += 1
        spoken.append(token.stem)
        stems[token.stem].update(reading.stem for reading in readings)
    terms = {
        stem: Term(frozenset(found), weight(stem, language) * min(repeats[stem], _MOST_REPEATS))
        for stem, found in stems.items()
    }
    kept = sorted(terms, key=lambda stem: (-terms[stem].weight, sorted(terms[stem].stems)))[
        :MOST_TERMS
    ]
    places = {stem: place for place, stem in enumerate(kept)}
    pairs = frozenset(
        (places[one], places[other])
        for one, other in pairwise(spoken)
        if one != other and one in places and other in places
    )
    return Question(text, language, tuple(terms[stem] for stem in kept), pairs)

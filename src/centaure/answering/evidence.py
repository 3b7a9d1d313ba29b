"""How well a passage, and each unit of it, covers what a question says."""

import math
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import PurePosixPath

from centaure.answering.questions import Question, Term
from centaure.answering.units import Unit, units_of
from centaure.answering.values import holds
from centaure.knowledge.language import tokens
from centaure.knowledge.retrieval import Hit

SAME, NEAR, RELATED = 1.0, 0.8, 0.75
"""What a term is worth found as itself, as a word of its family, as a word that means nearly the same."""
IN_CONTEXT, IN_HEADING, IN_TITLE, IN_NEIGHBOUR = 0.8, 0.75, 0.6, 0.5
"""What of that counts for a unit when the word stands in the lines above it, in the passage's headings,
in the document's title or name, in the sentence beside it."""

IN_PLACE = 0.9
"""What of it counts for a passage when the word stands in its headings or titles only."""

_SAME_WORDS = 0.6
_SHORTEST_FAMILY = 5
_FAMILY_PREFIX = 4
_LONGEST_ENDING = 4
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")


Vocabulary = Mapping[str, Sequence[str]]
"""The stems of a passage by their first letters."""


def readings(term: Term, language: str, vocabulary: Vocabulary) -> dict[str, float]:
    """The stems of a passage that stand for a term, and what each is worth."""
    stem = term.stems[language]
    alike = vocabulary.get(stem[:_FAMILY_PREFIX], ())
    found: dict[str, float] = {}
    if not term.strict:
        found = {other: NEAR for other in alike if _one_family(stem, other)}
        for related in term.related[language]:
            if related in vocabulary.get(related[:_FAMILY_PREFIX], ()):
                found[related] = RELATED
    if stem in alike:
        found[stem] = SAME
    return found


def same_words(one: Unit, other: Unit) -> bool:
    """Whether two units say nearly the same: most of the shorter one's words are in the longer one."""
    first, second = set(one.stems), set(other.stems)
    return len(first & second) > _SAME_WORDS * max(min(len(first), len(second)), 1)


def _best(values: Mapping[str, float], stems: frozenset[str]) -> float:
    best = 0.0
    for stem, value in values.items():
        if value > best and stem in stems:
            best = value
    return best


def _one_family(stem: str, other: str) -> bool:
    """Whether two stems begin alike enough to be one word with other endings."""
    shorter = min(len(stem), len(other))
    if shorter < _SHORTEST_FAMILY or abs(len(stem) - len(other)) > _LONGEST_ENDING:
        return False
    common = next((i for i in range(shorter) if stem[i] != other[i]), shorter)
    return common >= _SHORTEST_FAMILY and common >= 0.75 * max(len(stem), len(other))


@dataclass(frozen=True, slots=True)
class UnitEvidence:
    """What a unit says of the question.

    Attributes:
        unit: the unit.
        place: its rank in the passage.
        found: for each term, what its own words are worth.
        own: share of the question's weight in its own words, 0 to 1.
        share: the same, with what stands around it.
        answers: whether it holds the kind of value that is asked for; None when none is.
    """

    unit: Unit
    place: int
    found: tuple[float, ...]
    own: float
    share: float
    answers: bool | None

    @property
    def strength(self) -> float:
        """What it is worth as an answer."""
        strength = 0.5 * self.own + 0.5 * self.share
        if self.answers is not None:
            strength += 0.12 if self.answers else -0.08
        if self.unit.words < 4 and self.unit.header is None:
            strength -= 0.15
        return strength if self.unit.quotable else strength - 1


class PassageEvidence:
    """What a passage says of the question, computed when asked for."""

    def __init__(self, question: Question, passage: Hit) -> None:
        self.question = question
        self.passage = passage
        self.units = units_of(passage)
        language = passage.language
        self._unit_stems = [frozenset(unit.stems) for unit in self.units]
        contexts = (unit.context for unit in self.units)
        self._body = frozenset[str]().union(*self._unit_stems, *contexts)
        self._headings = _stems(" \n".join(passage.heading_path), language)
        name = PurePosixPath(passage.document.path).stem.replace("_", " ").replace("-", " ")
        self._titles = _stems(f"{passage.document.title}\n{name}", language)

    @cached_property
    def _readings(self) -> list[dict[str, float]]:
        """For each term, the passage's stems that stand for it."""
        vocabulary: defaultdict[str, list[str]] = defaultdict(list)
        for stem in sorted(self._body | self._headings | self._titles):
            vocabulary[stem[:_FAMILY_PREFIX]].append(stem)
        language = self.passage.language
        return [readings(term, language, vocabulary) for term in self.question.terms]

    @cached_property
    def found(self) -> tuple[float, ...]:
        """For each term, how well the passage holds it, with its headings and titles."""
        around = self._headings | self._titles
        return tuple(
            max(_best(values, self._body), IN_PLACE * _best(values, around))
            for values in self._readings
        )

    @cached_property
    def share(self) -> float:
        """The part of the question's weight that the passage holds, from 0 to 1."""
        return _share(self.question.terms, self.found)

    @cached_property
    def by_unit(self) -> list[UnitEvidence]:
        """Each unit's evidence, in order."""
        terms = self.question.terms
        # A row is said with the names of its columns, so these are its own words too.
        own = [
            tuple(
                max(
                    _best(values, stems),
                    IN_CONTEXT * _best(values, unit.context) if unit.header is not None else 0.0,
                )
                for values in self._readings
            )
            for unit, stems in zip(self.units, self._unit_stems, strict=True)
        ]
        placed = [
            max(IN_HEADING * _best(values, self._headings), IN_TITLE * _best(values, self._titles))
            for values in self._readings
        ]
        nothing = (0.0,) * len(terms)
        beside = (nothing, *own, nothing)
        result: list[UnitEvidence] = []
        for place, unit in enumerate(self.units):
            around = tuple(
                max(
                    here,
                    IN_CONTEXT * _best(values, unit.context),
                    elsewhere,
                    IN_NEIGHBOUR * max(before, after),
                )
                for values, here, elsewhere, before, after in zip(
                    self._readings,
                    own[place],
                    placed,
                    beside[place],
                    beside[place + 2],
                    strict=True,
                )
            )
            text = self.passage.text[unit.start : unit.end]
            answers = (
                None
                if self.question.kind is None
                else holds(self.question.kind, text, self.question.numbers)
            )
            result.append(
                UnitEvidence(
                    unit,
                    place,
                    own[place],
                    _share(terms, own[place]),
                    _share(terms, around),
                    answers,
                )
            )
        return result

    def says(self, evidence: UnitEvidence, place: int) -> bool:
        """Whether a unit, a line that it stands under or a heading of the passage holds a term.

        Args:
            evidence: that of one of its units.
            place: of the term in the question.
        """
        around = evidence.unit.context | self._headings
        return evidence.found[place] > 0 or _best(self._readings[place], around) > 0

    @cached_property
    def best(self) -> UnitEvidence | None:
        """The unit that answers best."""
        quotable = [evidence for evidence in self.by_unit if evidence.unit.quotable]
        return max(
            quotable, key=lambda evidence: (evidence.strength, -evidence.place), default=None
        )

    @cached_property
    def worth(self) -> float:
        """What ranks passages: search's score, coverage and the best unit together."""
        most = _MOST_PER_WEIGHT * self.question.weight or 1.0
        best = 0.0 if self.best is None else self.best.strength
        score = min(self.passage.score / most, 1.0)
        return 0.8 * score + 0.5 * self.share + 0.5 * best + 0.15 * self.near_pairs

    def repeats(self, other: "PassageEvidence") -> bool:
        """Whether its best unit is that of another passage in nearly the same words: a copy of it."""
        if self.best is None or other.best is None:
            return False
        return same_words(self.best.unit, other.best.unit)

    @cached_property
    def near_pairs(self) -> float:
        """Share of the question's neighbouring terms that stand near each other in the passage."""
        sequence = [stem for unit in self.units for stem in unit.stems]
        positions: dict[str, list[int]] = {}
        for place, stem in enumerate(sequence):
            positions.setdefault(stem, []).append(place)
        places = [
            [place for stem in values for place in positions.get(stem, ())]
            for values in self._readings
        ]
        pairs = list(pairwise(places))
        if not pairs:
            return 1.0 if places and places[0] else 0.0
        near = sum(any(abs(a - b) <= _NEAR_WORDS for a in one for b in two) for one, two in pairs)
        return near / len(pairs)


FEATURES = (
    "unit share",
    "search score",
    "margin",
    "names unseen",
    "near pairs",
    "few terms",
    "seen share",
    "heaviest unseen",
    "kind found",
)
"""What `features` gives: share of the question in the best unit's own words; the passage's search score
over the most it could be; its lead over the best passage of another document that is no copy of it;
share of the proper names that no passage holds; share of neighbouring words that stay near each other;
one over the root of the number of terms; share of the question that the passages hold together; share
of the heaviest word that none of them holds; whether the kind of value asked for is in the best unit."""

_GREATEST_MARGIN = 0.4
_USUAL_MARGIN = 0.1
"""What is taken when nothing else was found: a passage alone has beaten nobody."""
_NEAR_WORDS = 4
_MOST_PER_WEIGHT = 1.9
"""The most that search gives per nat of a question's weight (BM25 with k1 0.9)."""


def features(question: Question, evidence: Sequence[PassageEvidence]) -> tuple[float, ...]:
    """What tells whether the first passage answers the question, in the order of `FEATURES`.

    Args:
        question: the question, with at least one term.
        evidence: that of the passages that search found, the best first; at least one.
    """
    first, best, terms = evidence[0], evidence[0].best, question.terms
    elsewhere = [
        other.worth
        for other in evidence[1:]
        if other.passage.document.id != first.passage.document.id and not other.repeats(first)
    ]
    seen = [max(values) for values in zip(*(other.found for other in evidence), strict=True)]
    unseen = [(1 - value) * term.weight for value, term in zip(seen, terms, strict=True)]
    named = sum(term.weight for term in terms if term.name)
    unnamed = sum(
        term.weight * (1 - value) for term, value in zip(terms, seen, strict=True) if term.name
    )
    return (
        best.own if best else 0.0,
        min(first.passage.score / (_MOST_PER_WEIGHT * question.weight), 1.0),
        min(first.worth - max(elsewhere), _GREATEST_MARGIN) if elsewhere else _USUAL_MARGIN,
        unnamed / named if named else 0.0,
        first.near_pairs,
        1 / math.sqrt(len(terms)),
        _share(terms, seen),
        max(unseen) / question.weight,
        1.0 if best and best.answers else 0.0,
    )


def contradicted(question: Question, first: PassageEvidence) -> bool:
    """Whether the question insists on what the passage does not say: another year, another reference.

    A year counts where the passage names years but not that one; a reference ("MNT-007") wherever it
    is missing. Public sets hold too few such questions to learn this from.
    """
    passage = first.passage
    said = set(_YEAR.findall("\n".join((passage.text, *passage.heading_path))))
    named = set(_YEAR.findall(f"{passage.document.title}\n{passage.document.path}"))
    for term, value in zip(question.terms, first.found, strict=True):
        if not term.strict or not term.own or value:
            continue
        if not _YEAR.fullmatch(term.word):
            return True
        if (said or named) and term.word not in said | named:
            return True
    return False


def _stems(text: str, language: str) -> frozenset[str]:
    return frozenset(token.stem for token in tokens(text[:2000], language) if not token.stop)


def _share(terms: Sequence[Term], found: Sequence[float]) -> float:
    total = sum(term.weight for term in terms)
    if not total:
        return 0.0
    return sum(term.weight * value for term, value in zip(terms, found, strict=True)) / total

"""A question as the index is asked: weighted terms, in each language that a passage may be in."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Protocol

from centaure.knowledge.language import detect_language, stem, tokens, weight
from centaure.knowledge.retrieval.forms import written_otherwise
from centaure.knowledge.retrieval.impacts import sparse_vector
from centaure.knowledge.retrieval.spelling import Correction
from centaure.knowledge.retrieval.terms import term_number
from centaure.knowledge.retrieval.wordings import Reason, Wording

LANGUAGES = ("fr", "en")
MOST_TERMS = 24
"""Distinct terms of a question, the most telling ones; a spoken question has about six."""
MOST_CHARACTERS = 20_000
"""Characters of a question that are read."""
MOST_EXPANSIONS = 12
"""Expansions of a question, the heaviest first."""
_MOST_REPEATS = 3
_ABROAD = 2.0
"""Nats that a word of another language tells more in the question's: else it is a word of both."""
_OF_BOTH = 0.25
"""What a translation counts, times its factor, when all its words are of both."""


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
class Words:
    """The words of a question in order, as a thesaurus is asked.

    Attributes:
        language: Of the question: "fr", "en" or "simple".
        readings: By language, the stem of each word; None for a stop word. Places are the same in each.
    """

    language: str
    readings: Mapping[str, tuple[str | None, ...]]


class Thesaurus(Protocol):
    """Knows other words for those of a question."""

    def wordings(self, words: Words) -> Sequence[Wording]:
        """What it has for any stretch of the words."""
        ...


@dataclass(frozen=True, slots=True)
class Expansion:
    """Other words that are looked for beside some of the question's.

    Attributes:
        places: Places in `Question.terms` of the terms that they stand for.
        words: The words; together they weigh what those terms do, or what the words tell where that is
            less, times the factor.
        factor: In (0, 1].
        reason: Why.
    """

    places: frozenset[int]
    words: tuple[Term, ...]
    factor: float
    reason: Reason


@dataclass(frozen=True, slots=True)
class Question:
    """An analysed question.

    Attributes:
        text: As it was asked.
        language: "fr", "en" or "simple".
        terms: The most telling first; none when there is nothing to look for.
        pairs: Places in `known` of the words that follow each other in it, stop words aside.
        expansions: Other words for some of the terms, the heaviest first.
        others: The words of expansions that the terms lack, each stem once.
    """

    text: str
    language: str
    terms: tuple[Term, ...]
    pairs: frozenset[tuple[int, int]] = frozenset()
    expansions: tuple[Expansion, ...] = ()
    others: tuple[Term, ...] = ()

    @property
    def weight(self) -> float:
        """What all terms tell together."""
        return sum(term.weight for term in self.terms)

    @property
    def known(self) -> tuple[Term, ...]:
        """The terms, then the words of expansions."""
        return self.terms + self.others

    @property
    def asked(self) -> tuple[Term, ...]:
        """What is looked for, the heaviest first."""
        if not self.others:
            return self.terms
        return tuple(sorted(self.known, key=_heaviest_first)[:MOST_TERMS])

    def vector(self) -> str:
        """Weight of each term number, as PostgreSQL reads a `sparsevec`."""
        weights: dict[int, float] = {}
        for term in self.asked:
            for number in map(term_number, term.stems):
                weights[number] = max(term.weight, weights.get(number, 0))
        return sparse_vector(weights)

    def alternatives(self) -> list[str]:
        """For each term its numbers, joined as PostgreSQL's `tsquery` writes "or"."""
        return [
            "|".join(sorted(str(term_number(stem)) for stem in term.stems)) for term in self.asked
        ]

    def weights(self) -> list[float]:
        """What each term weighs, the heaviest first."""
        return [term.weight for term in self.asked]

    def stems(self) -> frozenset[str]:
        """Every stem that the question looks for."""
        return frozenset[str]().union(*(term.stems for term in self.asked))

    def places(self) -> dict[str, int]:
        """The place in `known` of each stem; of the first that has it."""
        places: dict[str, int] = {}
        for place, term in enumerate(self.known):
            for one in term.stems:
                places.setdefault(one, place)
        return places

    def matched(self, stems: AbstractSet[str]) -> frozenset[int]:
        """Places in `terms` of the terms that a text with these stems holds, itself or in other words."""
        own = frozenset(
            place for place, term in enumerate(self.terms) if not term.stems.isdisjoint(stems)
        )
        said = (
            expansion.places
            for expansion in self.expansions
            if not any(word.stems.isdisjoint(stems) for word in expansion.words)
        )
        return own.union(*said)

    def share(self, matched: frozenset[int]) -> float:
        """The part of the question's weight that these terms make up, in [0, 1]."""
        if not self.terms:
            return 0.0
        return sum(self.terms[place].weight for place in matched) / self.weight


def analyse(text: str, thesaurus: Thesaurus | None = None) -> Question:
    """The terms of a question in its own language, and how other languages' passages hold them.

    A word weighs what it tells in the language of the question: "maison" is no rarer in a French
    question because English lacks it. Stop words of that language are left out everywhere.

    Args:
        text: What was asked.
        thesaurus: Gives other words to look for; None: the question's own only.
    """
    read = text[:MOST_CHARACTERS]
    language = detect_language(read)
    # The same text gives the same places in every language; only stems and stop words differ.
    readings = {each: tokens(read, each) for each in LANGUAGES}
    own = readings[language if language in LANGUAGES else "fr"]
    stops = [
        token.stop or (language not in LANGUAGES and any(each.stop for each in others))
        for token, *others in zip(own, *readings.values(), strict=True)
    ]
    stems: defaultdict[str, set[str]] = defaultdict(set)
    repeats: defaultdict[str, int] = defaultdict(int)
    for token, stop, *others in zip(own, stops, *readings.values(), strict=True):
        if not stop:
            repeats[token.stem] += 1
            stems[token.stem].update(reading.stem for reading in others)
    weighed = {
        stem: Term(frozenset(found), weight(stem, language) * min(repeats[stem], _MOST_REPEATS))
        for stem, found in stems.items()
    }
    kept = sorted(weighed, key=lambda stem: _heaviest_first(weighed[stem]))[:MOST_TERMS]
    terms = tuple(weighed[stem] for stem in kept)
    places = {stem: place for place, stem in enumerate(kept)}
    spoken = [None if stop else token.stem for token, stop in zip(own, stops, strict=True)]
    pairs = frozenset(
        (places[one], places[other])
        for one, other in pairwise(stem for stem in spoken if stem is not None)
        if one != other and one in places and other in places
    )
    question = Question(text, language, terms, pairs)
    wordings = written_otherwise(read, own)
    if thesaurus is not None:
        words = Words(
            language,
            {
                each: tuple(
                    None if stop else token.stem for token, stop in zip(found, stops, strict=True)
                )
                for each, found in readings.items()
            },
        )
        wordings += thesaurus.wordings(words)
    if not wordings:
        return question
    standing = [None if stem is None else places.get(stem) for stem in spoken]
    said = (_expansion(wording, language, terms, standing) for wording in wordings)
    expansions = {each.reason: each for each in said if each is not None}
    heaviest = sorted(expansions.values(), key=_heaviest_expansion_first)
    return _expanded(question, heaviest[:MOST_EXPANSIONS])


def corrected(question: Question, corrections: Sequence[Correction]) -> Question:
    """The question with words that documents hold, beside those that were typed wrong."""
    places = question.places()
    expansions: list[Expansion] = []
    for correction in corrections:
        typed = {stem(correction.typed, each) for each in LANGUAGES}
        stood = frozenset(places[one] for one in typed if one in places)
        meant = frozenset(stem(correction.word, each) for each in LANGUAGES)
        told = min(weight(one, question.language) for one in meant)
        if stood:
            reason = Reason("spelling", correction.typed, correction.word)
            expansions.append(Expansion(stood, (Term(meant, told),), 1.0, reason))
    return _expanded(question, (*expansions, *question.expansions))


def _expanded(question: Question, expansions: Sequence[Expansion]) -> Question:
    """The question with expansions: their words, each stem once, at its largest weight, and their pairs."""
    known = set[str]().union(*(term.stems for term in question.terms))
    others: list[Term] = []
    words = [word for expansion in expansions for word in expansion.words]
    for word in sorted(words, key=_heaviest_first):
        if new := word.stems - known:
            others.append(Term(new, word.weight))
            known |= new
    expanded = replace(question, expansions=tuple(expansions), others=tuple(others))
    places = expanded.places()
    pairs = {
        (places[one], places[other])
        for expansion in expansions
        for first, second in pairwise(expansion.words)
        for one in first.stems
        for other in second.stems
        if places[one] != places[other]
    }
    # Pairs of earlier expansions are among these again, under the places that their words have now.
    spoken = {pair for pair in question.pairs if max(pair) < len(question.terms)}
    return replace(expanded, pairs=frozenset(spoken | pairs))


def _expansion(
    wording: Wording, language: str, terms: Sequence[Term], spoken: Sequence[int | None]
) -> Expansion | None:
    """A wording weighed as the terms that it stands for; None where it says nothing more than they do.

    A translation is looked for by the words that passages in the question's language do not hold; where
    they may hold them all ("training" and the French "train" have one stem), it counts for little.
    """
    places = frozenset(place for place in spoken[wording.start : wording.end] if place is not None)
    own = frozenset[str]().union(*(terms[place].stems for place in places))
    found = other_words(wording.words, wording.language)
    factor = wording.factor
    if language in LANGUAGES and wording.language not in (language, "simple"):
        abroad = [
            (stems, told)
            for stems, told in found
            if all(weight(stem, language) > told + _ABROAD for stem in stems)
        ]
        found, factor = (abroad, factor) if abroad else (found, factor * _OF_BOTH)
    if not places or not found or all(stems & own for stems, _ in found):
        return None
    # As if these words had been asked for, but no more than what was.
    said = sum(weight for _, weight in found)
    share = factor * min(said, sum(terms[place].weight for place in places)) / said
    words = tuple(Term(stems, weight * share) for stems, weight in found)
    return Expansion(places, words, factor, wording.reason)


def other_words(text: str, language: str) -> list[tuple[frozenset[str], float]]:
    """The stems and the weight of each telling word of an expression; "simple": as either language reads."""
    readings = LANGUAGES if language == "simple" else (language,)
    found: dict[frozenset[str], float] = {}
    for each in zip(*(tokens(text, reading) for reading in readings), strict=True):
        if not any(token.stop for token in each):
            stems = frozenset(token.stem for token in each)
            found[stems] = weight(each[0].stem, language)
    return list(found.items())


def _heaviest_first(term: Term) -> tuple[float, list[str]]:
    return -term.weight, sorted(term.stems)


def _heaviest_expansion_first(expansion: Expansion) -> tuple[float, str, str]:
    total = sum(word.weight for word in expansion.words)
    return -total, expansion.reason.kind, str(expansion.reason)

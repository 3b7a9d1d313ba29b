"""Soft evidence: how much of a sentence's words its window has, clause by clause, and in which order."""

from collections.abc import Callable, Sequence
from itertools import pairwise

from centaure.answering.groundedness.alignment import Alignment
from centaure.answering.groundedness.evidence import Evidence, Finding
from centaure.answering.groundedness.nouns import noun_places
from centaure.answering.groundedness.sources import SourceStatement
from centaure.answering.groundedness.statements import HEAVIEST, Statement
from centaure.answering.groundedness.words import general
from centaure.knowledge.language.stopwords import STOP_WORDS

_LEAST_CLAUSE = 9.0
_TELLING = 4.0
_QUESTIONED = 0.5
"""What a word that the passages lack counts where the question itself has it."""
_REWORDING = 0.3
"""What a word that the passages lack counts where it is one of those with which one rewords."""
_NO_THING = 0.5
"""What one that the passages lack counts where it seems to name no thing."""

Similarity = Callable[[str, str], float]
"""How near two texts are in meaning, 0 to 1."""


def cover(  # noqa: PLR0913, PLR0917 - everything that soft evidence rests on
    evidence: Evidence,
    said: Statement,
    window: Sequence[SourceStatement],
    alignment: Alignment,
    question: Statement,
    similarity: Similarity | None,
) -> None:
    values, terms = evidence.values, said.terms
    asked = question.stems
    rewording = general(said.language)
    things = noun_places(said.text, STOP_WORDS.get(said.language, frozenset()))
    weights = [
        term.weight
        * (_QUESTIONED if term.stem in asked and not found else 1.0)
        * (_REWORDING if term.stem in rewording and not found else 1.0)
        * (1.0 if found or term.start in things else _NO_THING)
        for term, found in zip(terms, alignment.found, strict=True)
    ]
    total = sum(weights)
    if not total:
        values |= {"covered first": 1.0, "covered": 1.0, "covered anywhere": 1.0, "worst clause": 1.0,
                   "in order": 1.0}  # fmt: skip
    else:
        for name, found in (
            ("covered first", alignment.first),
            ("covered", alignment.found),
            ("covered anywhere", alignment.anywhere),
        ):
            values[name] = sum(w * f for w, f in zip(weights, found, strict=True)) / total
        if similarity is not None:
            near = similarity(said.text, " ".join(each.text for each in window))
            values["covered"] += (1 - values["covered"]) * max(0.0, 2 * near - 1)
        _clauses(evidence, said, alignment, weights)
        values["in order"] = _in_order(window[0], alignment)
    triples = said.triples
    if triples:
        shared = [triples & each.triples for each in window]
        best = max(len(each) for each in shared)
        copied = values["triples"] = best / len(triples)
        values["edited copy"] = 4 * copied * (1 - copied)
        values["spliced"] = (len(frozenset[tuple[str, str, str]]().union(*shared)) - best) / len(
            triples
        )
    else:
        values["triples"] = values["covered"]


def _clauses(
    evidence: Evidence, said: Statement, alignment: Alignment, weights: Sequence[float]
) -> None:
    """The clause that is covered least, and the heaviest word that is missing."""
    clauses: list[list[int]] = []
    held = 0.0
    for place, term in enumerate(said.terms):
        new = not clauses or (
            said.terms[clauses[-1][-1]].clause != term.clause and held >= _LEAST_CLAUSE
        )
        if new:
            clauses.append([])
            held = 0.0
        clauses[-1].append(place)
        held += term.weight
    if len(clauses) > 1 and held < _LEAST_CLAUSE:
        last = clauses.pop()
        clauses[-1].extend(last)
    worst, missing = 1.0, ""
    for clause in clauses:
        weight = sum(weights[place] for place in clause)
        share = sum(weights[place] * alignment.found[place] for place in clause) / (weight or 1.0)
        if share < worst:
            worst = share
            first, last = said.terms[clause[0]], said.terms[clause[-1]]
            missing = said.text[first.start : last.start + len(last.word)]
    evidence.values["worst clause"] = worst
    evidence.values["unheard"] = max(0.0, 1 - 2 * worst)
    lost = [
        weight
        for weight, there in zip(weights, alignment.anywhere, strict=True)
        if there == 0 and weight > _TELLING
    ]
    evidence.values["unknown words"] = max(0.0, 2 * sum(lost) / (sum(weights) or 1.0) - 1)
    heaviest = max(
        (
            (weight * (1 - found), place)
            for place, (weight, found) in enumerate(zip(weights, alignment.found, strict=True))
        ),
        default=(0.0, 0),
    )
    evidence.values["heaviest missing"] = min(heaviest[0] / HEAVIEST, 1.0)
    if worst < 0.6:
        evidence.findings.append(Finding("invention", missing, weight=0.8 * (1 - worst)))
    elif heaviest[0] > _TELLING:
        term = said.terms[heaviest[1]]
        word = said.text[term.start : term.start + len(term.word)]
        evidence.findings.append(Finding("word", word, weight=0.3 * heaviest[0] / HEAVIEST))


def _in_order(source: SourceStatement, alignment: Alignment) -> float:
    """The share of neighbouring telling words that are near, and in the same order, in the source."""
    places = [source.places.get(stem, []) if stem else [] for stem in alignment.stems]
    pairs = [
        any(-2 <= later - earlier <= 4 and later != earlier for earlier in one for later in other)
        for one, other in pairwise(places)
    ]
    ordered = [
        any(0 < later - earlier <= 3 for earlier in one for later in other)
        for one, other in pairwise(places)
    ]
    if not pairs:
        return 1.0 if any(places) else 0.0
    return (0.4 * sum(pairs) + 0.6 * sum(ordered)) / len(pairs)

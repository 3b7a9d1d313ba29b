"""Where the sources say what a sentence says: the sentences of a passage that stand behind it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from centaure.answering.groundedness.comparison import bears_moment, bears_quantity
from centaure.answering.groundedness.quantities import Quantity
from centaure.answering.groundedness.sources import Sources, SourceStatement
from centaure.answering.groundedness.statements import Statement, Term
from centaure.answering.groundedness.words import forms, same
from centaure.knowledge.language import weight

EXACT, FAMILY, SYNONYM, ABOVE = 1.0, 0.9, 0.75, 0.85
"""What a word is worth found as itself, as one of its family, as a word for the same thing; ABOVE is
what of it counts in the lines above a sentence."""
_MOST = 3
_LEAST_GAIN = 0.06
_NEIGHBOUR = 1.25
_FIGURE_WEIGHT = 9.0
_CONTEXT = 0.25
_FOLLOWING = 0.1
_TRIPLES = 4.0
_TRIED = 16


@dataclass(slots=True)
class Alignment:
    """What stands behind a sentence.

    Attributes:
        window: numbers of the one to three statements of the sources, the best first.
        found: for each term, what it is worth in the window.
        first: the same in the best statement alone.
        near: the same in the best statement, those beside it and the first of its passage.
        anywhere: the same in all the sources.
        stems: for each term, the stem by which the best statement has it.
        worth: for each statement that shares a word, the share of the weight that it covers.
    """

    window: tuple[int, ...]
    found: list[float]
    first: list[float]
    near: list[float]
    anywhere: list[float]
    stems: list[str | None]
    worth: Mapping[int, float]


def align(  # noqa: C901, PLR0912 - candidates, the best of them, then what adds to it
    said: Statement,
    sources: Sources,
    allowed: frozenset[int] | None,
    context: frozenset[str] = frozenset(),
    before: int | None = None,
) -> Alignment | None:
    """The best window for a sentence; None where there is nothing to compare with.

    Args:
        said: the sentence.
        sources: the passages.
        allowed: numbers of the statements that it cites; None for all.
        context: stems of the question and of the sentence before, which a pronoun may stand for.
        before: number of the statement that bears the sentence before out best.
    """
    terms = said.terms
    readings = [_readings(term, sources, said.language) for term in terms]
    scores: dict[int, list[float]] = {}
    by: dict[int, list[str | None]] = {}
    for place, values in enumerate(readings):
        for stem, value in values.items():
            for numbers, share in (
                (sources.by_stem.get(stem, ()), 1.0),
                (sources.above.get(stem, ()), ABOVE),
            ):
                for number in numbers:
                    if allowed is not None and number not in allowed:
                        continue
                    row = scores.get(number)
                    if row is None:
                        row = scores[number] = [0.0] * len(terms)
                        by[number] = [None] * len(terms)
                    if value * share > row[place]:
                        row[place] = value * share
                        if share == 1.0:
                            by[number][place] = stem
    if not scores:
        return _by_figures(said, sources, allowed)
    weights = [term.weight for term in terms]
    total = sum(weights) or 1.0
    plain = {number: _sum(row, weights) for number, row in scores.items()}
    for number in plain:
        statement = sources.statements[number]
        around = statement.stems | statement.around.stems if statement.above else statement.stems
        plain[number] += _CONTEXT * sum(weight(stem, said.language) for stem in context & around)
        if before is not None and _beside(number, [before], sources):
            plain[number] += _FOLLOWING * total
    tried = sorted(plain, key=lambda number: (-plain[number], number))[:_TRIED]
    best = max(
        tried,
        key=lambda number: (plain[number] + _figures(said, sources.statements[number]), -number),
    )
    window, found = [best], list(scores[best])
    while len(window) < _MOST:
        gains = {
            number: _gain(found, row, weights)
            * (_NEIGHBOUR if _beside(number, window, sources) else 1.0)
            for number, row in scores.items()
            if number not in window
        }
        following = max(gains, key=lambda number: (gains[number], -number), default=None)
        if following is None or gains[following] < _LEAST_GAIN * total:
            break
        window.append(following)
        found = [max(pair) for pair in zip(found, scores[following], strict=True)]
    anywhere = _best_of(scores, scores, len(terms))
    return Alignment(
        tuple(window),
        found,
        scores[best],
        _best_of(scores, _around(best, sources), len(terms)),
        anywhere,
        by[best],
        {number: value / total for number, value in plain.items()},
    )


def _by_figures(
    said: Statement, sources: Sources, allowed: frozenset[int] | None
) -> Alignment | None:
    """The best statement for a sentence whose words are nowhere, by its figures and dates."""
    numbers = [n for n in range(len(sources.statements)) if allowed is None or n in allowed]
    worth = {n: _figures(said, sources.statements[n]) for n in numbers[:200]}
    best = max(worth, key=lambda n: (worth[n], -n), default=None)
    if best is None:
        return None
    nothing = [0.0] * len(said.terms)
    return Alignment((best,), nothing, nothing, nothing, nothing, [None] * len(said.terms), {})


def _sum(row: list[float], weights: list[float]) -> float:
    return sum(value * telling for value, telling in zip(row, weights, strict=True))


def _gain(found: list[float], row: list[float], weights: list[float]) -> float:
    return sum(
        (theirs - ours) * telling
        for ours, theirs, telling in zip(found, row, weights, strict=True)
        if theirs > ours
    )


def _best_of(scores: Mapping[int, list[float]], numbers: Iterable[int], count: int) -> list[float]:
    """For each term, the most that it is worth in any of some statements."""
    rows = [scores[number] for number in numbers if number in scores]
    return [max((row[place] for row in rows), default=0.0) for place in range(count)]


def _around(best: int, sources: Sources) -> list[int]:
    """A statement, those beside it and the first of its passage."""
    passage = sources.statements[best].passage
    numbers = [
        each
        for each in (best - 1, best, best + 1)
        if 0 <= each < len(sources.statements) and sources.statements[each].passage == passage
    ]
    first = next(
        number for number, each in enumerate(sources.statements) if each.passage == passage
    )
    return [*numbers, first]


def _beside(number: int, window: list[int], sources: Sources) -> bool:
    one = sources.statements[number]
    return any(
        one.passage == other.passage and abs(one.place - other.place) <= 1
        for other in (sources.statements[each] for each in window)
    )


def _figures(said: Statement, source: SourceStatement) -> float:
    worth = sum(_borne(each, source) for each in said.quantities if source.quantities)
    worth += sum(
        bears_moment(each, source.moments).grade for each in said.moments if source.moments
    )
    shared = len(said.triples & source.triples) / max(len(said.triples), 1)
    return _FIGURE_WEIGHT * worth + _TRIPLES * shared


def _borne(said: Quantity, source: SourceStatement) -> float:
    """How far a statement bears out a figure; both ends of a range count too."""
    whole = bears_quantity(said, source.quantities).grade
    if said.low == said.high:
        return whole
    ends = [replace(said, low=value, high=value) for value in (said.low, said.high)]
    return max(whole, sum(bears_quantity(end, source.quantities).grade for end in ends) / 2)


def _readings(term: Term, sources: Sources, language: str) -> Mapping[str, float]:
    """The stems of the sources that stand for a term, and what each is worth."""
    stem = term.stem
    found: dict[str, float] = {}
    for other in sources.families.get(stem[:3], ()):
        if other == stem:
            found[other] = EXACT
        elif akin(stem, other):
            found[other] = FAMILY
    for other in forms(sources.language if sources.language != "simple" else language).get(
        stem, ()
    ):
        if other in sources.families.get(other[:3], ()):
            found.setdefault(other, FAMILY)
    for other in same(
        stem, term.word, sources.language if sources.language != "simple" else language
    ):
        for held in sources.families.get(other[:3], ()):
            if held not in found and (held == other or akin(other, held)):
                found[held] = SYNONYM
    return found


def akin(stem: str, other: str) -> bool:
    """Whether two stems begin alike enough to be one word with other endings."""
    if stem == other:
        return True
    shorter, longer = sorted((len(stem), len(other)))
    if shorter == 3:
        return longer - shorter <= 2 and (stem.startswith(other) or other.startswith(stem))
    if shorter < 4 or longer - shorter > 5:
        return False
    common = next((i for i in range(shorter) if stem[i] != other[i]), shorter)
    return common >= 4 and common >= 0.6 * longer

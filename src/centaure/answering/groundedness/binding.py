"""What the clauses of a source bind to each of its figures and dates, against what a sentence binds to them.

"320 € for complex lenses and 180 € for simple ones": a clause without words before its figure shares those
that stand before the figure of the clause before it.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from centaure.answering.groundedness.alignment import Alignment
from centaure.answering.groundedness.comparison import bears_moment, bears_quantity
from centaure.answering.groundedness.dates import Moment
from centaure.answering.groundedness.evidence import Evidence, Finding
from centaure.answering.groundedness.quantities import Quantity
from centaure.answering.groundedness.sources import SourceStatement
from centaure.answering.groundedness.statements import Statement

_CUT = re.compile(
    r"[,;(]\s?|\)\s|\s(?=(?:et|and|ou|or|mais|but|contre|puis|then|while|whereas|against)\s)"
)
_HELD = 0.9
_LEAST = 2.0
"""Weight, in nats, below which the words beside a figure do not tell it from another."""

_Figure = Quantity | Moment


@dataclass(frozen=True, slots=True)
class _Bound:
    """A figure of a source with the stems that its clause binds to it."""

    figure: _Figure
    stems: frozenset[str]


def compare_bindings(
    evidence: Evidence, said: Statement, source: SourceStatement, alignment: Alignment
) -> None:
    """Figures and dates that the sentence binds to the words of another one of the source."""
    held = {
        stem: term.weight
        for term, stem in zip(said.terms, alignment.stems, strict=True)
        if stem is not None
    }
    if not held:
        return
    for ours, theirs in (
        (said.quantities, source.quantities),
        (said.moments, source.moments),
    ):
        if ours and len(theirs) > 1:
            _compare(evidence, said, ours, _bound(source, theirs), held)


def _compare(
    evidence: Evidence,
    said: Statement,
    ours: Sequence[_Figure],
    theirs: Sequence[_Bound],
    held: dict[str, float],
) -> None:
    borne = {id(each): [one for one in theirs if _bears(each, one.figure)] for each in ours}
    taken = {id(one) for found in borne.values() for one in found}
    for each in ours:
        mine = borne[id(each)]
        rivals = [
            one
            for one in theirs
            if id(one) not in taken and mine and _alike(one.figure, mine[0].figure)
        ]
        if not rivals:
            continue
        own = frozenset[str]().union(*(one.stems for one in mine))
        best = max(_weight(one.stems - own, held) for one in rivals)
        against = best / (best + max(_weight(own - one.stems, held) for one in rivals) + _LEAST)
        if best > _LEAST:
            written = said.text[each.start : each.end]
            evidence.against("misbound", against, Finding("pairing", written, weight=against))


def _bound(source: SourceStatement, figures: Sequence[_Figure]) -> list[_Bound]:
    """Each figure with the stems of its clause, and the head that it shares with the one before."""
    cuts = [match.end() for match in _CUT.finditer(source.text)]
    clauses: dict[int, set[str]] = {}
    before: dict[int, set[str]] = {}
    first: dict[int, int] = {}
    for figure in figures:
        first.setdefault(bisect_right(cuts, figure.start), figure.start)
    for term in source.terms:
        place = bisect_right(cuts, term.start)
        clauses.setdefault(place, set()).add(term.stem)
        if term.start < first.get(place, 0):
            before.setdefault(place, set()).add(term.stem)
    found: list[_Bound] = []
    head: set[str] = set()
    for figure in sorted(figures, key=lambda each: each.start):
        place = bisect_right(cuts, figure.start)
        if before.get(place):
            head = before[place]
        found.append(_Bound(figure, frozenset(clauses.get(place, set()) | head)))
    return found


def _bears(said: _Figure, source: _Figure) -> bool:
    if isinstance(said, Quantity) and isinstance(source, Quantity):
        return bears_quantity(said, [source]).grade >= _HELD
    if isinstance(said, Moment) and isinstance(source, Moment):
        return bears_moment(said, [source]).grade >= _HELD
    return False


def _alike(one: _Figure, other: _Figure) -> bool:
    if isinstance(one, Quantity) and isinstance(other, Quantity):
        return one.unit == other.unit
    if isinstance(one, Moment) and isinstance(other, Moment):
        return (one.weekday is None) == (other.weekday is None)
    return False


def _weight(stems: frozenset[str], held: dict[str, float]) -> float:
    return sum(held.get(stem, 0.0) for stem in stems)

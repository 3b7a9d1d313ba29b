"""Whether a source bears out one figure, one date or one name."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from centaure.answering.groundedness.dates import Moment, agrees, opposed
from centaure.answering.groundedness.quantities import HOUR, MONTH, Quantity, exclusive

ROUNDED = 0.95
"""What a figure that only agrees after rounding is worth."""
DERIVED = 0.85
"""What a sum or a difference of two figures of the source is worth."""
_WIDEST_ROUNDING = 0.05
_ABOUT = 0.1
_MEAN_MONTH = 0.025
"""Share by which months and days may differ: a month has 28 to 31 days."""


@dataclass(frozen=True, slots=True)
class Borne:
    """How far a source bears something out.

    Attributes:
        grade: 1 wholly, 0 not at all.
        source: the figure or date of the source that is nearest.
        clash: what is wrong where it is not the value: "bound" or "unit".
    """

    grade: float
    source: Quantity | Moment | None = None
    clash: str = ""


def bears_quantity(said: Quantity, sources: Sequence[Quantity], *, derived: bool = False) -> Borne:
    """How far the figures of a source bear one out: the same, rounded, or as a sum or difference.

    Args:
        said: the figure.
        sources: those of the source.
        derived: whether the sentence speaks of a total or a difference.
    """
    best = Borne(0.0)
    for each in sources:
        grade = _alike(said, each)
        clash = ""
        if grade and exclusive(said, each):
            grade, clash = 0.2, "unit"
        elif grade and said.bound and each.bound and said.bound != each.bound:
            grade, clash = 0.2, "bound"
        if grade > best.grade:
            best = Borne(grade, each, clash)
    if best.grade >= 0.5 or said.unit == "ordinal":
        return best
    if derived and (source := _derived(said, sources)) is not None:
        return Borne(DERIVED, source)
    if best.source is None:
        near = [each for each in sources if each.unit == said.unit]
        nearest = min(near, key=lambda each: abs(each.low - said.low), default=None)
        if nearest is None:
            nearest = next((each for each in sources if _value_alike(said, each)), None)
        return Borne(0.0, nearest)
    return best


def _derived(said: Quantity, sources: Sequence[Quantity]) -> Quantity | None:
    """A figure of the source that makes up the one that is said, as part of a sum or of a difference."""
    same = [each for each in sources if each.unit == said.unit and each.low == each.high]
    if not 2 <= len(same) <= 12 or said.low != said.high:
        return None
    values = [sum(each.low for each in same)]
    for one, other in combinations(same, 2):
        values += [one.low + other.low, abs(one.low - other.low)]
    return same[0] if any(_close(value, said.low, 1e-6) for value in values) else None


def _value_alike(said: Quantity, source: Quantity) -> bool:
    return math.isclose(said.low / said.step, source.low / source.step, rel_tol=1e-6)


def _alike(said: Quantity, source: Quantity) -> float:  # noqa: C901, PLR0911, PLR0912 - one way to agree after the other
    if said.unit != source.unit:
        # A table has its unit in its header: "Prix (€)".
        bare = "" in {said.unit, source.unit} and "ordinal" not in {said.unit, source.unit}
        plain = said if said.unit == "" else source
        other = source if plain is said else said
        if bare and math.isclose(plain.low, other.low / other.step):
            return 0.9 if plain is said else 0.7
        clock = bare and plain is said and other.unit == "time" and other.step <= HOUR
        if clock and _close(plain.low * HOUR % (12 * HOUR), other.low % (12 * HOUR), 1e-6):
            return 0.9
        if {said.unit, source.unit} == {"%", "point"} and _close(said.low, source.low, 1e-9):
            return 0.3
        return 0.0
    ends = [(said.low, source.low), (said.high, source.high)]
    if all(_close(ours, theirs, 1e-6) for ours, theirs in ends):
        return 1.0
    if said.unit == "time" and (said.step >= MONTH) != (source.step >= MONTH):
        longest = max(said.low, source.low)
        if longest >= 25 * 86_400 and all(_close(*each, _MEAN_MONTH) for each in ends):
            return 0.9
    if source.low < source.high and said.low == said.high:
        at_end = any(_close(said.low, end, 1e-6) for end in (source.low, source.high))
        fits = {"<=": source.high, ">=": source.low}.get(said.bound)
        if fits is not None:
            return 0.9 if _close(said.low, fits, 1e-6) else 0.0
        if at_end:
            return 0.9 if said.unit == "time" and said.step <= HOUR else 0.6
        if said.unit == "time" and _close(said.low, source.high - source.low, 1e-6):
            return 0.9
        return 0.6 if said.approximate and source.low < said.low < source.high else 0.0
    if said.low < said.high and source.low == source.high:
        return (
            0.4
            if _close(source.low, said.low, 1e-6) or _close(source.low, said.high, 1e-6)
            else 0.0
        )
    if all(_rounds(said, theirs, ours) for ours, theirs in ends):
        return ROUNDED
    if source.approximate and said.approximate and all(_close(*each, _ABOUT) for each in ends):
        return 0.7
    return 0.0


def _close(one: float, other: float, share: float) -> bool:
    return math.isclose(one, other, rel_tol=share, abs_tol=1e-9)


def _rounds(said: Quantity, theirs: float, ours: float) -> bool:
    """Whether the source's value, rounded as the sentence rounds, is the sentence's."""
    if theirs == 0 or not (said.approximate or said.scaled or said.unit == "%"):
        return False
    if abs(ours - theirs) > _WIDEST_ROUNDING * abs(theirs):
        return False
    if said.unit == "%" and not said.approximate and abs(ours - theirs) >= 0.5:
        return False
    magnitude = math.floor(math.log10(abs(theirs)))
    for digits in {said.digits, said.digits + 1}:
        scale = 10.0 ** (magnitude - digits + 1)
        if _close(round(theirs / scale) * scale, ours, 1e-6):
            return said.approximate or said.digits >= 2 or said.unit == "%"
    return said.approximate


def bears_moment(said: Moment, sources: Iterable[Moment]) -> Borne:
    """How far the dates of a source bear one out."""
    best = Borne(0.0)
    found = list(sources)
    for each in found:
        grade, clash = agrees(said, each), ""
        if grade == 1.0 and opposed(said, each):
            grade, clash = 0.2, "bound"
        if grade > best.grade:
            best = Borne(grade, each, clash)
    if best.grade == 0:
        if said.year is not None and not said.months:
            years = [each.year for each in found if each.year is not None and not each.months]
            if any(one < said.year < other for one, other in pairwise(sorted(years))):
                return Borne(0.3, next(each for each in found if each.year is not None))
        alike = [each for each in found if (each.weekday is None) == (said.weekday is None)]
        alike.sort(key=lambda each: (each.parts != said.parts, each.year != said.year))
        return Borne(0.0, alike[0] if alike else None)
    return best

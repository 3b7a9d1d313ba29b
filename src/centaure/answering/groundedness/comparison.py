"""Whether a source bears out one figure, one date or one name."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from centaure.answering.groundedness.dates import Moment, agrees, opposed
from centaure.answering.groundedness.derivations import sums
from centaure.answering.groundedness.measures import DAY, HOUR, MONTH, WEEK
from centaure.answering.groundedness.quantities import Quantity, exclusive

ROUNDED = 0.95
"""What a figure that only agrees after rounding is worth."""
DERIVED = 0.85
"""What a sum or a difference of two figures of the source is worth."""
_WIDEST_ROUNDING = 0.05
_ABOUT = 0.08
_ABOUT_MONTH = 0.1
_ABOUT_PART = 0.12
_FEW = 20
_CENT = 0.01
_BEYOND = 0.25
"""How far beyond what is said, as a share, "more than" and "under" may lie."""
_MEAN_MONTH = 0.025
"""Share by which months and days may differ: a month has 28 to 31 days."""
_SPOKEN_DAYS = {8: 1, 15: 2}
"""Days that French says for weeks."""


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
        grade, clash = _compared(said, each)
        if grade > best.grade:
            best = Borne(grade, each, clash)
    if best.grade >= 0.5 or said.unit == "ordinal":
        return best
    if derived and said.low == said.high:
        for each in sums(said, sources):
            if _close(each.low, said.low, 1e-6):
                return Borne(DERIVED, each)
    return Borne(0.0, _nearest(said, sources)) if best.source is None else best


def _compared(said: Quantity, source: Quantity) -> tuple[float, str]:
    """How far one figure bears another out, and what is wrong where it is not the value."""
    grade = _alike(said, source)
    if grade and exclusive(said, source):
        return 0.2, "unit"
    if grade and said.bound and source.bound and said.bound != source.bound:
        return 0.2, "bound"
    return grade, ""


def _nearest(said: Quantity, sources: Sequence[Quantity]) -> Quantity | None:
    """The figure of a source that is shown beside one that it does not bear out."""
    near = [each for each in sources if each.unit == said.unit]
    if near:
        return min(near, key=lambda each: abs(each.low - said.low))
    return next((each for each in sources if value_alike(said, each)), None)


def value_alike(said: Quantity, source: Quantity) -> bool:
    """Whether two figures are the same number, whatever they count."""
    return math.isclose(said.low / said.step, source.low / source.step, rel_tol=1e-6)


def _alike(said: Quantity, source: Quantity) -> float:
    """How far one figure of a source bears one out."""
    if said.unit != source.unit:
        return _across_units(said, source)
    ends = [(said.low, source.low), (said.high, source.high)]
    if all(_close(ours, theirs, 1e-6) for ours, theirs in ends):
        return 1.0
    if said.unit == "time" and (grade := _same_time(said, source)):
        return grade
    if said.low < said.high and source.low == source.high:
        return 0.4 if any(_close(source.low, end, 1e-6) for end in (said.low, said.high)) else 0.0
    if source.low < source.high and said.low == said.high:
        return _in_range(said, source)
    return _rounded(said, source)


def _rounded(said: Quantity, source: Quantity) -> float:
    """How far "more than", "about" and rounding reach the source's figure."""
    ends = [(said.low, source.low), (said.high, source.high)]
    if _beyond(said, source):
        return 0.9
    if all(_rounds(said, theirs, ours) for ours, theirs in ends):
        return ROUNDED
    share = _ABOUT_PART if said.fraction or said.low <= _FEW else _ABOUT
    return 0.9 if said.approximate and all(_close(*each, share) for each in ends) else 0.0


def _across_units(said: Quantity, source: Quantity) -> float:
    # A table has its unit in its header: "Prix (€)".
    bare = "" in {said.unit, source.unit} and "ordinal" not in {said.unit, source.unit}
    plain = said if said.unit == "" else source
    other = source if plain is said else said
    if bare and math.isclose(plain.low, other.low / other.step):
        return 0.9 if plain is said else 0.7
    clock = bare and plain is said and other.unit == "time" and other.step <= HOUR
    if clock and _close(plain.low * HOUR % (12 * HOUR), other.low % (12 * HOUR), 1e-6):
        return 0.9
    if bare and other.scaled and plain.low in {other.low / power for power in (1e3, 1e6, 1e9)}:
        return 0.85
    if said.step == source.step == _CENT and {said.unit, source.unit} == {"euro", "dollar"}:
        return float(_close(said.low, source.low, 1e-6))
    if {said.unit, source.unit} == {"%", "point"} and _close(said.low, source.low, 1e-9):
        return 0.3
    return 0.0


def _same_time(said: Quantity, source: Quantity) -> float:
    """Durations in other units: a month of 30 days, two weeks that French calls fifteen days."""
    ends = [(said.low, source.low), (said.high, source.high)]
    if (said.step >= MONTH) != (source.step >= MONTH):
        longest = max(said.low, source.low)
        share = (
            _ABOUT_MONTH if said.approximate or said.step >= MONTH < source.step else _MEAN_MONTH
        )
        if longest >= 25 * DAY and all(_close(*each, share) for each in ends):
            return 0.9
    for days, weeks in ((said, source), (source, said)):
        spoken = _SPOKEN_DAYS.get(round(days.low / DAY)) if days.step == DAY else None
        if spoken is not None and weeks.step == WEEK and _close(weeks.low, spoken * WEEK, 1e-6):
            return 0.9
    return 0.0


def _in_range(said: Quantity, source: Quantity) -> float:
    """One figure against a range: one of its ends, its length, or what lies within."""
    fits = {"<=": source.high, ">=": source.low}.get(said.bound)
    if fits is not None:
        return 0.9 if _close(said.low, fits, 1e-6) else 0.0
    if any(_close(said.low, end, 1e-6) for end in (source.low, source.high)):
        return 0.9 if said.unit == "time" and said.step <= HOUR else 0.6
    if said.unit == "time" and _close(said.low, source.high - source.low, 1e-6):
        return 0.9
    return 0.6 if said.approximate and source.low < said.low < source.high else 0.0


def _beyond(said: Quantity, source: Quantity) -> bool:
    """Whether "more than" or "under" so much is true of a plain figure that lies not far beyond."""
    same = said.fraction and source.bound == said.bound
    if (source.bound and not same) or not said.bound or said.unit == "time" or said.low <= 0:
        return False
    change = (source.low - said.low) / said.low
    if said.bound == ">=":
        return 0 <= change <= _BEYOND
    return -_BEYOND <= change <= 0


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

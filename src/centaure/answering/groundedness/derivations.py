"""Figures that follow from others: sums, differences, durations, parts and changes of a whole."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import combinations, permutations

from centaure.answering.groundedness.dates import Moment
from centaure.answering.groundedness.measures import DAY, MINUTE, MONTH, WEEK, YEAR
from centaure.answering.groundedness.quantities import Quantity

_MOST = 12
_CLOCK_DIGITS = 4
_TELLING_DIGITS = 2
_DAYS_BEFORE = (0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334)


def sums(said: Quantity, sources: Sequence[Quantity]) -> list[Quantity]:
    """Totals and differences of the figures with the unit of one."""
    same = [end for each in sources if each.unit == said.unit for end in _ends(each)]
    if not 2 <= len(same) <= _MOST:
        return []
    values = {sum(each.low for each in same)}
    for one, other in combinations(same, 2):
        values |= {one.low + other.low, abs(one.low - other.low)}
    return [_made(same[0], value) for value in values]


def _ends(each: Quantity) -> list[Quantity]:
    """A figure, or both ends of a range."""
    values = {each.low, each.high}
    return [replace(each, low=value, high=value) for value in sorted(values)]


def portions(sources: Sequence[Quantity]) -> list[Quantity]:
    """So many per cent of each other figure."""
    shares = [each for each in sources if each.unit == "%" and each.low == each.high]
    wholes = [each for each in sources if each.unit in {"euro", "dollar", "pound"}]
    return [
        _made(whole, whole.low * part / 100)
        for whole in wholes[:_MOST]
        for share in shares[:_MOST]
        for part in (share.low, 100 - share.low)
    ]


def rates(said: Quantity, sources: Sequence[Quantity]) -> list[Quantity]:
    """One figure by, or times, another that counts something else: the price of a year by its users."""
    wholes = [one for one in sources if one.unit == said.unit and one.low == one.high][:_MOST]
    counts = [
        one.low / one.step
        for one in sources
        if one.unit not in {said.unit, "%", "ordinal", "point"}
        and one.low == one.high
        and one.low / one.step > 1
    ][:_MOST]
    if said.digits < _TELLING_DIGITS or not said.unit or said.unit in {"time", "%"}:
        return []
    return [_made(one, one.low / by) for one in wholes for by in counts] + [
        _made(one, one.low * by) for one in wholes for by in counts
    ]


def spans(quantities: Iterable[Quantity], moments: Iterable[Moment]) -> list[Quantity]:
    """How long it is from one time of day, date or year to another."""
    clocks = [
        each
        for each in quantities
        if each.unit == "time" and each.step == MINUTE and each.digits == _CLOCK_DIGITS
    ]
    found = [_made(one, abs(one.low - other.low)) for one, other in combinations(clocks[:_MOST], 2)]
    dated = list(moments)[:_MOST]
    for one, other in combinations(dated, 2):
        for length, step in _lengths(one, other):
            found.append(Quantity(one.start, one.end, length, length, "time", step, digits=2))
    return found


def _lengths(one: Moment, other: Moment) -> list[tuple[float, float]]:
    """Seconds between two dates, the last day counted or not, and the unit in which one says it."""
    if one.weekday is not None or other.weekday is not None:
        return []
    years = (other.year or one.year or 0) - (one.year or other.year or 0)
    if not one.months or not other.months:
        return [(abs(years) * YEAR, YEAR)] if one.year and other.year and years else []
    months = 12 * years + other.months[-1] - one.months[0]
    found = [(abs(months) * MONTH, MONTH), ((abs(months) + 1) * MONTH, MONTH)]
    if one.day is not None and other.day is not None:
        days = 365 * years + _day(other) - _day(one)
        found += [(abs(days) * DAY, DAY), ((abs(days) + 1) * DAY, DAY)]
        if days and days % 7 == 0:
            found.append((abs(days) * DAY, WEEK))
    return found


def _day(moment: Moment) -> int:
    return _DAYS_BEFORE[moment.months[0] - 1] + (moment.day or 1)


def parts(sources: Sequence[Quantity]) -> list[Quantity]:
    """What one figure is of another with its unit, and how far one changed to the other, in per cent."""
    plain = [each for each in sources if each.low == each.high and each.low > 0][:_MOST]
    found: list[Quantity] = []
    for one, other in permutations(plain, 2):
        if one.unit != other.unit or one.low >= other.low:
            continue
        share = 100 * one.low / other.low
        found += [_made(one, share, "%"), _made(one, 100 - share, "%")]
    return found


def _made(source: Quantity, value: float, unit: str | None = None) -> Quantity:
    made = replace(
        source, low=value, high=value, bound="", approximate=False, qualifiers=frozenset()
    )
    return made if unit is None else replace(made, unit=unit, step=1.0)

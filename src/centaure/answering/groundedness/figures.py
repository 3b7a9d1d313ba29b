"""Figures of a sentence, looked for in its window, beside it and in the rest."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import chain, permutations
from math import isclose

from centaure.answering.groundedness.comparison import Borne, bears_quantity, value_alike
from centaure.answering.groundedness.dates import Moment
from centaure.answering.groundedness.derivations import parts, portions, rates, spans, sums
from centaure.answering.groundedness.evidence import Evidence, Finding
from centaure.answering.groundedness.measures import DAY
from centaure.answering.groundedness.quantities import Quantity
from centaure.answering.groundedness.sources import Sources, SourceStatement
from centaure.answering.groundedness.statements import Statement

_DERIVED = re.compile(
    r"\b(?:total\w*|somme|au total|ensemble|cumul\w*|différence|écart|soit|de plus|de moins|supplémentaires?"
    r"|together|combined|altogether|sum|difference|more|less|fewer|gap|additional|later|plus tard)\b",
    re.IGNORECASE,
)
_HELD = 0.85
_LIGHT, _ORDINAL = 0.25, 0.6
"""What a figure that may only count what is spoken of, and a rank, count if they are wrong."""
_HALF = 50.0
_TIMES = 0.06
_MOST = 12
_PERIODS = {"year": 1, "half": 2, "quarter": 4, "month": 12, "week": 52}
"""Times a year."""
_NOUN_WITHIN = 22


@dataclass(frozen=True, slots=True)
class _Behind:
    """The figures that may stand behind those of a sentence: in its window, beside it, made of them."""

    window: Sequence[SourceStatement]
    inside: Sequence[Quantity]
    near: Sequence[Quantity]
    lengths: Sequence[Quantity]
    rows: Sequence[Sequence[Quantity]]
    texts: dict[int, str]

    def shown(self, borne: Borne) -> str:
        """The source's figure as written."""
        source, text = borne.source, self.texts.get(id(borne.source), "")
        return text[source.start : source.end] if source is not None and text else ""

    def around(self, borne: Borne) -> str:
        """The same with the words that narrow it."""
        source, text = borne.source, self.texts.get(id(borne.source), "")
        return dressed(text, source) if source is not None and text else ""


def compare_quantities(
    evidence: Evidence,
    said: Statement,
    window: Sequence[SourceStatement],
    near: Sequence[SourceStatement],
    sources: Sources,
) -> None:
    """Count each figure that the window does not bear out."""
    if not said.quantities:
        return
    inside = [each for source in window for each in source.quantities]
    inside += [each for source in window if source.above for each in source.around.quantities]
    behind = _Behind(
        window,
        inside,
        [one for source in near for one in source.quantities],
        _lengths(said, window[0].passage, sources),
        [each.quantities for each in sources.statements if each.passage == window[0].passage],
        {id(each): source.text for source in (*window, *near) for each in source.quantities},
    )
    derived = _DERIVED.search(said.text) is not None
    for each in said.quantities:
        borne = bears_quantity(each, inside, derived=derived)
        if borne.grade < _HELD and (borne.clash or not _follows(each, behind, borne)):
            _count(evidence, said, each, borne, behind, sources)


def _lengths(said: Statement, passage: str, sources: Sources) -> list[Quantity]:
    """How long it is between times and dates of a passage, or of the sentence, if it says how long."""
    if not any(each.unit == "time" for each in said.quantities):
        return []
    held = [each for each in sources.statements if each.passage == passage]
    clocks = [each for source in held for each in source.quantities]
    dated = [each for source in held for each in source.moments]
    return [*spans(clocks, dated), *spans(said.quantities, said.moments)]


def _follows(each: Quantity, behind: _Behind, borne: Borne) -> bool:
    """Whether a figure follows from others: a duration, a part, how often, both ends of a range."""
    ways: tuple[Callable[[], bool], ...] = (
        lambda: each.unit == "time" and bears_quantity(each, behind.lengths).grade >= _HELD,
        lambda: each.fraction and _is_part(each, behind),
        lambda: each.unit == "times" and _as_often(each, behind),
        lambda: bears_quantity(each, portions(behind.inside)).grade >= _HELD,
        lambda: each.unit == "times" and _is_ratio(each, behind),
        lambda: each.digits > 1 and _is_sum(each, behind),
        lambda: each.unit == "%" and not each.fraction and _is_part(each, behind),
        lambda: (
            each.unit == "point"
            and _among(
                replace(each, unit="%", step=1.0), sums(replace(each, unit="%"), behind.inside)
            )
        ),
        lambda: _among(each, rates(each, [*behind.inside, *behind.near])),
        lambda: _same_rate(each, behind),
        lambda: borne.grade < 0.5 and each.low < each.high and _both_ends(each, behind),
    )
    return any(way() for way in ways)


def _is_part(each: Quantity, behind: _Behind) -> bool:
    """Whether "half" is the share of one figure in another, and "more than half" is "most"."""
    told = any(one.unit == "%" and one.high < 100 for one in behind.window[0].quantities)
    if not told and _among(each, parts([*behind.inside, *behind.near])):
        return True
    most = any("most" in source.marks["quantity"] for source in behind.window)
    return most and each.bound == ">=" and each.low == _HALF


def _among(each: Quantity, made: Sequence[Quantity]) -> bool:
    return bears_quantity(each, made).grade >= _HELD


def _is_sum(each: Quantity, behind: _Behind) -> bool:
    """Whether a figure is the sum or the difference of two that stand near each other."""
    return any(
        _among(each, sums(each, figures))
        for figures in ([*behind.inside, *behind.near], behind.inside, *behind.rows)
    )


def _is_ratio(each: Quantity, behind: _Behind) -> bool:
    """Whether one figure is so many times another: "four times as much"."""
    plain = [one for one in (*behind.inside, *behind.near) if one.low == one.high and one.low > 0]
    return each.low > 1 and any(
        one.unit == other.unit and isclose(other.low / one.low, each.low, rel_tol=_TIMES)
        for one, other in permutations(plain[:_MOST], 2)
    )


def _both_ends(each: Quantity, behind: _Behind) -> bool:
    """Whether the source has both ends of a range, each by itself."""
    ends = [_end(each, each.low), _end(each, each.high)]
    return all(bears_quantity(end, behind.inside).grade >= _HELD for end in ends)


def _same_rate(each: Quantity, behind: _Behind) -> bool:
    """Whether so much a month is so much a year."""
    ours = _times(each)
    return ours is not None and any(
        one.unit == each.unit
        and (theirs := _times(one)) is not None
        and abs(each.low * ours - one.low * theirs) < 1e-6 * max(each.low * ours, 1.0)
        for one in behind.inside
    )


def _times(each: Quantity) -> int | None:
    """How often a year a figure counts, where it says so."""
    return next((_PERIODS[word[4:]] for word in each.qualifiers if word[4:] in _PERIODS), None)


def _end(each: Quantity, value: float) -> Quantity:
    return Quantity(each.start, each.end, value, value, each.unit, each.step, digits=each.digits)


def _as_often(each: Quantity, behind: _Behind) -> bool:
    """Whether "twelve times a year" is "monthly", and "six times a day" "every four hours"."""
    per = next((word.removeprefix("per ") for word in each.qualifiers if word[:4] == "per "), "")
    marks = frozenset(chain.from_iterable(source.marks["period"] for source in behind.window))
    if per == "day" and each.low > 0:
        gap = Quantity(each.start, each.end, DAY / each.low, DAY / each.low, "time", digits=2)
        return bears_quantity(gap, behind.inside).grade >= _HELD
    if per not in {"year", ""}:
        return False
    return any(times == each.low and name in marks for name, times in _PERIODS.items())


def _scale(said: Statement, each: Quantity, behind: _Behind) -> float:
    """What a wrong figure counts: a light one little, unless its noun has another in the source."""
    if not each.light:
        return _ORDINAL if each.unit == "ordinal" else 1.0
    if each.unit == "ordinal":
        return 0.0
    if each.unit:
        same = [one for one in behind.inside if one.unit == each.unit]
        return 0.8 if any(value_alike(each, one) for one in same) else _LIGHT
    noun = _noun(said, each)
    if noun is None:
        return _LIGHT
    counted = [
        _noun(source, one)
        for source in behind.window
        for one in source.quantities
        if one.unit == "" and one.high > 1
    ]
    return 0.9 if noun in counted else _LIGHT


def _noun(text: Statement, each: Quantity) -> str | None:
    """The stem of the word that a figure counts."""
    end = each.end + _NOUN_WITHIN
    return next((term.stem for term in text.terms if each.end <= term.start < end), None)


def _count(  # noqa: PLR0913, PLR0917 - one figure, and everything that it is held against
    evidence: Evidence,
    said: Statement,
    each: Quantity,
    borne: Borne,
    behind: _Behind,
    sources: Sources,
) -> None:
    """Count one figure that the window does not bear out, by where else it stands."""
    written = said.text[each.start : each.end]
    scale, shown = _scale(said, each, behind), behind.shown(borne)
    if borne.clash:
        finding = Finding(borne.clash, dressed(said.text, each), behind.around(borne), 1.0)
        evidence.against("number narrowed", 1 - borne.grade, finding)
        return
    beside = bears_quantity(each, behind.near)
    if beside.grade >= _HELD and not beside.clash:
        rival = any(one.unit == each.unit and one.unit for one in behind.window[0].quantities)
        finding = Finding("elsewhere", written, weight=0.6 if rival else 0.3)
        evidence.against("number elsewhere", (0.8 if rival else 0.4) * scale, finding)
        return
    if borne.grade >= 0.5:
        finding = Finding("number", written, shown, 0.4)
        evidence.against("number wrong", scale * (1 - borne.grade) * 0.5, finding)
        return
    far = bears_quantity(each, [one for source in sources.statements for one in source.quantities])
    if far.grade < _HELD or far.clash:
        finding = Finding("number", written, shown, 1.2)
        evidence.against("number wrong", scale, finding)
        return
    evidence.against("number elsewhere", scale, Finding("elsewhere", written, shown, 0.8))
    if isinstance(borne.source, Quantity) and borne.source.unit == each.unit:
        evidence.against("number wrong", 0.6 * scale, Finding("number", written, shown, 0.9))


def dressed(text: str, each: Quantity | Moment) -> str:
    """A figure with the words before and after it that narrow it."""
    before = text[: each.start].split()[-3:]
    after = text[each.end : each.end + 30].split()[:2]
    return " ".join((*before, text[each.start : each.end], *after)).strip(" .,;")

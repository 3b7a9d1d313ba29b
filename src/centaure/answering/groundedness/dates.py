"""Dates of a text, whole or in part: "12 mars 2024", 12/03/2024, "mars 2024", "Q3 2023", "lundi"."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from centaure.answering.groundedness.text import plain

Relation = Literal["", "until", "from", "after"]

_MONTHS = {
    name: number
    for names in (
        "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre",
        "january february march april may june july august september october november december",
        "janv fevr mar avr - juin juil aout sept oct nov dec",
        "jan feb - apr - jun jul aug sep oct nov dec",
    )
    for number, name in enumerate(names.split(), 1)
    if name != "-"
}
_WEEKDAYS = {
    name: number
    for names in (
        "lundi mardi mercredi jeudi vendredi samedi dimanche",
        "monday tuesday wednesday thursday friday saturday sunday",
    )
    for number, name in enumerate(names.split(), 1)
}
_RANKS = {
    "1": 1, "1er": 1, "1st": 1, "premier": 1, "first": 1, "2": 2, "2e": 2, "2eme": 2, "2nd": 2,
    "deuxieme": 2, "second": 2, "3": 3, "3e": 3, "3eme": 3, "3rd": 3, "troisieme": 3, "third": 3,
    "4": 4, "4e": 4,
    "4eme": 4, "4th": 4, "quatrieme": 4, "fourth": 4, "dernier": 4, "last": 4,
}  # fmt: skip
_SEASONS = {
    "printemps": (3, 4, 5, 6), "spring": (3, 4, 5, 6), "ete": (6, 7, 8, 9), "summer": (6, 7, 8, 9),
    "automne": (9, 10, 11, 12), "autumn": (9, 10, 11, 12), "hiver": (1, 2, 3, 12),
    "winter": (1, 2, 3, 12),
}  # fmt: skip
_LONG = "|".join(sorted((name for name in _MONTHS), key=len, reverse=True))
_RANK = "|".join(sorted(_RANKS, key=len, reverse=True))
_YEAR = r"(?:1[5-9]|20)\d\d"
_OF = r"\s(?:de\s(?:l'annee\s|l'exercice\s)?|du\s|d'|of\s|the\s|fiscal\s|fy\s?)*"
_PART = (
    r"(?:(?P<{0}>fin|debut|mi|courant|end|early|late|mid|beginning|start|(?:the\s)?end\sof)"
    r"(?:\s(?:de\s|du\s|of\s)?(?:mois\sde\s|month\sof\s)?|-))?"
)
_DATE = re.compile(
    rf"""
    \b(?=\w) (?:
    (?<![\w./-]) (?P<iso>{_YEAR}[-/.](?:0[1-9]|1[0-2])(?:[-/.](?:0[1-9]|[12]\d|3[01]))?) (?![\w-])
  | (?<![\w./,-]) (?P<slash>(?:[0-2]?\d|3[01])[/.](?:0?\d|1[0-2])[/.](?:{_YEAR}|\d\d)) (?![\w/])
  | (?<![\w./,-]) (?P<numeric>(?:0[1-9]|[12]\d|3[01])/(?:0[1-9]|1[0-2])) (?![\w/%])
  | \b (?P<quarter> (?: [tq](?P<q1>[1-4]) | (?P<q2>{_RANK})\s(?:trimestre|quarter) ) \b
        (?:(?:{_OF}|[\s-])(?P<qy>{_YEAR})\b)? )
  | \b (?P<yq> (?P<qy2>{_YEAR})[\s-]?[tq](?P<q3>[1-4]) ) \b
  | \b (?P<half> (?: [sh](?P<h1>[12]) | (?P<h2>{_RANK})\s(?:semestre|half) ) \b
        (?:(?:{_OF}|[\s-])(?P<hy>{_YEAR})\b)? )
  | \b (?P<dm> (?P<d1>0?[1-9]|[12]\d|3[01])(?:er|st|nd|rd|th)? \s(?:of\s)?
        (?P<m1>{_LONG})\b\.? (?:(?:\sde\sl'annee)?,?\s(?P<y1>{_YEAR})\b)? )
  | \b {_PART.format("part1")} (?P<my> (?P<m2>{_LONG})\b\.? ,? (?:\s(?:de\s|of\s)?)? (?P<y2>{_YEAR})\b )
  | \b (?P<md> (?P<m3>{_LONG})\b\.?\s(?P<d3>[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th)?\b
        (?:,?\s(?P<y3>{_YEAR})\b)? (?!\s?%) )
  | \b {_PART.format("part2")} (?P<m> (?P<m4>janvier|fevrier|avril|juin|juillet|aout|septembre
        |octobre|novembre|decembre
        |january|february|april|june|july|august|september|october|november|december
        |(?<=\ben\s)(?:mars|mai)|(?<=\bde\s)(?:mars|mai)|(?<=\bdebut\s)(?:mars|mai)
        |(?<=\bfin\s)(?:mars|mai)|(?<=\bin\s)(?:march|may)
        |(?:(?<=\bfrom\s)|(?<=\buntil\s)|(?<=\bby\s)|(?<=\bsince\s)|(?<=\bbefore\s)|(?<=\bafter\s)
        |(?<=\bof\s)|(?<=\blast\s)|(?<=\bnext\s)|(?<=\bduring\s))(?:march|may)(?=[.,;:)]|$|\s\w+)
        |(?:(?<=\bdes\s)|(?<=\bdepuis\s)|(?<=\bavant\s)|(?<=\bapres\s)|(?<=\bjusqu'en\s)|(?<=\bd'ici\s)
        |(?<=\bmi-))(?:mars|mai)) ) \b
  | (?<![\w.,/-]) {_PART.format("part3")} (?P<year>{_YEAR})
        (?![\w%€$]|[.,/:-]\d|\s?(?:%|€|euros?|km|kg|m2|personnes|salaries
        |employees|people|(?:d'|de\s)?habitants)\b)
  | \b (?P<season>{"|".join(_SEASONS)}) \b (?: (?:{_OF}) (?P<sy>{_YEAR})\b )?
  | \b (?P<weekday>{"|".join(_WEEKDAYS)})s? \b
    )
    """,
    re.VERBOSE,
)
_UNTIL = re.compile(
    r"(?:avant|jusqu'a[u]?|jusqu'en|au plus tard|before|until|till|by|no later than|up to|prior to|d'ici"
    r"|through)"
    r"(?:\s(?:le|la|the|fin|au|end of|de|du|a))*\s?$"
)
_DAY_BEFORE = re.compile(
    r"(?<![\w.,/])([12]?\d|3[01])(?:er|st|nd|rd|th)?\s?(?:et|-|au|and|to)\s?(?:le\s|the\s)?$"
)
_OWN = re.compile(r"\b(?:son|leur|sa|votre|notre|mon|his|her|their|your|its|my|our)\s$")
_SUMMER = re.compile(r"(?:l'|d'|cet\s|chaque\s|en\s|des\s)$")
_FROM = re.compile(
    r"(?:a partir d[eu]|des|a compter d[eu]|depuis|from|since|starting|as of|beginning|effective|commencing)"
    r"(?:\s(?:le|la|the|on|de|du|in))*\s?$"
)
_AFTER = re.compile(r"(?:apres|after|following|posterieure?s? au)(?:\s(?:le|la|the))*\s?$")
_LONGEST_BEFORE = 30
_EARLY = {"debut", "early", "beginning", "start"}
_LATE = {"fin", "end", "late", "end of", "the end of"}


@dataclass(frozen=True, slots=True)
class Moment:
    """A date, as far as a text gives it; None for what it leaves out.

    Attributes:
        start: offset of its first character.
        end: offset after the last.
        months: the months that it may lie in: one, three of a quarter, six of a half; none for a year.
        weekday: 1 for Monday.
        part: "early", "mid" or "late" in its month or year.
        relation: whether something lasts until it, begins with it or comes after it.
    """

    start: int
    end: int
    year: int | None = None
    months: tuple[int, ...] = ()
    day: int | None = None
    weekday: int | None = None
    part: str = ""
    relation: Relation = ""

    @property
    def parts(self) -> int:
        """How much of a date it gives."""
        return sum(
            (
                self.year is not None,
                bool(self.months),
                self.day is not None,
                self.weekday is not None,
            )
        )


def moments(text: str, *, month_first: bool = False) -> list[Moment]:
    """The dates of a text, in order; offsets count its characters.

    Args:
        text: any text.
        month_first: whether 03/12/2024 is in March, where both readings are possible.
    """
    flat = plain(text)
    found: list[Moment] = []
    for each in _found(flat, month_first=month_first):
        if each.day is not None and (match := _DAY_BEFORE.search(flat, 0, each.start)):
            day = replace(each, start=match.start(1), end=match.end(1), day=int(match[1]))
            found.append(_related(flat, day))
        found.append(_related(flat, each))
    return found


def _related(flat: str, moment: Moment) -> Moment:
    before = flat[max(0, moment.start - _LONGEST_BEFORE) : moment.start]
    relation: Relation = ""
    if _UNTIL.search(before):
        relation = "until"
    elif _FROM.search(before):
        relation = "from"
    elif _AFTER.search(before):
        relation = "after"
    return replace(moment, relation=relation)


def _found(flat: str, *, month_first: bool) -> Iterator[Moment]:
    for match in _DATE.finditer(flat):
        got = {key: value for key, value in match.groupdict().items() if value is not None}
        moment = _moment(got, match, month_first=month_first)
        if moment is not None:
            yield replace(
                moment, part=_part(got.get("part1") or got.get("part2") or got.get("part3") or "")
            )


def _moment(got: dict[str, str], match: re.Match[str], *, month_first: bool) -> Moment | None:
    start, end = match.span()
    if "iso" in got:
        year, month, *day = map(int, re.split(r"[-/.]", got["iso"]))
        return Moment(start, end, year, (month,), day[0] if day else None)
    if "slash" in got or "numeric" in got:
        first, second, *rest = map(int, re.split(r"[/.]", got.get("slash", got.get("numeric", ""))))
        if (month_first and first <= 12) or second > 12:
            first, second = second, first
        if not (1 <= first <= 31 and 1 <= second <= 12):
            return None
        year = rest[0] + (2000 if rest[0] < 70 else 1900 if rest[0] < 100 else 0) if rest else None
        return Moment(start, end, year, (second,), first)
    if {"quarter", "yq", "half", "season"} & got.keys():
        return _part_of_year(got, match)
    if "weekday" in got:
        return Moment(start, end, weekday=_WEEKDAYS[got["weekday"]])
    year = got.get("y1") or got.get("y2") or got.get("y3") or got.get("year")
    month = got.get("m1") or got.get("m2") or got.get("m3") or got.get("m4")
    day = got.get("d1") or got.get("d3")
    return Moment(
        start,
        end,
        int(year) if year else None,
        (_MONTHS[month],) if month else (),
        int(day) if day else None,
    )


def _part_of_year(got: dict[str, str], match: re.Match[str]) -> Moment | None:
    """A quarter, a half or a season; None for "her first quarter" and for "été" that is no summer."""
    start, end = match.span()
    before = match.string[:start]
    if _OWN.search(before) or (got.get("season") == "ete" and not _SUMMER.search(before)):
        return None
    written = got.get("qy") or got.get("qy2") or got.get("hy") or got.get("sy")
    year = int(written) if written else None
    if "season" in got:
        return Moment(start, end, year, _SEASONS[got["season"]])
    quarter = got.get("q1") or got.get("q2") or got.get("q3")
    if quarter:
        number = _RANKS[quarter]
        return Moment(start, end, year, tuple(range(3 * number - 2, 3 * number + 1)))
    number = min(_RANKS[got.get("h1") or got["h2"]], 2)
    return Moment(start, end, year, tuple(range(6 * number - 5, 6 * number + 1)))


def _part(word: str) -> str:
    word = word.strip(" -")
    if word in _EARLY:
        return "early"
    if word in _LATE:
        return "late"
    return "mid" if word in {"mi", "mid"} else ""


def agrees(said: Moment, source: Moment) -> float:  # noqa: PLR0911 - one way to differ after the other
    """How far a source bears out a date: 1 wholly, 0.5 where it says less, 0 where they differ.

    A coarser date than the source's is borne out ("mars 2024" by "12 mars 2024").
    """
    if said.weekday is not None or source.weekday is not None:
        return float(said.weekday == source.weekday)
    missing = 0
    pairs = ((said.year, source.year), (said.day, source.day))
    for ours, theirs in pairs:
        if ours is not None and theirs is not None and ours != theirs:
            return 0.0
        missing += ours is not None and theirs is None
    if said.months and source.months and not set(source.months) <= set(said.months):
        return 0.0
    if said.months and not source.months:
        missing += not source.part or not _in_part(said.months, source.part)
    if said.part and source.months and not said.months and not _in_part(source.months, said.part):
        return 0.0
    if said.part and source.part and said.part != source.part:
        return 0.0
    shared = (said.year is not None and source.year is not None) or bool(
        said.months and source.months
    )
    if not shared:
        return 0.0
    return 1.0 if missing == 0 else 0.5


def _in_part(months: tuple[int, ...], part: str) -> bool:
    spans = {"early": (1, 4), "mid": (5, 8), "late": (9, 12)}
    first, last = spans[part]
    return all(first <= month <= last for month in months)


def opposed(said: Moment, source: Moment) -> bool:
    """Whether one ends where the other begins: "before" against "after" the same day."""
    relations = {said.relation, source.relation}
    return "until" in relations and bool(relations & {"from", "after"})


MONTH_NAMES = frozenset(_MONTHS)
WEEKDAY_NAMES = frozenset(_WEEKDAYS)

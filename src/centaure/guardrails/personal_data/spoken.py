"""Numbers dictated in French or English words, as transcripts hold them, read as runs of digits."""

import itertools
import re
from collections.abc import Iterator

from centaure.guardrails.personal_data.runs import FEWEST, Group, Run

_UNITS = {
    word: value
    for value, words in enumerate(
        (
            "zero oh nought",
            "un une one",
            "deux two",
            "trois three",
            "quatre four",
            "cinq five",
            "six",
            "sept seven",
            "huit eight",
            "neuf nine",
            "dix ten",
            "onze eleven",
            "douze twelve",
            "treize thirteen",
            "quatorze fourteen",
            "quinze fifteen",
            "seize sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        )
    )
    for word in words.split()
}
_TENS = {
    word: value
    for value, words in {
        20: "vingt vingts twenty",
        30: "trente thirty",
        40: "quarante forty",
        50: "cinquante fifty",
        60: "soixante sixty",
        70: "septante seventy",
        80: "huitante octante eighty",
        90: "nonante ninety",
    }.items()
    for word in words.split()
}
_HUNDRED = {"cent", "cents", "hundred"}
_THOUSAND = {"mille", "mil", "thousand"}
_REPEATED = {"double": 2, "triple": 3}
_JOINING = {"et", "and"}
_PASSED = {"cle", "key", "puis", "then", "space", "espace", "tiret", "dash", "point"}
_LETTERS = {"a": "A", "b": "B"}
NUMBER_WORDS = frozenset({*_UNITS, *_TENS, *_HUNDRED, *_THOUSAND, *_REPEATED})
"""The words that numbers are made of, folded."""
_TOKEN = re.compile(r"[a-z]+|\d+|[^\sa-z\d]")
_WORDS = "|".join(sorted(NUMBER_WORDS))
_START = re.compile(
    rf"(?<![a-z])(?:plus\s+)?(?:(?:{_WORDS})(?![a-z])|(?<!\d)\d\d(?= ))(?=[ ,\-]{{1,3}}(?:et "
    rf"|and )?(?:{_WORDS}|\d)(?![a-z]))"
)
_Token = tuple[str, int, int]


def spoken(low: str) -> Iterator[Run]:
    """The runs of numbers in words of at least six digits.

    Args:
        low: a text in lower case without accents.
    """
    place = 0
    while found := _START.search(low, place):
        tokens = _tokens(low, found.start())
        place = max(found.end(), tokens[-1][2] if tokens else 0)
        groups = list(_groups(tokens))
        if sum(len(group.digits) for group in groups) >= FEWEST:
            gaps = ["," if "," in low[a.end : b.start] else " " for a, b in _pairs(groups)]
            plus = tokens[0][0] == "plus"
            sign = tokens[0][1] if plus else groups[0].start
            yield Run(groups, gaps, plus, sign, (False, False), spoken=True)


def number(low: str, place: int) -> tuple[int, int] | None:
    """The number in words that begins at a place, below a million: its value and where it ends."""
    tokens = _tokens(low, place)
    value, count = _thousands(tokens, 0)
    return (value, tokens[count - 1][2]) if count else None


def _pairs(groups: list[Group]) -> Iterator[tuple[Group, Group]]:
    return itertools.pairwise(groups)


def _tokens(low: str, place: int) -> list[_Token]:
    """The words from a place on, as long as they can belong to a dictated number."""
    kept: list[_Token] = []
    for found in _TOKEN.finditer(low, place, min(len(low), place + 400)):
        word = found.group()
        fits = word in NUMBER_WORDS or word in _JOINING or word in _PASSED or word in "-,."
        if (
            not fits
            and not (word in _LETTERS or word.isdigit())
            and not (word == "plus" and not kept)
        ):
            break
        if "\n" in low[kept[-1][2] if kept else place : found.start()]:
            break
        kept.append((word, found.start(), found.end()))
    while kept and kept[-1][0] not in NUMBER_WORDS and not kept[-1][0].isdigit():
        kept.pop()
    return kept


def _groups(tokens: list[_Token]) -> Iterator[Group]:
    index = 0
    while index < len(tokens):
        word, start, end = tokens[index]
        if word in _REPEATED and index + 1 < len(tokens) and tokens[index + 1][0] in _UNITS:
            digits = str(_UNITS[tokens[index + 1][0]]) * _REPEATED[word]
            yield Group(digits, start, tokens[index + 1][2])
            index += 2
            continue
        value, count = _thousands(tokens, index)
        if count:
            yield Group(str(value), start, tokens[index + count - 1][2])
        elif word.isdigit() or (
            word in _LETTERS and index and tokens[index - 1][0] in ("deux", "two", "2")
        ):
            yield Group(_LETTERS.get(word, word), start, end)
        index += count or 1


def _thousands(tokens: list[_Token], index: int) -> tuple[int, int]:
    value, count = _hundreds(tokens, index)
    if _word(tokens, index + count) in _THOUSAND and (not count or value < 1000):
        value, count = (value if count else 1) * 1000, count + 1
        joined = _word(tokens, index + count) in _JOINING
        rest, more = _hundreds(tokens, index + count + joined)
        if more:
            value, count = value + rest, count + joined + more
    return value, count


def _hundreds(tokens: list[_Token], index: int) -> tuple[int, int]:
    value, count = _tens(tokens, index)
    if _word(tokens, index + count) in _HUNDRED and (not count or 0 < value < 20):
        value, count = (value if count else 1) * 100, count + 1
        joined = _word(tokens, index + count) == "and"
        rest, more = _tens(tokens, index + count + joined)
        if more and rest:
            value, count = value + rest, count + joined + more
    return value, count


def _tens(tokens: list[_Token], index: int) -> tuple[int, int]:
    word = _word(tokens, index)
    if word == "quatre":
        after = index + 1 + (_word(tokens, index + 1) == "-")
        if _word(tokens, after) in ("vingt", "vingts"):
            return _with_unit(tokens, index, after + 1 - index, 80, 19)
    if word in _TENS:
        value = _TENS[word]
        return _with_unit(tokens, index, 1, value, 19 if word == "soixante" else 9)
    if word == "dix":
        after = index + 1 + (_word(tokens, index + 1) == "-")
        unit = _UNITS.get(_word(tokens, after), 0)
        if 7 <= unit <= 9 and _word(tokens, after) in ("sept", "huit", "neuf"):
            return 10 + unit, after + 1 - index
    return (_UNITS[word], 1) if word in _UNITS else (0, 0)


def _with_unit(
    tokens: list[_Token], index: int, count: int, value: int, most: int
) -> tuple[int, int]:
    """Tens, and the unit that is joined to them by a space, a hyphen or "et"."""
    after = count + (_word(tokens, index + count) in ("-", "et"))
    after += _word(tokens, index + after) == "-"
    unit, more = _teens(tokens, index + after)
    if more and 0 < unit <= most:
        return value + unit, after + more
    return value, count


def _teens(tokens: list[_Token], index: int) -> tuple[int, int]:
    word = _word(tokens, index)
    return _tens(tokens, index) if word == "dix" else (_UNITS.get(word, 0), int(word in _UNITS))


def _word(tokens: list[_Token], index: int) -> str:
    return tokens[index][0] if index < len(tokens) else ""

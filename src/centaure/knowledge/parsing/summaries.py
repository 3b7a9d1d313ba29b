"""What a long table holds, in a few lines: its columns, their kinds, their bounds, their usual values.

No passage of a table of 100,000 rows says how many rows it has or from when to when it goes; its
summary does. Its few words are given in French and English, which search tells apart elsewhere.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence

from centaure.knowledge.parsing.tables import column_name

SUMMARISED_FROM = 60
"""Rows. A shorter table is read in the one to three passages that hold all of it."""

_MOST_COLUMNS = 60
_FEW_VALUES = 40
_SHOWN_VALUES = 8
_LONGEST_VALUE = 60
_SHARE = 0.9
_SAMPLE = 200
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[ T]\d{2}:\d{2}(?::\d{2})?)?$")
_WRITTEN = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})(?: \d{1,2}:\d{2}(?::\d{2})?)?$")
_NUMBER = re.compile(r"[-+]?(?:\d{1,3}(?:[ '\u00a0\u202f]\d{3})+|\d+)(?:[.,]\d+)?\s?[%€$£]?")
_PLAIN = re.compile(r"[^\d.,+-]")
_CODE = re.compile(r"0\d")


def table_summary(
    rows: Sequence[Sequence[str]], header_rows: int, *, title: str, cells: str, left: int
) -> str:
    """The summary of a table.

    Args:
        rows: its rows, all of the same length, the header's first.
        header_rows: how many are the header's.
        title: what to call it, such as the name of its sheet; may be empty.
        cells: its range.
        left: number of its first column in the sheet, from 1, which names a column without header.
    """
    body = rows[header_rows:]
    width = len(rows[0])
    named = f"{title} : " if title else ""
    counted = f"{len(body)} lignes, {width} colonnes"
    lines = [f"{named}tableau {cells}, {counted} (table, {len(body)} rows, {width} columns)."]
    for column in range(min(width, _MOST_COLUMNS)):
        names = [" ".join(row[column].split()) for row in rows[:header_rows]]
        name = " ".join(filter(None, names)) or column_name(left + column)
        lines.append(f"{_shown(name)} : {_column([row[column] for row in body])}.")
    if width > _MOST_COLUMNS:
        lines.append(f"+ {width - _MOST_COLUMNS} colonnes (columns).")
    return "\n".join(lines)


def _column(cells: Sequence[str]) -> str:
    """The kind of a column's values, and what is worth saying of such values."""
    filled = [cell for cell in cells if cell]
    if not filled:
        return "vide (empty)"
    blank = f", {len(cells) - len(filled)} vides (empty)" if len(filled) < len(cells) else ""
    for kind, reading in (("dates", _date), ("nombres (numbers)", _number)):
        bounds = _bounds(filled, reading)
        if bounds is not None:
            return f"{kind}, min {bounds[0]}, max {bounds[1]}{blank}"
    return f"textes (texts), {_values(filled)}{blank}"


def _bounds(cells: Sequence[str], reading: Callable[[str], float | None]) -> tuple[str, str] | None:
    """The cells of the least and the greatest value; None where too few cells have any."""
    sample = cells[:: 1 + len(cells) // _SAMPLE]
    if sum(reading(cell) is not None for cell in sample) < _SHARE * len(sample):
        return None
    found = [(value, cell) for cell in cells if (value := reading(cell)) is not None]
    if len(found) < _SHARE * len(cells):
        return None
    return min(found)[1], max(found)[1]


def _date(cell: str) -> float | None:
    """A date as a number that sorts; days before months where the figures leave the choice."""
    match = _ISO.match(cell)
    if match is not None:
        year, month, day = int(match[1]), int(match[2]), int(match[3])
    else:
        match = _WRITTEN.match(cell)
        if match is None:
            return None
        day, month, year = int(match[1]), int(match[2]), int(match[3])
        if month > 12:
            day, month = month, day
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    return year * 10_000 + month * 100 + day


def _number(cell: str) -> float | None:
    """A number in French or plain writing; a code that begins with a zero is none."""
    if _CODE.match(cell):
        return None
    if not _NUMBER.fullmatch(cell):
        return None
    return float(_PLAIN.sub("", cell).replace(",", "."))


def _values(cells: Sequence[str]) -> str:
    counts = Counter(cells)
    text = f"{len(counts)} valeurs différentes (distinct values)"
    if len(counts) > _FEW_VALUES:
        return text
    usual = counts.most_common(_SHOWN_VALUES)
    more = " …" if len(counts) > len(usual) else ""
    return f"{text} : " + ", ".join(f"{_shown(value)} ({count})" for value, count in usual) + more


def _shown(value: str) -> str:
    text = " ".join(value.split())
    return text if len(text) <= _LONGEST_VALUE else f"{text[:_LONGEST_VALUE]}…"

"""Tables written as text: which words stand at the head of the column that a place is in."""

import re
from bisect import bisect_right
from itertools import pairwise

_DELIMITERS = (";", "|", "\t", ",")
_WIDE = re.compile(r" {2,}|\t+")
_NO_HEAD = re.compile(r"[\d{}\[\]:=@]")
_LONGEST_HEAD = 40
_LONGEST_LINE = 2000

Cell = tuple[int, int]


class Columns:
    """The cells under a head, in texts with separators (;  |  tab  ,) or aligned by spaces."""

    def __init__(self, text: str) -> None:
        """Find the tables of a text."""
        self._starts: list[int] = []
        self._cells: list[tuple[int, int, str]] = []
        lines = _lines(text)
        number = 0
        while number + 1 < len(lines):
            number = (
                self._table(text, lines, number) if _likely(text, lines[number]) else number + 1
            )
        self._starts = [cell[0] for cell in self._cells]

    def head(self, place: int) -> str:
        """The head of the column of a place, empty outside tables."""
        if not self._starts:
            return ""
        index = bisect_right(self._starts, place) - 1
        if index < 0:
            return ""
        start, end, head = self._cells[index]
        return head if start <= place < end else ""

    def cells(self) -> list[tuple[int, int, str]]:
        """Each cell below a head: start, end, head; trimmed of spaces and quotes, in order."""
        return self._cells

    def _table(self, text: str, lines: list[Cell], number: int) -> int:
        """Read the table that begins at a line, if one does; the number of the next line to look at."""
        for delimiter in _DELIMITERS:
            if any(text.count(delimiter, *line) < 2 for line in lines[number : number + 2]):
                continue
            heads = _split(text, lines[number], delimiter)
            if len(heads) < 3 or not _is_head(text, heads):
                continue
            last = number + 1
            while last < len(lines):
                cells = _split(text, lines[last], delimiter)
                if len(cells) != len(heads) and not _ruler(text, lines[last]):
                    break
                self._add(text, cells, heads)
                last += 1
            if last > number + 1:
                return last
        return self._aligned(text, lines, number)

    def _aligned(self, text: str, lines: list[Cell], number: int) -> int:
        start, end = lines[number]
        heads = _wide(text, start, end)
        if len(heads) < 3 or not _is_head(text, heads):
            return number + 1
        places = [first - start for first, _ in heads] + [_LONGEST_LINE]
        last = number + 1
        while last < len(lines) and len(_wide(text, *lines[last])) >= 3:
            begin = lines[last][0]
            for first, stop in _wide(text, *lines[last]):
                column = max(0, bisect_right(places, first - begin + 1) - 1)
                head = heads[min(column, len(heads) - 1)]
                self._cells.append((first, stop, _said(text, head)))
            last += 1
        return last

    def _add(self, text: str, cells: list[Cell], heads: list[Cell]) -> None:
        for cell, head in zip(cells, heads, strict=False):
            if cell[0] < cell[1]:
                self._cells.append((*cell, _said(text, head)))


def _said(text: str, head: Cell) -> str:
    """A head in words: `sort_code` is `sort code`."""
    return text[head[0] : head[1]].replace("_", " ")


def _lines(text: str) -> list[Cell]:
    breaks = [-1, *(found.start() for found in re.finditer("\n", text)), len(text)]
    return [(first + 1, last) for first, last in pairwise(breaks)]


def _likely(text: str, line: Cell) -> bool:
    start, end = line
    if not 5 < end - start < _LONGEST_LINE:
        return False
    return any(text.count(mark, start, end) >= 2 for mark in (*_DELIMITERS, "  "))


def _split(text: str, line: Cell, delimiter: str) -> list[Cell]:
    start, end = line
    if end - start > _LONGEST_LINE:
        return []
    cells: list[Cell] = []
    first, quoted = start, False
    for place in range(start, end):
        character = text[place]
        if character == '"':
            quoted = not quoted
        elif character == delimiter and not quoted:
            cells.append(_trimmed(text, first, place))
            first = place + 1
    cells.append(_trimmed(text, first, end))
    if delimiter == "|" and cells and cells[0][0] == cells[0][1]:
        cells = cells[1:]
    return cells


def _wide(text: str, start: int, end: int) -> list[Cell]:
    cells: list[Cell] = []
    first = start
    for gap in _WIDE.finditer(text, start, end):
        if gap.start() > first:
            cells.append((first, gap.start()))
        first = gap.end()
    if first < end:
        cells.append((first, end))
    return cells


def _trimmed(text: str, start: int, end: int) -> Cell:
    while start < end and text[start] in ' "':
        start += 1
    while end > start and text[end - 1] in ' "\r':
        end -= 1
    return start, end


def _is_head(text: str, heads: list[Cell]) -> bool:
    """Short words without digits, at most one cell empty."""
    empty = 0
    for start, end in heads:
        cell = text[start:end]
        empty += not cell
        if len(cell) > _LONGEST_HEAD or _NO_HEAD.search(cell) or cell.count(" ") > 4:
            return False
    return empty <= 1


def _ruler(text: str, line: Cell) -> bool:
    return not text[line[0] : line[1]].strip("-|:+= ")

"""Tables drawn with ruling lines: from the lines of a page and its characters to cells.

Lines are snapped to common positions; between neighbouring positions lie elementary cells; cells
with no line between them are one. Much cheaper than a second parser on the same page, and the
characters stay the ones that pdfium read.
"""

from bisect import bisect_right
from itertools import pairwise

from centaure.knowledge.parsing.layout.lines import Line, Table, clean
from centaure.knowledge.parsing.pdf.pdfium import PdfPage, Rule

_SNAP = 3.0
_MANY_RULES = 4000


def ruled_tables(page: PdfPage, lines: list[Line]) -> tuple[list[Table], list[Line]]:
    """The tables that ruling lines draw on a page, and the lines of text outside them."""
    rules = page.rules()
    vertical = [rule for rule in rules if rule.vertical]
    horizontal = [rule for rule in rules if not rule.vertical]
    if len(vertical) < 2 or len(horizontal) < 2 or len(rules) > _MANY_RULES:
        return [], lines
    tables: list[Table] = []
    for group_vertical, group_horizontal in _connected(vertical, horizontal):
        grid = _Grid(group_vertical, group_horizontal)
        if not grid.is_table:
            continue
        inside = [line for line in lines if grid.holds(line)]
        if not inside or not grid.divides(inside):
            continue
        table = grid.fill(page, inside)
        if table is not None:
            tables.append(table)
            lines = [line for line in lines if not grid.holds(line)]
    return tables, lines


def _connected(vertical: list[Rule], horizontal: list[Rule]) -> list[tuple[list[Rule], list[Rule]]]:
    """Groups of lines that touch one another."""
    rules = vertical + horizontal
    parent = list(range(len(rules)))

    def root(item: int) -> int:
        while parent[item] != item:
            parent[item] = parent[parent[item]]
            item = parent[item]
        return item

    by_top = sorted(range(len(vertical), len(rules)), key=lambda item: rules[item].top)
    tops = [rules[item].top for item in by_top]
    for number, rule in enumerate(vertical):
        low = bisect_right(tops, rule.top - _SNAP)
        high = bisect_right(tops, rule.bottom + _SNAP)
        for other in by_top[low:high]:
            crossing = rules[other]
            if crossing.left - _SNAP <= rule.left <= crossing.right + _SNAP:
                parent[root(other)] = root(number)
    groups: dict[int, tuple[list[Rule], list[Rule]]] = {}
    for number, rule in enumerate(rules):
        sides = groups.setdefault(root(number), ([], []))
        sides[0 if number < len(vertical) else 1].append(rule)
    return list(groups.values())


def _snapped(positions: list[float]) -> list[float]:
    """Positions in order, those closer than the tolerance made one."""
    kept: list[float] = []
    for position in sorted(positions):
        if not kept or position - kept[-1] > _SNAP:
            kept.append(position)
    return kept


class _Grid:
    def __init__(self, vertical: list[Rule], horizontal: list[Rule]) -> None:
        self._vertical = vertical
        self._horizontal = horizontal
        self.xs = _snapped([rule.left for rule in vertical])
        self.ys = _snapped([rule.top for rule in horizontal])
        self._columns = len(self.xs) - 1
        self._rows = len(self.ys) - 1

    @property
    def is_table(self) -> bool:
        """Whether there are at least two columns and two rows; a single frame is a box of text."""
        return (
            2 <= self._columns <= 60
            and 2 <= self._rows <= 400
            and min(right - left for left, right in pairwise(self.xs)) > 4
        )

    def holds(self, line: Line) -> bool:
        x, y = (line.left + line.right) / 2, (line.top + line.bottom) / 2
        return self.xs[0] - 1 <= x <= self.xs[-1] + 1 and self.ys[0] - 1 <= y <= self.ys[-1] + 1

    def divides(self, lines: list[Line]) -> bool:
        """Whether text may stand in two columns at least; in a framed box it stands in one."""
        touched = {bisect_right(self.xs, line.left + 1) for line in lines}
        touched |= {bisect_right(self.xs, line.right - 1) for line in lines}
        return len(touched) > 1

    def _merged(self) -> list[int]:
        """For each elementary cell, row by row, the first cell of the one that it belongs to."""
        owner = list(range(self._rows * self._columns))
        walls = [self._spans(self._vertical, x, upright=True) for x in self.xs]
        floors = [self._spans(self._horizontal, y, upright=False) for y in self.ys]
        for row in range(self._rows):
            middle_y = (self.ys[row] + self.ys[row + 1]) / 2
            for column in range(self._columns):
                middle_x = (self.xs[column] + self.xs[column + 1]) / 2
                cell = row * self._columns + column
                if column and not _covers(walls[column], middle_y):
                    owner[cell] = owner[cell - 1]
                elif row and not _covers(floors[row], middle_x):
                    owner[cell] = owner[cell - self._columns]
        return owner

    @staticmethod
    def _spans(rules: list[Rule], at: float, *, upright: bool) -> list[tuple[float, float]]:
        if upright:
            return [(r.top, r.bottom) for r in rules if abs(r.left - at) <= _SNAP]
        return [(r.left, r.right) for r in rules if abs(r.top - at) <= _SNAP]

    def fill(self, page: PdfPage, lines: list[Line]) -> Table | None:
        """The table with its text; None when fewer than two columns hold any."""
        owner = self._merged()
        cells: dict[int, list[str]] = {}
        for line in lines:
            previous_cell, previous_end = -1, -1
            for offset, character, box in page.characters(line.start, line.end):
                cell = owner[self._cell((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)]
                pieces = cells.setdefault(cell, [])
                if pieces and previous_cell == -1:
                    pieces.append("\n")
                elif cell != previous_cell or offset != previous_end:
                    pieces.append(" ")
                pieces.append(character)
                previous_cell, previous_end = cell, offset + 1
        texts = {
            cell: "\n".join(filter(None, map(clean, "".join(pieces).split("\n"))))
            for cell, pieces in cells.items()
        }
        rows = [
            tuple(texts.get(row * self._columns + column, "") for column in range(self._columns))
            for row in range(self._rows)
        ]
        used = [any(row[column] for row in rows) for column in range(self._columns)]
        if sum(used) < 2:
            return None
        rows = [
            tuple(cell for cell, kept in zip(row, used, strict=True) if kept)
            for row in rows
            if any(row)
        ]
        return Table(self.xs[0], self.ys[0], self.xs[-1], self.ys[-1], rows)

    def _cell(self, x: float, y: float) -> int:
        column = min(max(bisect_right(self.xs, x) - 1, 0), self._columns - 1)
        row = min(max(bisect_right(self.ys, y) - 1, 0), self._rows - 1)
        return row * self._columns + column


def _covers(spans: list[tuple[float, float]], position: float) -> bool:
    return any(start - _SNAP <= position <= end + _SNAP for start, end in spans)

"""The order in which a person reads a page: columns one after the other, bands from the top."""

from itertools import pairwise
from statistics import median

from centaure.knowledge.parsing.layout.lines import Line, Table, clean
from centaure.knowledge.parsing.pdf.pdfium import PdfPage

_SAMPLE = 5
_GUTTER = 9.0


def gutter_of_tables(tables: list[Table], width: float) -> float | None:
    """The middle of the white band between the tables of two columns; None where there is none.

    Where tables fill the columns too few lines of text are left to tell them by.
    """
    middle = width / 2
    left = max((table.right for table in tables if table.right < width * 0.6), default=None)
    right = min((table.left for table in tables if table.left > width * 0.4), default=None)
    if left is None or right is None or right - left < _GUTTER / 2:
        return None
    if any(table.left < middle < table.right for table in tables):
        return None
    return (left + right) / 2


def split_columns(
    page: PdfPage, lines: list[Line], width: float, known: float | None = None
) -> list[Line]:
    """Cuts in two the lines in which pdfium put both columns of a page side by side.

    Only where most long lines have a wide gap at one same place, with text of some length on both
    sides: the cells of a table are shorter, and its gaps many. A gutter already `known` is used.
    """
    gutter = _gutter_of_gaps(page, lines, width) if known is None else known
    if gutter is None:
        return lines
    result: list[Line] = []
    for line in lines:
        if line.left < gutter < line.right:
            result.extend(_cut(page, line, gutter))
        else:
            result.append(line)
    return result


def _gutter_of_gaps(page: PdfPage, lines: list[Line], width: float) -> float | None:
    long = [line for line in lines if line.right - line.left > width * 0.55]
    if len(long) < 6:
        return None
    step = max(1, len(long) // _SAMPLE)
    sample = long[::step][: _SAMPLE + 1]
    gaps: list[tuple[float, float]] = []
    for number, line in enumerate(sample):
        gap = _wide_gap(page, line)
        if gap is not None:
            gaps.append(gap)
        if number + 1 - len(gaps) > 0.4 * len(sample):
            return None
    # The gutter is what the gaps have in common.
    left, right = max(gap[0] for gap in gaps), min(gap[1] for gap in gaps)
    if right - left < _GUTTER / 2 or not width * 0.3 < (left + right) / 2 < width * 0.7:
        return None
    return (left + right) / 2


def _wide_gap(page: PdfPage, line: Line) -> tuple[float, float] | None:
    """The only wide gap between the words of a line, None where there are none or several."""
    gaps = [
        (before[1], after[0])
        for before, after in pairwise(sorted(page.words(line)))
        if after[0] - before[1] > max(_GUTTER, line.size * 0.9)
    ]
    return gaps[0] if len(gaps) == 1 else None


def _cut(page: PdfPage, line: Line, gutter: float) -> list[Line]:
    """A line cut where its characters pass the gutter; whole if a character lies on it."""
    cut: int | None = None
    left_end, right_start = line.left, line.right
    for offset, _, box in page.characters(line.start, line.end):
        if box[0] < gutter < box[2]:
            return [line]
        if box[0] >= gutter:
            cut = offset if cut is None else cut
            right_start = min(right_start, box[0])
        elif cut is not None:
            return [line]
        else:
            left_end = max(left_end, box[2])
    if cut is None or right_start - left_end < _GUTTER / 2:
        return [line]
    first, second = clean(page.text[line.start : cut]), clean(page.text[cut : line.end])
    if not first or not second:
        return [line]
    same = (line.size, line.bold, line.monospace)
    return [
        Line(first, line.start, cut, line.left, line.top, left_end, line.bottom, *same),
        Line(
            second,
            cut,
            line.end,
            right_start,
            line.top,
            line.right,
            line.bottom,
            *same,
            line.hyphen,
        ),
    ]


def reading_order(lines: list[Line], width: float, known: float | None = None) -> list[Line]:
    """Lines as they are read.

    The order of the content is kept when it runs down the page; two columns are read one after
    the other between the lines that cross them; content in disorder is read from top to bottom. A
    gutter already `known` is used.
    """
    if known is not None:
        return _by_columns(lines, known)
    if len(lines) < 4:
        return sorted(lines, key=lambda line: line.top) if _disordered(lines) else lines
    gutter = _gutter(lines, width)
    if gutter is not None:
        return _by_columns(lines, gutter)
    if _disordered(lines):
        return sorted(lines, key=lambda line: (round(line.top / 3), line.left))
    return lines


def _disordered(lines: list[Line]) -> bool:
    """Whether the content climbs the page more often than a few boxes beside the text would."""
    climbs = sum(1 for before, after in pairwise(lines) if after.bottom < before.top)
    return climbs > max(2, len(lines) * 0.12) or (len(lines) < 4 and climbs > 0)


def _gutter(lines: list[Line], width: float) -> float | None:
    """The middle of the white band between two columns of text, None where there is none."""
    body = [line for line in lines if line.right - line.left > width * 0.12]
    if len(body) < 10:
        return None
    narrow = [line for line in body if line.right - line.left < width * 0.55]
    if len(narrow) < 0.6 * len(body):
        return None
    for step in range(-8, 9):
        x = width * (0.5 + step * 0.02)
        left = [line for line in narrow if line.right <= x + 1]
        right = [line for line in narrow if line.left >= x - 1]
        if (
            len(left) + len(right) >= 0.95 * len(narrow)
            and min(len(left), len(right)) >= max(4, 0.2 * len(narrow))
            and median(line.right - line.left for line in left) > width * 0.22
            and median(line.right - line.left for line in right) > width * 0.22
            and _side_by_side(left, right)
        ):
            return x
    return None


def _side_by_side(left: list[Line], right: list[Line]) -> bool:
    top = max(min(line.top for line in left), min(line.top for line in right))
    bottom = min(max(line.bottom for line in left), max(line.bottom for line in right))
    return bottom - top > 40


def _by_columns(lines: list[Line], gutter: float) -> list[Line]:
    ordered: list[Line] = []
    band: list[Line] = []

    def close_band() -> None:
        ordered.extend(line for line in band if line.right <= gutter + 1)
        ordered.extend(line for line in band if line.right > gutter + 1)
        band.clear()

    for line in sorted(lines, key=lambda line: (round(line.top / 3), line.left)):
        if line.left < gutter - 1 and line.right > gutter + 1:
            close_band()
            ordered.append(line)
        else:
            band.append(line)
    close_band()
    return ordered

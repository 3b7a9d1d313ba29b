"""Tables to blocks, for every format: text of a table, header rows, ranges of cells."""

import re
from collections.abc import Iterable, Iterator, Sequence

from centaure.knowledge.parsing.blocks import Block, BlockKind, Box

_FIGURE = re.compile(r"[-+(]?[\d\s.,'   ]*\d[\d\s.,'   ]*[)%€$£]?(?:\s?[%€$£k])?")
_DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}(?:[-/.]\d{1,4})?(?:[ T]\d{1,2}:\d{2}(?::\d{2})?)?")
ROWS_PER_BLOCK = 200


def column_name(number: int) -> str:
    """The letters of column `number` (from 1): A, B … Z, AA."""
    letters = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def cell_range(first_row: int, last_row: int, first_column: int, last_column: int) -> str:
    """A range such as "A1:D20", rows and columns from 1; a single cell is "B3"."""
    start = f"{column_name(first_column)}{first_row}"
    end = f"{column_name(last_column)}{last_row}"
    return start if start == end else f"{start}:{end}"


def table_text(rows: Iterable[Sequence[str]]) -> str:
    """The cells of a row joined by " | ", a row a line; line ends inside a cell become spaces."""
    return "\n".join(" | ".join(" ".join(cell.split()) for cell in row).strip() for row in rows)


def _is_value(cell: str) -> bool:
    return bool(_FIGURE.fullmatch(cell) or _DATE.fullmatch(cell))


def header_row_count(rows: Sequence[Sequence[str]]) -> int:
    """1 where the first row names the columns, else 0.

    It does when it is text, mostly filled and without repeats, and the rows below differ from it:
    some column holds figures or dates below a word, or all its cells are short labels.
    """
    if len(rows) < 2:
        return 0
    first = [cell.strip() for cell in rows[0]]
    filled = [cell for cell in first if cell]
    if len(filled) < max(1, (len(first) + 1) // 2) or any(_is_value(cell) for cell in filled):
        return 0
    if len(set(filled)) < len(filled):
        return 0
    below = rows[1 : min(len(rows), 30)]
    for column, name in enumerate(first):
        values = [row[column].strip() for row in below if column < len(row) and row[column].strip()]
        if name and values and sum(map(_is_value, values)) >= 0.6 * len(values):
            return 1
    return int(len(first) > 1 and all(len(cell) <= 60 for cell in filled))


def rectangular(rows: Iterable[Sequence[str]]) -> list[tuple[str, ...]]:
    """Rows made of the same length with empty cells."""
    kept = [tuple(row) for row in rows]
    width = max((len(row) for row in kept), default=0)
    return [row + ("",) * (width - len(row)) for row in kept]


def table_block(  # noqa: PLR0913  # the fields of a block
    rows: Iterable[Sequence[str]],
    *,
    header_rows: int,
    page: int | None = None,
    sheet: str | None = None,
    cells: str | None = None,
    boxes: tuple[Box, ...] = (),
) -> Block:
    """A TABLE block."""
    square = rectangular(rows)
    return Block(
        BlockKind.TABLE,
        table_text(square),
        page=page,
        sheet=sheet,
        cells=cells,
        boxes=boxes,
        rows=tuple(square),
        header_rows=min(header_rows, len(square)),
    )


def split_table(
    rows: Sequence[Sequence[str]], header_rows: int, size: int = ROWS_PER_BLOCK
) -> Iterator[tuple[int, int, list[Sequence[str]]]]:
    """A long table in pieces of `size` rows, each with the header repeated.

    Yields (index of the first row, index of the last row, rows): the indexes count the rows of
    the piece itself in `rows`, the header's own rows included in the first piece only.
    """
    header = list(rows[:header_rows])
    if len(rows) <= header_rows + size:
        yield 0, len(rows) - 1, list(rows)
        return
    for start in range(header_rows, len(rows), size):
        piece = rows[start : start + size]
        first = 0 if start == header_rows else start
        yield first, start + len(piece) - 1, [*header, *piece]

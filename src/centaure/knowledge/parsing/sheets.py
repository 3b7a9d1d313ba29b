"""Rows of a sheet to table blocks, for workbooks, OpenDocument and CSV alike."""

import time
from collections.abc import Iterator, Sequence

from centaure.knowledge.parsing.blocks import Block, BlockKind
from centaure.knowledge.parsing.limits import Limits
from centaure.knowledge.parsing.summaries import SUMMARISED_FROM, table_summary
from centaure.knowledge.parsing.tables import (
    cell_range,
    header_row_count,
    rectangular,
    split_table,
    table_block,
)

_CLOCK_ROWS = 500


class SheetRoom:
    """What the sheets of one file may take together: cells, and processor time.

    A file stopped here is searchable as far as it was read; one that runs into the limits of its
    process is not read at all.
    """

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._cells = limits.sheet_cells
        self._end = time.process_time() + limits.sheet_seconds

    def take(self, cells: int) -> bool:
        """Whether so many cells more may be kept."""
        self._cells -= cells
        return self._cells >= 0

    @property
    def late(self) -> bool:
        return time.process_time() > self._end


class SheetRows:
    """The rows of one sheet that hold something, as many as the limits allow."""

    def __init__(self, room: SheetRoom) -> None:
        self._room = room
        self._limits = room.limits
        self._seen = 0
        self.rows: list[tuple[int, list[str]]] = []
        self.more_rows = False
        self.more_columns = False

    def add(self, number: int, cells: Sequence[str]) -> bool:
        """Keeps row `number` (from 1); False when no more row can be kept."""
        self._seen += 1
        if self._seen % _CLOCK_ROWS == 0 and self._room.late:
            self.more_rows = True
            return False
        if len(cells) > self._limits.sheet_columns:
            self.more_columns = self.more_columns or any(cells[self._limits.sheet_columns :])
            cells = cells[: self._limits.sheet_columns]
        last = next((i for i in range(len(cells), 0, -1) if cells[i - 1]), 0)
        if not last:
            return True
        if len(self.rows) >= self._limits.sheet_rows or not self._room.take(last):
            self.more_rows = True
            return False
        self.rows.append((number, list(cells[:last])))
        return True

    def warnings(self, sheet: str | None) -> Iterator[str]:
        of = f' of sheet "{sheet}"' if sheet else ""
        if self.more_rows:
            yield (
                f"Only the first {len(self.rows)} rows{of} were read. Split the table "
                "into smaller ones, or ask its owner for an extract."
            )
        if self.more_columns:
            yield f"Only the first {self._limits.sheet_columns} columns{of} were read."


def sheet_blocks(rows: SheetRows, sheet: str | None) -> tuple[tuple[Block, ...], tuple[str, ...]]:
    """The blocks of a sheet and its warnings: tables between empty rows, titles as paragraphs."""
    blocks: list[Block] = []
    for region in _regions(rows.rows):
        blocks.extend(_region_blocks(region, sheet))
    return tuple(blocks), tuple(rows.warnings(sheet))


def _regions(rows: list[tuple[int, list[str]]]) -> Iterator[list[tuple[int, list[str]]]]:
    """Runs of rows without an empty row between them."""
    region: list[tuple[int, list[str]]] = []
    for row in rows:
        if region and row[0] > region[-1][0] + 1:
            yield region
            region = []
        region.append(row)
    if region:
        yield region


def _region_blocks(region: list[tuple[int, list[str]]], sheet: str | None) -> Iterator[Block]:
    # Lines of one cell above a table are its title and notes, not its header.
    start = 0
    while start < len(region) and sum(map(bool, region[start][1])) == 1:
        start += 1
    if start == len(region) and len(region) > 3:
        start = 0
    for number, cells in region[:start]:
        column = next(i for i, cell in enumerate(cells) if cell)
        place = cell_range(number, number, column + 1, column + 1)
        yield Block(BlockKind.PARAGRAPH, cells[column], sheet=sheet, cells=place)
    table = region[start:]
    if not table:
        return
    square = rectangular(cells for _, cells in table)
    width = len(square[0])
    left = min(next((i for i, cell in enumerate(row) if cell), width) for row in square)
    square = [row[left:] for row in square]
    header = header_row_count(square)
    if len(square) - header >= SUMMARISED_FROM:
        place = cell_range(table[0][0], table[-1][0], left + 1, width)
        text = table_summary(square, header, title=sheet or "", cells=place, left=left + 1)
        yield Block(BlockKind.PARAGRAPH, text, sheet=sheet, cells=place)
    for first, last, rows in split_table(square, header):
        yield table_block(
            rows,
            header_rows=header,
            sheet=sheet,
            cells=cell_range(table[first][0], table[last][0], left + 1, width),
        )

"""The pieces that chunks are made of: a block, or as much of one as a chunk can hold."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace

from centaure.knowledge.language.sentences import sentences
from centaure.knowledge.parsing.blocks import Block, BlockKind, Box

HEADER_LINE = "---"
"""Stands in each column between a table's header and its rows."""

_LONGEST_HEADER = 100
_LONGEST_WORD = 400
_LONGEST_ROW = 10_000  # characters, about five chunks of ordinary length
"""Characters. A longer one (an encoded image, a key) is cut, or a chunk could be of any size."""
_ENDLESS = re.compile(rf"\S{{{_LONGEST_WORD}}}(?=\S)")
_WINDOW = 40_000
_LINE = re.compile(r"\S[^\n]*")
_WORD = re.compile(r"\S")
_LIST_MARK = re.compile(r"(?:[-–—•●▪◦‣*]|\(?\w{1,4}[.)°])\s")
_CLAUSE_ENDS = (
    re.compile(r"[;:]\s+|\s[–—]\s+|\n\s*|\s\|\s"),
    re.compile(r",\s+"),
    re.compile(r"\s+"),
)
_RANGE = re.compile(r"([A-Z]+)(\d+):([A-Z]+)(\d+)")


@dataclass(frozen=True, slots=True)
class TextPiece:
    """Characters `start` to `end` of a block's text, with `words` words."""

    block: Block
    start: int
    end: int
    words: int

    @property
    def text(self) -> str:
        """Its text, marked as a list item where it is one."""
        text = self.block.text[self.start : self.end]
        if (
            self.block.kind is BlockKind.LIST_ITEM
            and self.start == 0
            and not _LIST_MARK.match(text)
        ):
            return f"- {text}"
        return text

    @property
    def introduces(self) -> bool:
        """Whether what follows is what it announces."""
        return self.words < 60 and self.block.text.endswith(":", self.start, self.end)

    @property
    def cells(self) -> str | None:
        """The block's range: text is not cut by cells."""
        return self.block.cells

    def boxes(self) -> tuple[Box, ...]:
        """The boxes of its lines: those of the block in the proportion of the characters."""
        boxes, length = self.block.boxes, len(self.block.text)
        if not boxes or (self.start == 0 and self.end == length):
            return boxes
        first = self.start * len(boxes) // length
        last = -(-self.end * len(boxes) // length)
        return boxes[first:last]

    def split(
        self, wanted: int, room: int, limit: int
    ) -> "tuple[TextPiece | None, TextPiece | None]":
        """As many whole sentences as reach `wanted` words without passing `room`, and the rest.

        The first part is None when not even the first sentence fits in `room`; a sentence longer than
        `limit` is itself cut, at the clause that fits best.
        """
        text = self.block.text
        words, cut = 0, self.start
        for start, end in self._sentences():
            count = len(text[start:end].split())
            if words + count > room or words >= wanted:
                if words == 0 and count > limit:
                    return self._cut_at(_clause(text, start, end, min(room, limit)))
                break
            words, cut = words + count, end
        return self._cut_at(cut) if cut > self.start else (None, self)

    def _sentences(self) -> Iterator[tuple[int, int]]:
        """Its first sentences, or lines of code: as many as one chunk could hold, and more."""
        text = self.block.text[self.start : min(self.end, self.start + _WINDOW)]
        if self.block.kind is BlockKind.CODE:
            for line in _LINE.finditer(text):
                yield self.start + line.start(), self.start + line.end()
        else:
            for start, end in sentences(text, "simple"):
                yield self.start + start, self.start + end

    def _cut_at(self, cut: int) -> "tuple[TextPiece | None, TextPiece | None]":
        text = self.block.text
        head = text[self.start : cut].rstrip()
        words = len(head.split())
        word = _WORD.search(text, cut, self.end)
        tail = replace(self, start=word.start(), words=self.words - words) if word else None
        return replace(self, end=self.start + len(head), words=words), tail


def _clause(text: str, start: int, end: int, most: int) -> int:
    """Where to cut a sentence too long for any chunk: at the last clause that leaves `most` words."""
    limit = start
    for count, match in enumerate(re.finditer(r"\S+", text[start:end])):
        if count == max(most, 1):
            break
        limit = start + match.end()
    for pattern in _CLAUSE_ENDS:
        cuts = [match.end() for match in pattern.finditer(text, start, limit)]
        if cuts and cuts[-1] - start > (limit - start) // 2:
            return cuts[-1]
    return limit


@dataclass(frozen=True, slots=True)
class Table:
    """A table's rows as lines of text, with their numbers of words; `counts[i]` counts up to row i."""

    block: Block
    header: str
    header_words: int
    lines: list[str]
    counts: list[int]


@dataclass(frozen=True, slots=True)
class TablePiece:
    """Rows `first` to `last` (excluded) of a table, with its header."""

    table: Table
    first: int
    last: int

    introduces = False

    @property
    def block(self) -> Block:
        """The table's block."""
        return self.table.block

    @property
    def words(self) -> int:
        """Words of its header and rows."""
        counts = self.table.counts
        return self.table.header_words + counts[self.last] - counts[self.first]

    @property
    def text(self) -> str:
        """A row a line, the header first."""
        rows = "\n".join(self.table.lines[self.first : self.last])
        return (
            f"{self.table.header}\n{rows}"
            if self.table.header and rows
            else rows or self.table.header
        )

    @property
    def cells(self) -> str | None:
        """The range of its rows, where the block's range has one line for each row."""
        block = self.block
        match = _RANGE.fullmatch(block.cells or "")
        if match is None:
            return block.cells
        left, top, right, bottom = match[1], int(match[2]), match[3], int(match[4])
        header_rows = len(block.rows) - len(self.table.lines)
        if bottom - top + 1 != len(block.rows) or (self.first, self.last) == (
            0,
            len(self.table.lines),
        ):
            return block.cells
        return f"{left}{top + header_rows + self.first}:{right}{top + header_rows + self.last - 1}"

    def boxes(self) -> tuple[Box, ...]:
        """The boxes of its rows: those of the block in proportion."""
        boxes, total = self.block.boxes, len(self.table.lines)
        if not boxes or (self.first, self.last) == (0, total):
            return boxes
        return boxes[self.first * len(boxes) // total : -(-self.last * len(boxes) // total)]

    def split(
        self, wanted: int, room: int, limit: int
    ) -> "tuple[TablePiece | None, TablePiece | None]":
        """As many rows as reach `wanted` words without passing `room`, and the others.

        The first part is None when not even the first row fits in `room`, unless `room` is all that a
        chunk may hold (`limit`): a row is never cut.
        """
        counts = self.table.counts
        base = counts[self.first] - self.table.header_words
        last = min(
            bisect_right(counts, base + room) - 1,
            bisect_right(counts, base + wanted - 1),
            self.last,
        )
        if last <= self.first:
            if room < limit:
                return None, self
            last = self.first + 1
        tail = replace(self, first=last) if last < self.last else None
        return replace(self, last=last), tail


Piece = TextPiece | TablePiece


def piece_of(block: Block) -> Piece | None:
    """The whole block as a piece; None when it says nothing."""
    if block.kind is BlockKind.TABLE and block.rows:
        if all(sum(map(len, row)) <= _LONGEST_ROW for row in block.rows):
            return _table(block)
        # A row as long as a book is no row: a table that lays out a page, or a trap. It is read as text.
        block = replace(block, kind=BlockKind.PARAGRAPH, rows=(), header_rows=0)
    words = len(block.text.split())
    if not words:
        return None
    if len(block.text) > _LONGEST_WORD and _ENDLESS.search(block.text):
        block = replace(block, text=_ENDLESS.sub(r"\g<0> ", block.text))
        words = len(block.text.split())
    start = len(block.text) - len(block.text.lstrip())
    return TextPiece(block, start, len(block.text.rstrip()), words)


def _table(block: Block) -> TablePiece | None:
    lines = [" | ".join([" ".join(cell.split()) for cell in row]) for row in block.rows]
    header_rows = min(block.header_rows, len(lines) - 1)
    header_words = sum(len(line.replace("|", " ").split()) for line in lines[:header_rows])
    header = ""
    if header_words > _LONGEST_HEADER:
        header_rows = 0  # repeated, it would be most of each chunk: it is read once, as a row
    if header_rows:
        columns = " | ".join([HEADER_LINE] * len(block.rows[0]))
        header = "\n".join([*lines[:header_rows], columns])
    else:
        header_words = 0
    counts = [0]
    for line in lines[header_rows:]:
        counts.append(counts[-1] + len(line.replace("|", " ").split()))
    if counts[-1] + header_words == 0:
        return None
    table = Table(block, header, header_words, lines[header_rows:], counts)
    return TablePiece(table, 0, len(table.lines))

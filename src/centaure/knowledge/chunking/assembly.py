"""Pieces put together into chunks, so that a chunk ends where the document pauses."""

from collections import Counter
from dataclasses import replace

from centaure.knowledge.chunking.chunks import MAXIMUM_WORDS, MINIMUM_WORDS, Chunk
from centaure.knowledge.chunking.outline import Path, Section, sections
from centaure.knowledge.chunking.pieces import Piece, TablePiece, TextPiece
from centaure.knowledge.language import detect_language
from centaure.knowledge.parsing.blocks import BlockKind, ParsedDocument

_USUAL_WORDS = 300
"""What the parts of a long section are cut to, at most: short of the maximum, so that they can end
where a paragraph ends."""
_ENOUGH_WORDS = 60
"""A short section of so many words stands alone rather than beside half of the next one."""
_SAMPLE = 1200
"""Characters of a chunk that its language is told by."""
_FEW_WORDS = 40
"""Too few to tell a language by: the document's is taken."""


def chunk_document(document: ParsedDocument) -> list[Chunk]:
    """The chunks of a document, in order.

    No word is lost or added, but for the headers of tables, repeated in each part. Chunks have at most
    `MAXIMUM_WORDS` words (headings inside included), unless a single row of a table has more.
    """
    assembly = _Assembly()
    for section in sections(document):
        assembly.add(section)
    assembly.close()
    return _with_languages(assembly.chunks)


class _Assembly:
    """The chunk being put together, and those that are done."""

    def __init__(self) -> None:
        self.chunks: list[Chunk] = []
        self._pieces: list[tuple[Path, Piece]] = []
        self._words = 0  # of the pieces and of the headings that will stand between them
        self._group: object = None

    def add(self, section: Section) -> None:
        if self._pieces and not self._continues(section):
            self.close()
        self._group = section.group
        remaining = section.words
        target = self._target(remaining)
        waiting = section.pieces[::-1]
        while waiting:
            piece = waiting.pop()
            heading_words = self._heading_words_with(section.path)
            room = MAXIMUM_WORDS - self._words - heading_words
            if piece.words > room:
                if self._pieces and self._should_close_before(piece):
                    self._close_keeping_introduction()
                    target = self._target(remaining)
                    waiting.append(piece)
                    continue
                wanted = max(target, MINIMUM_WORDS) - self._words - heading_words
                head, tail = piece.split(max(wanted, 1), room, MAXIMUM_WORDS)
                if head is None:
                    self.close()
                    target = self._target(remaining)
                    waiting.append(piece)
                    continue
                if tail is not None:
                    waiting.append(tail)
                piece = head
            self._pieces.append((section.path, piece))
            self._words += piece.words + heading_words
            remaining -= piece.words
            if waiting and self._words >= target and not piece.introduces:
                self.close()
                target = self._target(remaining)

    def close(self) -> None:
        """End the chunk, if anything is in it."""
        if self._pieces:
            self.chunks.append(_chunk(len(self.chunks), self._pieces))
        self._pieces, self._words = [], 0

    def _close_keeping_introduction(self) -> None:
        """End the chunk, but leave the line that announces a list for the chunk of the list."""
        kept: list[tuple[Path, Piece]] = []
        if len(self._pieces) > 1 and self._pieces[-1][1].introduces:
            kept.append(self._pieces.pop())
        self.close()
        self._pieces = kept
        self._words = sum(piece.words for _, piece in kept)

    def _should_close_before(self, piece: Piece) -> bool:
        if self._words >= MINIMUM_WORDS:
            return True
        # A table that a chunk can hold is not cut for the sake of a chunk's length.
        return (
            isinstance(piece, TablePiece)
            and piece.words <= MAXIMUM_WORDS
            and self._words >= _ENOUGH_WORDS
        )

    def _target(self, remaining: int) -> int:
        """Words at which to end the chunk, so that a section is cut into parts of one length."""
        total = self._words + remaining
        if total <= MAXIMUM_WORDS:
            return MAXIMUM_WORDS
        return -(-total // -(-total // _USUAL_WORDS))

    def _continues(self, section: Section) -> bool:
        """Whether a section may share the chunk of what stands before it."""
        if section.group != self._group or self._words >= MINIMUM_WORDS:
            return False
        before = self._pieces[-1][0]
        if not _common(before, section.path) and max(len(before), len(section.path)) > 1:
            return False
        together = self._words + self._heading_words_with(section.path) + section.words
        return together <= MAXIMUM_WORDS or self._words < _ENOUGH_WORDS

    def _heading_words_with(self, path: Path) -> int:
        """Words of the headings that a piece under `path` would bring into the text."""
        if not self._pieces or self._pieces[-1][0] == path:
            return 0
        paths = [before for before, _ in self._pieces]
        return _heading_words([*paths, path]) - _heading_words(paths)


def _common(first: Path, second: Path) -> Path:
    """The headings above both."""
    length = 0
    for one, other in zip(first, second, strict=False):
        if one != other:
            break
        length += 1
    return first[:length]


def _shared(paths: list[Path]) -> Path:
    """The headings above all."""
    shared = paths[0]
    for path in paths:
        shared = _common(shared, path)
    return shared


def _inner_headings(paths: list[Path]) -> list[list[str]]:
    """For each piece, the headings that stand before it in the text of their chunk."""
    shown: set[tuple[int, str]] = set(_shared(paths))
    inner: list[list[str]] = []
    for path in paths:
        inner.append([heading[1] for heading in path if heading not in shown])
        shown.update(path)
    return inner


def _heading_words(paths: list[Path]) -> int:
    return sum(len(text.split()) for texts in _inner_headings(paths) for text in texts)


def _chunk(position: int, placed: list[tuple[Path, Piece]]) -> Chunk:
    paths = [path for path, _ in placed]
    text = ""
    previous: Piece | None = None
    for (_, piece), headings in zip(placed, _inner_headings(paths), strict=True):
        for heading in headings:
            text += f"\n\n{heading}" if text else heading
            previous = None
        text += (_separator(previous, piece) if text else "") + piece.text
        previous = piece
    pieces = [piece for _, piece in placed]
    boxes = tuple(box for piece in pieces for box in piece.boxes())
    pages = [box.page for box in boxes]
    pages += [
        page for piece in pieces if not piece.boxes() and (page := piece.block.page) is not None
    ]
    ranges = {piece.cells for piece in pieces}
    return Chunk(
        position=position,
        text=text,
        heading_path=tuple(heading[1] for heading in _shared(paths)),
        kind="table" if all(isinstance(piece, TablePiece) for piece in pieces) else "text",
        page_first=min(pages, default=None),
        page_last=max(pages, default=None),
        sheet=pieces[0].block.sheet,
        cells=_range(pieces[0].cells, pieces[-1].cells) if len(ranges) > 1 else ranges.pop(),
        boxes=boxes,
        language="",
    )


def _range(first: str | None, last: str | None) -> str | None:
    """From the first cell of one range to the last of another."""
    if first is None or last is None:
        return first or last
    return f"{first.partition(':')[0]}:{last.rpartition(':')[2]}"


def _separator(previous: Piece | None, piece: Piece) -> str:
    if previous is None:
        return "\n\n"
    if (
        isinstance(previous, TextPiece)
        and isinstance(piece, TextPiece)
        and previous.block is piece.block
    ):
        return piece.block.text[previous.end : piece.start]
    if piece.block.kind is BlockKind.LIST_ITEM and (
        previous.block.kind is BlockKind.LIST_ITEM or previous.introduces
    ):
        return "\n"
    return "\n\n"


def _with_languages(chunks: list[Chunk]) -> list[Chunk]:
    """The chunks with their languages; few words or none have that of the document."""
    found: list[str] = []
    votes: Counter[str] = Counter()
    for chunk in chunks:
        language = detect_language(" ".join((*chunk.heading_path, chunk.text[:_SAMPLE])))
        found.append(language)
        votes[language] += len(chunk.text)
    usual = max(votes, key=lambda language: votes[language], default="simple")
    result: list[Chunk] = []
    for chunk, language in zip(chunks, found, strict=True):
        spoken = usual if language == "simple" and _says_little(chunk) else language
        result.append(replace(chunk, language=spoken))
    return result


def _says_little(chunk: Chunk) -> bool:
    """Whether a chunk is too short, or a table, to tell its language."""
    return chunk.kind == "table" or len(chunk.text.split()) < _FEW_WORDS

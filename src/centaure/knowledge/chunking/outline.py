"""The sections of a document: its pieces under their headings."""

from collections.abc import Iterator
from dataclasses import dataclass

from centaure.knowledge.chunking.pieces import Piece, piece_of
from centaure.knowledge.parsing.blocks import Block, BlockKind, ParsedDocument

_LONGEST_HEADING = 40
"""Words. A longer heading is a paragraph in large print."""
_SLIDES = "pptx"

Path = tuple[tuple[int, str], ...]
"""Headings from the outermost in, each with its place in the document: two may have the same words."""


@dataclass(slots=True)
class Section:
    """Pieces under the same headings, on the same slide or sheet (`group`)."""

    path: Path
    group: object
    pieces: list[Piece]
    words: int = 0


def sections(document: ParsedDocument) -> Iterator[Section]:
    """The document's sections in order, none of them empty.

    A heading that has nothing under it, neither text nor another heading, is text of the section
    around it.
    """
    headings: list[tuple[int, int, str]] = []  # level, place, words
    section: Section | None = None
    blocks = document.blocks
    for place, block in enumerate(blocks):
        group = block.page if document.format == _SLIDES else block.sheet
        if _is_heading(block):
            level = max(block.level, 1)
            while headings and headings[-1][0] >= level:
                headings.pop()
            following = blocks[place + 1] if place + 1 < len(blocks) else None
            if following is not None and not _closes(following, level, block, document.format):
                headings.append((level, place, " ".join(block.text.split())))
                continue
        piece = piece_of(block)
        if piece is None:
            continue
        path = tuple((heading[1], heading[2]) for heading in headings)
        if section is None or section.path != path or section.group != group:
            if section is not None:
                yield section
            section = Section(path, group, [])
        section.pieces.append(piece)
        section.words += piece.words
    if section is not None:
        yield section


def _is_heading(block: Block) -> bool:
    return block.kind is BlockKind.HEADING and 0 < len(block.text.split()) <= _LONGEST_HEADING


def _closes(following: Block, level: int, heading: Block, form: str) -> bool:
    """Whether the block after a heading leaves it with nothing under it."""
    if form == _SLIDES and following.page != heading.page:
        return True
    return _is_heading(following) and max(following.level, 1) <= level

"""Plain text: paragraphs at empty lines, list items by their marks, headings only where plain."""

import re
from collections.abc import Iterator
from pathlib import Path

from centaure.knowledge.parsing.blocks import Block, BlockKind, ParsedDocument
from centaure.knowledge.parsing.encodings import decode_text
from centaure.knowledge.parsing.errors import FileTooLarge
from centaure.knowledge.parsing.layout.hyphens import Joiner
from centaure.knowledge.parsing.limits import Limits, megabytes

_PARAGRAPH_END = re.compile(r"\n[ \t]*(?:\n[ \t]*)+|\f")
_LIST_ITEM = re.compile(r"[ \t]*(?:[-*•–—]|\d{1,3}[.)])[ \t]+(?=\S)")
_UNDERLINE = re.compile(r"(?:={3,}|-{3,})[ \t]*")
_NUMBERED = re.compile(r"\d+(?:\.\d+)*\.?\s+[^\W\d_].*")
_LONGEST_HEADING = 80
_CUT_WORD = re.compile("\u00ad[ \\t]*\\r?\\n[ \\t]*")


def read_text(path: Path, limits: Limits) -> str:
    """The text of a file, whatever its encoding.

    Raises:
        FileTooLarge: the file is larger than a text may be.
    """
    size = path.stat().st_size
    if size > limits.text_bytes:
        raise FileTooLarge(
            f"The file holds {megabytes(size)} of text, more than {megabytes(limits.text_bytes)}. "
            "Split it into smaller ones."
        )
    return decode_text(path.read_bytes())[0]


def parse_text(path: Path, limits: Limits) -> ParsedDocument:
    """Reads a text file."""
    blocks = tuple(text_blocks(read_text(path, limits)))
    title = blocks[0].text if blocks and blocks[0].kind is BlockKind.HEADING else None
    return ParsedDocument("text", title, None, None, None, None, blocks)


def text_blocks(text: str) -> Iterator[Block]:
    """The blocks of a plain text, the words that line ends cut made whole."""
    text = _CUT_WORD.sub("", text)
    joiner = Joiner([text])
    for piece in _PARAGRAPH_END.split(text):
        lines = [line.rstrip() for line in piece.split("\n") if line.strip()]
        while lines:
            taken, block = _next_block(lines, joiner)
            lines = lines[taken:]
            if block is not None:
                yield block


def _next_block(lines: list[str], joiner: Joiner) -> tuple[int, Block | None]:
    first = lines[0].strip()
    if len(lines) > 1 and _UNDERLINE.fullmatch(lines[1]) and len(first) <= _LONGEST_HEADING:
        return 2, Block(BlockKind.HEADING, first, 1 if lines[1].startswith("=") else 2)
    if _UNDERLINE.fullmatch(first):
        return 1, None
    if len(lines) == 1 and _is_heading(first):
        return 1, Block(BlockKind.HEADING, first, 2)
    item = _LIST_ITEM.match(lines[0])
    taken = 1
    while taken < len(lines) and not _LIST_ITEM.match(lines[taken]):
        if _UNDERLINE.fullmatch(lines[taken]):
            break
        taken += 1
    if item is None:
        return taken, Block(BlockKind.PARAGRAPH, _flowed(lines[:taken], joiner))
    mark = item[0].strip()
    rest = [lines[0][item.end() :], *lines[1:taken]]
    text = _flowed(rest, joiner)
    return taken, Block(BlockKind.LIST_ITEM, f"{mark} {text}" if mark[0].isdigit() else text)


def _flowed(lines: list[str], joiner: Joiner) -> str:
    """Lines of one paragraph: joined where they were wrapped, kept where they are short."""
    short = len(lines) > 1 and max(map(len, lines[:-1])) < 50
    return joiner.join(((line.strip(), False) for line in lines), "\n" if short else " ")


def _is_heading(line: str) -> bool:
    """A lone short line in capitals, or numbered, that does not end as a sentence."""
    if len(line) > _LONGEST_HEADING or line.endswith((".", ",", ";", ":", "!", "?")):
        return False
    letters = [character for character in line if character.isalpha()]
    capitals = len(letters) > 3 and all(character.isupper() for character in letters)
    return capitals or (_NUMBERED.fullmatch(line) is not None and len(line.split()) > 1)

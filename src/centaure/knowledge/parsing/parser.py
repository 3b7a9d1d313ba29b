"""One file to one outcome, in this process: the format is told, its parser runs, faults get words.

Nothing here defends against a parser that hangs or eats the memory: `ParserProcess` does.
"""

import importlib
import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import cast

from centaure.knowledge.parsing.blocks import (
    Block,
    BlockKind,
    ParsedDocument,
    ParseOutcome,
    ParseStatus,
)
from centaure.knowledge.parsing.errors import FileTooLarge, NothingToRead, ParseFailure
from centaure.knowledge.parsing.layout.lines import PRINTED, as_typed
from centaure.knowledge.parsing.limits import DEFAULT_LIMITS, Limits, megabytes
from centaure.knowledge.parsing.quality import quality_warnings
from centaure.knowledge.parsing.signatures import detect_format

PARSER_VERSION = "2"
"""Changes when the blocks of some file may change, so that documents are parsed again."""

_PACKAGE = "centaure.knowledge.parsing"
_PARSERS = {
    "pdf": "pdf.document:parse_pdf",
    "docx": "word:parse_docx",
    "pptx": "slides:parse_pptx",
    "xlsx": "workbook:parse_xlsx",
    "ods": "opendocument:parse_ods",
    "odt": "opendocument:parse_odt",
    "html": "web:parse_html",
    "markdown": "markdown:parse_markdown",
    "text": "plain:parse_text",
    "csv": "delimited:parse_csv",
    "eml": "mail:parse_eml",
    "image": "images:parse_image",
}
FORMATS = frozenset(_PARSERS)
"""What `ParsedDocument.format` can be."""

_LONGEST_TITLE = 500
_log = logging.getLogger(__name__)


def parse_file(  # noqa: PLR0911  # a return for each kind of fault
    path: Path, name: str | None = None, limits: Limits = DEFAULT_LIMITS
) -> ParseOutcome:
    """Reads a file into blocks.

    Args:
        path: where its bytes are.
        name: its own name where `path` has another, for the formats that only a name tells apart.
        limits: how much of it is read at most.

    Returns:
        The outcome: a document when its status is PARSED, else a reason that a person can act on.
        No file makes it raise.
    """
    try:
        return _parsed(_read(path, name or path.name, limits), limits)
    except ParseFailure as failure:
        return ParseOutcome(failure.status, failure.reason, None)
    except MemoryError:
        return ParseOutcome(
            ParseStatus.TOO_LARGE,
            "Reading the file takes more memory than one file may take. Split it into smaller ones.",
            None,
        )
    except FileNotFoundError:
        return ParseOutcome(ParseStatus.CORRUPTED, "The file is no longer there.", None)
    except OSError as error:
        return ParseOutcome(
            ParseStatus.CORRUPTED,
            f"The file cannot be read from its disk ({error.strerror or 'input error'}). "
            "Check that it opens and that this service may read it.",
            None,
        )
    except RecursionError:
        return ParseOutcome(
            ParseStatus.CORRUPTED,
            "The file is nested more deeply than any ordinary document: it was not read.",
            None,
        )
    except Exception as error:  # noqa: BLE001  # the edge: libraries raise anything on damaged input
        _log.info("A parser failed on %s", path, exc_info=error)
        return ParseOutcome(
            ParseStatus.CORRUPTED,
            f"The file is damaged or unusual: reading it failed ({type(error).__name__}). Open it "
            "in its own program and save it again.",
            None,
        )


def _read(path: Path, name: str, limits: Limits) -> ParsedDocument:
    size = path.stat().st_size
    if size > limits.file_bytes:
        raise FileTooLarge(
            f"The file is {megabytes(size)} large, more than {megabytes(limits.file_bytes)}. "
            "Split it into smaller ones."
        )
    found = detect_format(path, name, limits)
    module, function = _PARSERS[found].split(":")
    parse = cast(
        "Callable[[Path, Limits], ParsedDocument]",
        getattr(importlib.import_module(f"{_PACKAGE}.{module}"), function),
    )
    return parse(path, limits)


def _parsed(document: ParsedDocument, limits: Limits) -> ParseOutcome:
    blocks, cut = _within(document.blocks, limits)
    if not any(block.text.strip() for block in blocks) and not document.attachments:
        raise NothingToRead("The file opens, and holds no text.")
    warnings = (*document.warnings, *cut, *quality_warnings(blocks))
    return ParseOutcome(ParseStatus.PARSED, "", replace(document, blocks=blocks, warnings=warnings))


def _within(blocks: tuple[Block, ...], limits: Limits) -> tuple[tuple[Block, ...], tuple[str, ...]]:
    """The blocks that the limits allow, and the words for those that they do not."""
    total = 0
    for number, block in enumerate(blocks):
        total += len(block.text)
        if number >= limits.blocks or total > limits.characters:
            words = (
                f"Only the beginning was read: {number} of {len(blocks)} blocks, about "
                f"{limits.characters} characters at most. Split the file into smaller ones."
            )
            kept = blocks[:number]
            if not kept:
                # A file of one endless paragraph still has a beginning.
                kept = (replace(block, text=block.text[: limits.characters], rows=()),)
            return _storable_blocks(kept), (words,)
    return _storable_blocks(blocks), ()


def _storable_blocks(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    kept = (_plainly_written(block) for block in blocks if block.text.strip())
    return tuple(block if _is_storable(block) else _storable_block(block) for block in kept)


def _plainly_written(block: Block) -> Block:
    """The block without the signs of print, so that its words are those that people type.

    A program that shows code shows its signs too.
    """
    if block.kind is BlockKind.CODE or not PRINTED.search(block.text):
        return block
    rows = tuple(tuple(map(as_typed, row)) for row in block.rows)
    return replace(block, text=as_typed(block.text), rows=rows)


def _is_storable(block: Block) -> bool:
    """Whether a database takes the text: no zero character, no half of a surrogate pair."""
    try:
        return b"\0" not in (block.text + (block.sheet or "")).encode()
    except UnicodeEncodeError:
        return False


def _storable(text: str) -> str:
    return text.replace("\0", "").encode(errors="replace").decode()


def _storable_block(block: Block) -> Block:
    rows = tuple(tuple(map(_storable, row)) for row in block.rows)
    sheet = None if block.sheet is None else _storable(block.sheet)
    return replace(block, text=_storable(block.text), rows=rows, sheet=sheet)

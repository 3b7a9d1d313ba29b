"""What a parser gives back: the document as a sequence of blocks, and how the reading went.

These types carry no behaviour that depends on a format. They are the contract between parsing and
everything above it.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class BlockKind(StrEnum):
    """What a block is in the document's structure."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list_item"
    TABLE = "table"
    CODE = "code"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page, in PDF points, origin at the top left, pages counted from 1.

    For an image the page is 1 and the unit is the pixel.
    """

    page: int
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Block:
    """One piece of a document, in reading order.

    Attributes:
        kind: what it is.
        text: its text; of a table, the cells of a row joined by " | ", a row a line.
        level: 1 to 6 for a heading, else 0.
        page: page of a PDF, or slide of a presentation, from 1.
        sheet: name of the sheet, in a workbook.
        cells: range in the sheet, such as "A1:D20".
        boxes: one per line of text, where the format has them.
        rows: the cells of a table, every row of the same length.
        header_rows: how many of `rows`, from the first, are the table's header.
    """

    kind: BlockKind
    text: str
    level: int = 0
    page: int | None = None
    sheet: str | None = None
    cells: str | None = None
    boxes: tuple[Box, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    header_rows: int = 0


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file inside a message: its name there, its media type and its bytes."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class ParsedDocument:
    """A file that was read.

    Attributes:
        format: "pdf", "docx", "pptx", "xlsx", "ods", "odt", "html", "markdown", "text", "csv",
            "eml" or "image".
        title: the document's own title, where it declares or clearly shows one.
        author: its declared author.
        created: when it says it was made; aware where the format knows the time zone.
        modified: when it says it was last changed.
        page_count: pages or slides, where the format has them.
        blocks: its content, in reading order.
        attachments: the files it carries.
        warnings: what a person should know about the quality of the reading, in words.
    """

    format: str
    title: str | None
    author: str | None
    created: datetime | None
    modified: datetime | None
    page_count: int | None
    blocks: tuple[Block, ...]
    attachments: tuple[Attachment, ...] = ()
    warnings: tuple[str, ...] = ()


class ParseStatus(StrEnum):
    """How the reading of a file ended."""

    PARSED = "parsed"
    EMPTY = "empty"
    PROTECTED = "protected"
    CORRUPTED = "corrupted"
    UNSUPPORTED = "unsupported"
    TOO_LARGE = "too_large"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class ParseOutcome:
    """How the reading of a file ended, why in a sentence ("" when parsed), and what it gave."""

    status: ParseStatus
    reason: str
    document: ParsedDocument | None

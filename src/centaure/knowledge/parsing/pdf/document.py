"""A PDF file to a parsed document."""

import re
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

from centaure.knowledge.parsing.blocks import Block, BlockKind, Box, ParsedDocument
from centaure.knowledge.parsing.errors import BrokenFile
from centaure.knowledge.parsing.layout.hyphens import Joiner
from centaure.knowledge.parsing.layout.lines import Line, Page, Table
from centaure.knowledge.parsing.layout.paragraphs import (
    LIST_MARK,
    Paragraph,
    in_columns_of_figures,
    page_items,
    typical_leading,
    without_leaders,
)
from centaure.knowledge.parsing.limits import Limits
from centaure.knowledge.parsing.ocr import OcrSession
from centaure.knowledge.parsing.pdf.furniture import remove_furniture
from centaure.knowledge.parsing.pdf.grids import ruled_tables
from centaure.knowledge.parsing.pdf.headings import HeadingFinder, body_size
from centaure.knowledge.parsing.pdf.order import gutter_of_tables, reading_order, split_columns
from centaure.knowledge.parsing.pdf.pdfium import PdfFile, PdfPage
from centaure.knowledge.parsing.tables import header_row_count, table_block

_DATE = re.compile(r"D:(\d{4})(\d{2})?(\d{2})?(\d{2})?(\d{2})?(\d{2})?(?:([+-])(\d{2})'?(\d{2})?)?")
_UNREADABLE = re.compile("[\ufffd\ue000-\uefff\x80-\x9f]")
_LITTLE_TEXT = 16
_OUTLINE_ENTRIES = 5000
_SENTENCE_END = re.compile(r"[.!?:;…»\"”)]$")


def parse_pdf(path: Path, limits: Limits) -> ParsedDocument:
    """Reads a PDF, recognising the pages that hold pictures of text.

    Raises:
        ParseFailure: see `errors`; `OcrUnavailable` carries no document, even if some pages have
            text, so that a file is never half read in silence.
    """
    file = PdfFile(path)
    try:
        return _parse(file, limits)
    finally:
        file.close()


def _parse(file: PdfFile, limits: Limits) -> ParsedDocument:
    warnings: list[str] = []
    pages: list[Page] = []
    scanned: list[int] = []
    damaged: list[int] = []
    count = min(file.page_count, limits.pages)
    if count < file.page_count:
        warnings.append(f"Only the first {count} of {file.page_count} pages were read.")
    for number in range(1, count + 1):
        try:
            with file.page(number) as page:
                content, is_scan = _read_page(page, number)
        except BrokenFile:
            damaged.append(number)
            continue
        pages.append(content)
        if is_scan:
            scanned.append(number)
    if damaged and not pages:
        raise BrokenFile("None of the pages of the PDF can be read. Print it to a new PDF.")
    if damaged:
        warnings.append(f"Damaged, not read: {_page_list(damaged)}.")
    if scanned:
        _recognise(file, pages, scanned, limits, warnings)
    remove_furniture(pages)
    information = file.metadata()
    blocks = _blocks(pages, file, limits)
    return ParsedDocument(
        format="pdf",
        title=information.get("Title", "").strip() or None,
        author=information.get("Author", "").strip() or None,
        created=pdf_date(information.get("CreationDate", "")),
        modified=pdf_date(information.get("ModDate", "")),
        page_count=file.page_count,
        blocks=tuple(blocks),
        warnings=tuple(warnings),
    )


def _read_page(page: PdfPage, number: int) -> tuple[Page, bool]:
    """A page's lines and tables, and whether it must be recognised from its picture."""
    content = Page(number, page.width, page.height)
    text = page.text
    inked = sum(map(len, text.split()))
    if inked < _LITTLE_TEXT:
        drawn = page.drawn()
        if drawn.image_share > 0.15 or drawn.paths > 200:
            return content, True
    if inked and _unreadable(text) > 0.3 * inked:
        return content, True
    lines = page.lines()
    if page.has_upright():
        content.tables, lines = ruled_tables(page, lines)
    content.gutter = gutter_of_tables(content.tables, page.width) if content.tables else None
    lines = split_columns(page, lines, page.width, content.gutter)
    content.lines = reading_order(lines, page.width, content.gutter)
    return content, False


def _unreadable(text: str) -> int:
    return 0 if text.isascii() else len(_UNREADABLE.findall(text))


def _recognise(
    file: PdfFile, pages: list[Page], scanned: list[int], limits: Limits, warnings: list[str]
) -> None:
    """Fills the scanned pages in place with what tesseract reads in their pictures."""
    session = OcrSession(limits)
    by_number = {page.number: page for page in pages}
    unread: list[int] = []
    for done, number in enumerate(scanned):
        if done >= limits.ocr_pages or session.exhausted:
            unread = scanned[done:]
            break
        page = by_number[number]
        scale = session.scale(page.width, page.height)
        session.fill(page, file.render(number, scale), scale)
    if unread:
        warnings.append(
            f"Not read: {_page_list(unread)}. They are pictures, and recognising the others took "
            "all the time that one file may take."
        )


def _page_list(numbers: list[int]) -> str:
    """Pages as a person writes them: "page 3", "pages 1 to 4, 9"."""
    ranges: list[list[int]] = []
    for number in numbers:
        if ranges and number == ranges[-1][1] + 1:
            ranges[-1][1] = number
        else:
            ranges.append([number, number])
    words = [f"{a}" if a == b else f"{a} to {b}" for a, b in ranges]
    return ("page " if len(numbers) == 1 else "pages ") + ", ".join(words)


def _blocks(pages: list[Page], file: PdfFile, limits: Limits) -> list[Block]:
    leading = typical_leading(pages)
    items = [item for page in pages for item in _page_items(page, leading)]
    paragraphs = [item for item, _ in items if isinstance(item, Paragraph)]
    headings = HeadingFinder(paragraphs, file.outline(_OUTLINE_ENTRIES), body_size(pages))
    joiner = Joiner(line.text for paragraph in paragraphs for line in paragraph.lines)
    blocks: list[Block] = []
    for item, page in items:
        if len(blocks) >= limits.blocks:
            break
        if isinstance(item, Table):
            blocks.append(_table(item, page, joiner))
            continue
        level = headings.level(item)
        block = _block(item, level, joiner)
        previous = blocks[-1] if blocks else None
        if previous is not None and _goes_on(previous, block):
            blocks[-1] = _joined(previous, block, joiner)
        elif block.text:
            blocks.append(block)
    return blocks


def _page_items(page: Page, leading: float) -> list[tuple[Paragraph | Table, int]]:
    return [(item, page.number) for item in page_items(page, leading)]


def _table(table: Table, page: int, joiner: Joiner) -> Block:
    rows = [
        tuple(joiner.join((part, False) for part in cell.split("\n")) for cell in row)
        for row in table.rows
    ]
    box = Box(
        page,
        round(table.left, 1),
        round(table.top, 1),
        round(table.right, 1),
        round(table.bottom, 1),
    )
    return table_block(rows, header_rows=header_row_count(rows), page=page, boxes=(box,))


def _block(paragraph: Paragraph, level: int, joiner: Joiner) -> Block:
    lines = paragraph.lines
    boxes = tuple(line.box(paragraph.page) for line in lines)
    if level:
        kind = BlockKind.HEADING
    elif len(lines) > 1 and all(line.monospace for line in lines):
        kind = BlockKind.CODE
    elif paragraph.listed:
        kind = BlockKind.LIST_ITEM
    else:
        kind = BlockKind.PARAGRAPH
    if kind is BlockKind.CODE or (len(lines) > 1 and _is_of_figures(lines)):
        text = "\n".join(line.text for line in lines)
    else:
        text = joiner.join((line.text, line.hyphen) for line in lines)
    text = without_leaders(text)
    if kind is BlockKind.LIST_ITEM:
        text = _plain_mark(text)
    return Block(kind, text, level, page=paragraph.page, boxes=boxes)


def _is_of_figures(lines: list[Line]) -> bool:
    """Whether half the lines are rows of figures."""
    return 2 * sum(map(in_columns_of_figures, lines)) >= len(lines)


def _plain_mark(text: str) -> str:
    """A list item without its bullet; a number or letter stays, others may refer to it."""
    match = LIST_MARK.match(text)
    if match and not any(character.isalnum() for character in match[0]):
        return text[match.end() :]
    return text


def _goes_on(previous: Block, block: Block) -> bool:
    """Whether a paragraph goes on at the top of the next page or column."""
    return (
        block.kind is BlockKind.PARAGRAPH
        and previous.kind in (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM)
        and bool(previous.boxes)
        and bool(block.boxes)
        and (
            block.boxes[0].page == previous.boxes[-1].page + 1
            or (
                block.boxes[0].page == previous.boxes[-1].page
                and block.boxes[0].top < previous.boxes[-1].top
            )
        )
        and block.text[:1].islower()
        and "\n" not in previous.text
        and not _SENTENCE_END.search(previous.text)
    )


def _joined(previous: Block, block: Block, joiner: Joiner) -> Block:
    text = joiner.join([(previous.text, False), (block.text, False)])
    return Block(previous.kind, text, page=previous.page, boxes=previous.boxes + block.boxes)


def pdf_date(value: str) -> datetime | None:
    """A PDF date such as "D:20240527114607+02'00'"; UTC where it names no zone."""
    match = _DATE.match(value)
    if match is None:
        return None
    year, month, day, hour, minute, second = (
        int(part) if part else default
        for part, default in zip(match.groups()[:6], (1, 1, 1, 0, 0, 0), strict=True)
    )
    zone = UTC
    if match[7]:
        offset = timedelta(hours=int(match[8]), minutes=int(match[9] or 0))
        zone = timezone(offset if match[7] == "+" else -offset)
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=zone)
    except ValueError:
        return None

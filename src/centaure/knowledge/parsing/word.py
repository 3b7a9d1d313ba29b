"""DOCX to blocks: body in order, lists, tables, text boxes, footnotes and the core properties."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast
from zipfile import BadZipFile

import docx
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.parser import parse_xml

from centaure.knowledge.parsing.archives import check_markup, open_package
from centaure.knowledge.parsing.blocks import Block, BlockKind, ParsedDocument
from centaure.knowledge.parsing.errors import BrokenFile
from centaure.knowledge.parsing.limits import Limits
from centaure.knowledge.parsing.tables import header_row_count, table_block

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_HEADING_STYLE = re.compile(r"(?:heading|titre|überschrift)\s*(\d)", re.IGNORECASE)
_LIST_STYLE = re.compile(r"^(?:list|liste|puce)", re.IGNORECASE)
_DEEPEST_TABLE = 5


def parse_docx(path: Path, limits: Limits) -> ParsedDocument:
    """Reads a Word document.

    Raises:
        ParseFailure: the package is damaged, protected or too large.
    """
    with open_package(path, limits) as package:
        check_markup(package, limits)
    try:
        document = docx.Document(str(path))
    except (PackageNotFoundError, KeyError, ValueError, BadZipFile) as error:
        raise BrokenFile(
            "The file is damaged: its parts do not make a Word document. Open it in Word and save "
            "it again."
        ) from error
    reader = _Reader(document)
    blocks = list(reader.blocks(cast("Any", document.element).body))
    blocks.extend(reader.notes())
    properties = document.core_properties
    title = properties.title.strip() or next(
        (b.text for b in blocks if b.kind is BlockKind.HEADING and b.level == 1), None
    )
    return ParsedDocument(
        "docx",
        title,
        properties.author.strip() or None,
        aware(properties.created),
        aware(properties.modified),
        None,
        tuple(blocks),
    )


def aware(moment: datetime | None) -> datetime | None:
    """A core property's date with its zone: the format writes UTC, the library forgets it."""
    if moment is None or moment.tzinfo is not None:
        return moment
    return moment.replace(tzinfo=UTC)


class _Reader:
    """Walks the markup: python-docx gives styles and parts, and hides text boxes and notes."""

    def __init__(self, document: Any) -> None:
        self._document = document
        self._levels: dict[str, int] = {}
        self._list_styles: set[str] = set()
        for style in document.styles.element.iter(f"{_W}style"):
            self._read_style(style)

    def _read_style(self, style: Any) -> None:
        identifier = style.get(f"{_W}styleId") or ""
        name_element = style.find(f"{_W}name")
        name = "" if name_element is None else name_element.get(f"{_W}val") or ""
        heading = _HEADING_STYLE.match(name)
        outline = style.find(f"{_W}pPr/{_W}outlineLvl")
        if name.lower() in ("title", "titre"):
            self._levels[identifier] = 1
        elif heading:
            self._levels[identifier] = min(6, max(1, int(heading[1])))
        elif outline is not None:
            level = int(outline.get(f"{_W}val") or 9)
            if level < 9:
                self._levels[identifier] = min(6, level + 1)
        if style.find(f"{_W}pPr/{_W}numPr") is not None or _LIST_STYLE.match(name):
            self._list_styles.add(identifier)

    def blocks(self, body: Any) -> Iterator[Block]:
        """The blocks of an element that holds paragraphs and tables."""
        for child in body:
            if child.tag == f"{_W}p":
                yield from self._paragraph(child)
            elif child.tag == f"{_W}tbl":
                yield from self._table(child, 0)
            elif child.tag in (f"{_W}sdt", f"{_W}customXml", f"{_W}ins"):
                content = child.find(f"{_W}sdtContent")
                yield from self.blocks(child if content is None else content)

    def _paragraph(self, paragraph: Any) -> Iterator[Block]:
        boxes: list[Any] = []
        text = _text(paragraph, boxes).strip()
        if text:
            yield self._block(paragraph, text)
        for box in boxes:
            yield from self.blocks(box)

    def _block(self, paragraph: Any, text: str) -> Block:
        properties = paragraph.find(f"{_W}pPr")
        style, numbered = "", False
        if properties is not None:
            style_element = properties.find(f"{_W}pStyle")
            style = "" if style_element is None else style_element.get(f"{_W}val") or ""
            number = properties.find(f"{_W}numPr/{_W}numId")
            numbered = number is not None and number.get(f"{_W}val") != "0"
            outline = properties.find(f"{_W}outlineLvl")
            if outline is not None and int(outline.get(f"{_W}val") or 9) < 6:
                return Block(BlockKind.HEADING, text, int(outline.get(f"{_W}val")) + 1)
        if style in self._levels:
            return Block(BlockKind.HEADING, text, self._levels[style])
        if numbered or style in self._list_styles:
            return Block(BlockKind.LIST_ITEM, text)
        return Block(BlockKind.PARAGRAPH, text)

    def _table(  # noqa: C901  # rows, cells, spans and inner tables in one walk
        self, table: Any, depth: int
    ) -> Iterator[Block]:
        rows: list[list[str]] = []
        inner: list[Any] = []
        headers = 0
        for row in table.iter(f"{_W}tr"):
            if next(row.iterancestors(f"{_W}tbl"), None) is not table:
                continue
            cells: list[str] = []
            for cell in row.iter(f"{_W}tc"):
                if next(cell.iterancestors(f"{_W}tr"), None) is not row:
                    continue
                inner.extend(child for child in cell if child.tag == f"{_W}tbl")
                cells.append(_cell_text(cell))
                span = cell.find(f"{_W}tcPr/{_W}gridSpan")
                count = 1 if span is None else int(span.get(f"{_W}val") or 1)
                cells.extend([""] * (min(count, 64) - 1))
            if row.find(f"{_W}trPr/{_W}tblHeader") is not None and headers == len(rows):
                headers += 1
            rows.append(cells)
        rows_used = [row for row in rows if any(row)]
        if max(map(len, rows_used), default=0) == 1:
            # A table of one column is a frame around text.
            for row in rows_used:
                yield Block(BlockKind.PARAGRAPH, row[0])
        elif rows_used:
            count = headers if headers and len(rows) == len(rows_used) else 0
            yield table_block(rows_used, header_rows=count or header_row_count(rows_used))
        if depth < _DEEPEST_TABLE:
            for table_inside in inner:
                yield from self._table(table_inside, depth + 1)

    def notes(self) -> Iterator[Block]:
        """Footnotes and endnotes, which the library does not read."""
        for part in self._document.part.package.iter_parts():
            name = str(part.partname)
            if not name.endswith(("/footnotes.xml", "/endnotes.xml")):
                continue
            for note in cast("Any", parse_xml(part.blob)):
                if note.get(f"{_W}type") in ("separator", "continuationSeparator"):
                    continue
                text = " ".join(_text(p, []).strip() for p in note.iter(f"{_W}p")).strip()
                if text:
                    yield Block(BlockKind.NOTE, text)


def _cell_text(cell: Any) -> str:
    parts = [_text(paragraph, []) for paragraph in cell if paragraph.tag == f"{_W}p"]
    for child in cell:
        if child.tag == f"{_W}sdt":
            parts.extend(_text(paragraph, []) for paragraph in child.iter(f"{_W}p"))
    return " ".join(part.strip() for part in parts if part.strip())


def _text(paragraph: Any, boxes: list[Any]) -> str:
    """The text of a paragraph as it stands with changes accepted; its text boxes go to `boxes`."""
    parts: list[str] = []
    stack = [paragraph]
    while stack:
        element = stack.pop()
        tag = element.tag
        if tag == f"{_W}t":
            parts.append(element.text or "")
        elif tag in (f"{_W}tab", f"{_W}ptab"):
            # Inside the properties a tab is a stop, not a character.
            parts.append("\t" if element.getparent().tag == f"{_W}r" else "")
        elif tag in (f"{_W}br", f"{_W}cr"):
            parts.append("\n")
        elif tag == f"{_W}noBreakHyphen":
            parts.append("-")
        elif tag == f"{_W}txbxContent":
            boxes.append(element)
        elif tag not in (f"{_W}del", f"{_W}pPr", f"{_W}rPr", f"{_W}instrText", _FALLBACK):
            stack.extend(reversed(element))
    return "".join(parts)

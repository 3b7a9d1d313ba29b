"""OpenDocument text and spreadsheets to blocks, streamed from `content.xml`.

Read with the standard library's parser rather than odfpy, which builds the whole tree in Python
objects: a sheet of a million repeated rows is a few bytes here and gigabytes there. Expat resolves
no external entity and bounds the growth of internal ones.
"""

import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import cast
from xml.etree.ElementTree import (  # see the head of this file
    Element,
    ParseError,
    XMLPullParser,
)

from centaure.knowledge.parsing.archives import check_markup, open_package, read_member
from centaure.knowledge.parsing.blocks import Block, BlockKind, ParsedDocument
from centaure.knowledge.parsing.errors import BrokenFile
from centaure.knowledge.parsing.limits import MEBIBYTE, Limits
from centaure.knowledge.parsing.sheets import SheetRoom, SheetRows, sheet_blocks
from centaure.knowledge.parsing.tables import header_row_count, table_block

_OASIS = "{urn:oasis:names:tc:opendocument:xmlns:"
_TEXT = f"{_OASIS}text:1.0}}"
_TABLE = f"{_OASIS}table:1.0}}"
_OFFICE = f"{_OASIS}office:1.0}}"
_META = f"{_OASIS}meta:1.0}}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_PIECE = 256 * 1024
_DEEPEST = 200
_MOST_DIGITS = 9
_SKIPPED = (f"{_OFFICE}annotation", f"{_TEXT}tracked-changes", f"{_TEXT}note-citation")


def parse_odt(path: Path, limits: Limits) -> ParsedDocument:
    """Reads an OpenDocument text."""
    with open_package(path, limits) as package:
        check_markup(package, limits)
        meta = _metadata(package)
        blocks: list[Block] = []
        for element in _body(package):
            blocks.extend(_blocks(element, 0))
    title = meta["title"] or next(
        (b.text for b in blocks if b.kind is BlockKind.HEADING and b.level == 1), None
    )
    return ParsedDocument(
        "odt",
        title,
        meta["author"],
        _moment(meta["created"]),
        _moment(meta["modified"]),
        None,
        tuple(blocks),
    )


def parse_ods(path: Path, limits: Limits) -> ParsedDocument:
    """Reads an OpenDocument spreadsheet, row by row."""
    blocks: list[Block] = []
    notes: list[str] = []
    with open_package(path, limits) as package:
        check_markup(package, limits)
        meta = _metadata(package)
        for name, rows in _sheets(package, limits):
            found, warnings = sheet_blocks(rows, name)
            blocks.extend(found)
            notes.extend(warnings)
    return ParsedDocument(
        "ods",
        meta["title"],
        meta["author"],
        _moment(meta["created"]),
        _moment(meta["modified"]),
        None,
        tuple(blocks),
        warnings=tuple(notes),
    )


def _events(package: zipfile.ZipFile) -> Iterator[tuple[str, Element]]:
    """Starts and ends of the elements of the content, as they are unpacked."""
    parser: XMLPullParser[Element] = XMLPullParser(("start", "end"))
    depth = 0
    try:
        with package.open("content.xml") as stream:
            while piece := stream.read(_PIECE):
                parser.feed(piece)
                for kind, element in _read(parser):
                    depth += 1 if kind == "start" else -1
                    if depth > _DEEPEST:
                        raise BrokenFile(
                            "The file is nested more deeply than any ordinary document: it was "
                            "not read."
                        )
                    yield kind, element
            parser.close()
    except (KeyError, ParseError, zipfile.BadZipFile, OSError, EOFError) as error:
        raise BrokenFile(
            "The file is damaged: its content cannot be read. Open it in LibreOffice and save it "
            "again."
        ) from error


def _read(parser: "XMLPullParser[Element]") -> Iterator[tuple[str, Element]]:
    """The events so far: with "start" and "end" alone, each comes with an element."""
    return cast("Iterator[tuple[str, Element]]", parser.read_events())


def _body(package: zipfile.ZipFile) -> Iterator[Element]:
    """The complete children of the text's body, each freed once it was used."""
    body: Element | None = None
    depth = 0
    for kind, element in _events(package):
        if body is None:
            body = element if kind == "start" and element.tag == f"{_OFFICE}text" else None
        elif kind == "start":
            depth += 1
        elif depth:
            depth -= 1
            if depth == 0:
                yield element
                body.remove(element)


def _metadata(package: zipfile.ZipFile) -> dict[str, str | None]:
    found: dict[str, str | None] = dict.fromkeys(("title", "author", "created", "modified"))
    if "meta.xml" not in package.namelist():
        return found
    parser: XMLPullParser[Element] = XMLPullParser(("end",))
    names = {
        f"{_DC}title": "title",
        f"{_META}initial-creator": "author",
        f"{_DC}creator": "author",
        f"{_META}creation-date": "created",
        f"{_DC}date": "modified",
    }
    try:
        parser.feed(read_member(package, "meta.xml", 4 * MEBIBYTE))
        for _, element in _read(parser):
            if element.tag in names:
                key = names[element.tag]
                found[key] = found[key] or (element.text or "").strip() or None
    except (ParseError, BrokenFile):
        # Damaged information takes nothing away from the content.
        return found
    return found


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        # The format allows nine decimals of a second, Python six.
        moment = datetime.fromisoformat(text[:26] if "." in text else text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _blocks(element: Element, depth: int) -> Iterator[Block]:
    tag = element.tag
    if depth > _DEEPEST or tag in _SKIPPED:
        return
    if tag == f"{_TEXT}h":
        level = _number(element.get(f"{_TEXT}outline-level"), 1)
        yield from _with_notes(element, BlockKind.HEADING, min(6, max(1, level)))
    elif tag == f"{_TEXT}p":
        title = element.get(f"{_TEXT}style-name") == "Title"
        kind = BlockKind.HEADING if title else BlockKind.PARAGRAPH
        yield from _with_notes(element, kind, int(title))
    elif tag == f"{_TEXT}list":
        for item in _list_paragraphs(element):
            yield from _with_notes(item, BlockKind.LIST_ITEM, 0)
    elif tag == f"{_TABLE}table":
        yield from _table(element)
    else:
        for child in element:
            yield from _blocks(child, depth + 1)


def _list_paragraphs(element: Element) -> Iterator[Element]:
    for found in element.iter():
        if found.tag in (f"{_TEXT}p", f"{_TEXT}h"):
            yield found


def _with_notes(element: Element, kind: BlockKind, level: int) -> Iterator[Block]:
    notes: list[Element] = []
    boxes: list[Element] = []
    text = _text(element, notes, boxes).strip()
    if text:
        yield Block(kind, text, level)
    for box in boxes:
        for child in box:
            yield from _blocks(child, 1)
    for note in notes:
        text = " ".join(_text(p, [], []).strip() for p in note.iter(f"{_TEXT}p")).strip()
        if text:
            yield Block(BlockKind.NOTE, text)


def _text(element: Element, notes: list[Element], boxes: list[Element]) -> str:
    """The text of a paragraph; its notes and text boxes are put aside."""
    parts: list[str] = [element.text or ""]
    for child in element:
        tag = child.tag
        if tag == f"{_TEXT}note":
            notes.append(child)
        elif tag == f"{_OASIS}drawing:1.0}}text-box":
            boxes.append(child)
        elif tag == f"{_TEXT}s":
            parts.append(" " * min(100, _number(child.get(f"{_TEXT}c"), 1)))
        elif tag == f"{_TEXT}tab":
            parts.append("\t")
        elif tag == f"{_TEXT}line-break":
            parts.append("\n")
        elif tag not in _SKIPPED:
            parts.append(_text(child, notes, boxes))
        parts.append(child.tail or "")
    return "".join(parts)


def _number(text: str | None, default: int) -> int:
    if text is None or len(text) > _MOST_DIGITS or not (text.isascii() and text.isdigit()):
        return default
    return int(text)


def _table(element: Element) -> Iterator[Block]:
    rows: list[list[str]] = []
    header_rows = sum(
        len(list(header.iter(f"{_TABLE}table-row")))
        for header in element.iter(f"{_TABLE}table-header-rows")
    )
    for row in element.iter(f"{_TABLE}table-row"):
        cells: list[str] = []
        for cell in row:
            if cell.tag in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
                text = _cell_paragraphs(cell)
                repeat = _number(cell.get(f"{_TABLE}number-columns-repeated"), 1)
                cells.extend([text] * min(repeat, 64 if text else 1))
        if any(cells):
            rows.append(cells)
    if max(map(len, rows), default=0) == 1:
        for row in rows:
            yield Block(BlockKind.PARAGRAPH, row[0])
    elif rows:
        yield table_block(rows, header_rows=header_rows or header_row_count(rows))


def _cell_paragraphs(cell: Element) -> str:
    return " ".join(_text(p, [], []).strip() for p in cell.iter(f"{_TEXT}p")).strip()


def _sheets(package: zipfile.ZipFile, limits: Limits) -> Iterator[tuple[str, SheetRows]]:
    room = SheetRoom(limits)
    name, rows, number, full = "", SheetRows(room), 0, False
    for kind, element in _events(package):
        if kind == "start":
            if element.tag == f"{_TABLE}table":
                name = element.get(f"{_TABLE}name") or ""
                rows, number, full = SheetRows(room), 0, False
        elif element.tag == f"{_TABLE}table-row":
            cells = [] if full else _sheet_cells(element, limits)
            repeat = _number(element.get(f"{_TABLE}number-rows-repeated"), 1)
            if any(cells) and not full:
                for offset in range(1, min(repeat, limits.sheet_rows + 1) + 1):
                    if not rows.add(number + offset, cells):
                        full = True
                        break
            number += repeat
            element.clear()
        elif element.tag == f"{_TABLE}table":
            element.clear()
            yield name, rows


def _sheet_cells(row: Element, limits: Limits) -> list[str]:
    cells: list[str] = []
    for cell in row:
        if cell.tag not in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
            continue
        repeat = _number(cell.get(f"{_TABLE}number-columns-repeated"), 1)
        room = limits.sheet_columns + 1 - len(cells)
        cells.extend([_value(cell)] * min(repeat, max(0, room)))
    return cells


def _value(cell: Element) -> str:
    """A cell as a person reads it: dates in ISO form, numbers whole, else what it shows."""
    kind = cell.get(f"{_OFFICE}value-type")
    if kind == "date":
        return (cell.get(f"{_OFFICE}date-value") or "").replace("T00:00:00", "").replace("T", " ")
    if kind == "float":
        value = cell.get(f"{_OFFICE}value") or ""
        try:
            return f"{float(value):.15g}"
        except ValueError:
            return value
    return " ".join(_cell_paragraphs(cell).split())

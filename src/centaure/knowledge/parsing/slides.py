"""PPTX to blocks: a slide a page, its title, text, tables and speaker's notes."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, cast
from zipfile import BadZipFile

import pptx
from pptx.exc import PackageNotFoundError, PythonPptxError

from centaure.knowledge.parsing.archives import check_markup, open_package
from centaure.knowledge.parsing.blocks import Block, BlockKind, Box, ParsedDocument
from centaure.knowledge.parsing.errors import BrokenFile
from centaure.knowledge.parsing.limits import Limits
from centaure.knowledge.parsing.pictures import SlidePictures
from centaure.knowledge.parsing.tables import header_row_count, table_block
from centaure.knowledge.parsing.word import aware

_EMU_PER_POINT = 12_700
_DEEPEST_GROUP = 20
_MOST_SLIDES = 5_000
# Placeholder types of the format: title, centred title, and the furniture of a slide.
_TITLES = (1, 3)
_FURNITURE = (13, 15, 16)


def parse_pptx(path: Path, limits: Limits) -> ParsedDocument:
    """Reads a presentation; boxes are in points of the slide.

    Raises:
        ParseFailure: the package is damaged, protected or too large.
    """
    with open_package(path, limits) as package:
        check_markup(package, limits)
    try:
        deck = pptx.Presentation(str(path))
    except (PackageNotFoundError, PythonPptxError, KeyError, ValueError, BadZipFile) as error:
        raise BrokenFile(
            "The file is damaged: its parts do not make a presentation. Open it in its own program "
            "and save it again."
        ) from error
    blocks: list[Block] = []
    slides = list(cast("Any", deck).slides)
    warnings: tuple[str, ...] = ()
    if len(slides) > _MOST_SLIDES:
        warnings = (f"Only the first {_MOST_SLIDES} of {len(slides)} slides were read.",)
    size = (cast("Any", deck).slide_width or 1) * (cast("Any", deck).slide_height or 1)
    pictures = SlidePictures(limits, size)
    for number, slide in enumerate(slides[:_MOST_SLIDES], start=1):
        blocks.extend(_slide_blocks(slide, number, pictures))
    properties = cast("Any", deck.core_properties)
    title = properties.title.strip() or next(
        (b.text for b in blocks if b.kind is BlockKind.HEADING), None
    )
    return ParsedDocument(
        "pptx",
        None if title == "PowerPoint Presentation" else title,
        properties.author.strip() or None,
        aware(properties.created),
        aware(properties.modified),
        len(slides),
        tuple(blocks),
        warnings=(*warnings, *pictures.warnings()),
    )


def _slide_blocks(slide: Any, number: int, pictures: SlidePictures) -> Iterator[Block]:
    shapes = list(_flat(slide.shapes, 0))
    titles = [shape for shape in shapes if _placeholder(shape) in _TITLES]
    others = [
        shape
        for shape in shapes
        if _placeholder(shape) not in _TITLES and _placeholder(shape) not in _FURNITURE
    ]
    others.sort(key=lambda shape: (shape.top or 0, shape.left or 0))
    for shape in titles:
        text = " ".join(shape.text_frame.text.split())
        if text:
            yield Block(BlockKind.HEADING, text, 1, page=number, boxes=_box(shape, number))
    for shape in others:
        yield from _shape_blocks(shape, number)
        for block in pictures.blocks(shape):
            yield replace(block, page=number, boxes=_box(shape, number))
    if slide.has_notes_slide:
        frame = slide.notes_slide.notes_text_frame
        text = "" if frame is None else frame.text.strip()
        if text:
            yield Block(BlockKind.NOTE, text, page=number)


def _flat(shapes: Any, depth: int) -> Iterator[Any]:
    """The shapes of a slide, those of groups too."""
    for shape in shapes:
        if hasattr(shape, "shapes"):
            if depth < _DEEPEST_GROUP:
                yield from _flat(shape.shapes, depth + 1)
        else:
            yield shape


def _placeholder(shape: Any) -> int | None:
    if not shape.is_placeholder:
        return None
    kind = shape.placeholder_format.type
    return None if kind is None else int(kind)


def _box(shape: Any, number: int) -> tuple[Box, ...]:
    if shape.left is None or shape.top is None or shape.width is None or shape.height is None:
        return ()
    left, top = shape.left / _EMU_PER_POINT, shape.top / _EMU_PER_POINT
    right = left + shape.width / _EMU_PER_POINT
    bottom = top + shape.height / _EMU_PER_POINT
    return (Box(number, round(left, 1), round(top, 1), round(right, 1), round(bottom, 1)),)


def _shape_blocks(shape: Any, number: int) -> Iterator[Block]:
    box = _box(shape, number)
    if shape.has_text_frame:
        paragraphs = [
            (paragraph, " ".join(paragraph.text.replace("\v", " ").split()))
            for paragraph in shape.text_frame.paragraphs
        ]
        filled = [(paragraph, text) for paragraph, text in paragraphs if text]
        listed = shape.is_placeholder and len(filled) > 1
        for paragraph, text in filled:
            item = listed or paragraph.level > 0
            kind = BlockKind.LIST_ITEM if item else BlockKind.PARAGRAPH
            yield Block(kind, text, page=number, boxes=box)
    elif getattr(shape, "has_table", False):
        table = shape.table
        rows = [[" ".join(cell.text.split()) for cell in row.cells] for row in table.rows]
        if any(any(row) for row in rows):
            count = int(bool(table.first_row)) or header_row_count(rows)
            yield table_block(rows, header_rows=count, page=number, boxes=box)
    elif getattr(shape, "has_chart", False):
        yield from _chart(shape, number, box)


def _chart(shape: Any, number: int, box: tuple[Box, ...]) -> Iterator[Block]:
    """A chart's figures as a table: categories down, series across."""
    plots = list(shape.chart.plots)
    if not plots:
        return
    categories = [str(category) for category in plots[0].categories]
    series = [(str(one.name), list(one.values)) for one in plots[0].series]
    if not categories or not series:
        return
    rows = [["", *(name for name, _ in series)]]
    for index, category in enumerate(categories):
        values = [values[index] if index < len(values) else None for _, values in series]
        rows.append([category, *("" if value is None else f"{value:g}" for value in values)])
    yield table_block(rows, header_rows=1, page=number, boxes=box)

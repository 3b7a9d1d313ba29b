"""Pictures of text: opened within a limit of pixels, then recognised, a frame a page."""

import importlib
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO, cast

from centaure.knowledge.parsing.blocks import Block, BlockKind, ParsedDocument
from centaure.knowledge.parsing.errors import BrokenFile, FileTooLarge
from centaure.knowledge.parsing.layout.hyphens import Joiner
from centaure.knowledge.parsing.layout.lines import Page, Table
from centaure.knowledge.parsing.layout.paragraphs import page_items
from centaure.knowledge.parsing.limits import Limits
from centaure.knowledge.parsing.ocr import OcrSession

_MOST_FRAMES = 300
_SMALL = 1000


def open_image(path: Path | BinaryIO, pixels: int) -> Any:
    """A PIL image, not yet decoded.

    Raises:
        FileTooLarge: decoding it would give more than `pixels`.
        BrokenFile: it is no image that can be read.
    """
    image_module = cast("Any", importlib.import_module("PIL.Image"))
    image_module.MAX_IMAGE_PIXELS = pixels
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            image = image_module.open(path)
    except image_module.DecompressionBombError as error:
        raise _too_many(pixels) from error
    except (OSError, SyntaxError, ValueError) as error:
        raise BrokenFile("The image is damaged: it cannot be opened.") from error
    if image.width * image.height > pixels:
        image.close()
        raise _too_many(pixels)
    return image


def _too_many(pixels: int) -> FileTooLarge:
    return FileTooLarge(
        f"The image has more than {pixels // 1_000_000} million pixels. Save it smaller."
    )


def upright(image: Any) -> Any:
    """The frame as it is shown: decoded, turned as its camera says, in grey or colour.

    Raises:
        BrokenFile: its data are damaged.
    """
    operations = cast("Any", importlib.import_module("PIL.ImageOps"))
    try:
        shown = operations.exif_transpose(image)
        if shown.mode in ("RGBA", "LA", "P", "PA"):
            # Transparent parts are paper, not ink.
            module = cast("Any", importlib.import_module("PIL.Image"))
            layer = shown.convert("RGBA")
            paper = module.new("RGBA", layer.size, "white")
            shown = module.alpha_composite(paper, layer)
        return shown.convert("RGB")
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise BrokenFile("The image is damaged: its data cannot be decoded.") from error


def parse_image(path: Path, limits: Limits) -> ParsedDocument:
    """Recognises the text of an image; boxes are in pixels of the image as shown."""
    image = open_image(path, limits.pixels)
    with image:
        frames = min(getattr(image, "n_frames", 1), _MOST_FRAMES)
        if image.format in ("GIF", "WEBP", "PNG"):
            frames = 1
        session: OcrSession | None = None
        pages: list[Page] = []
        notes: list[str] = []
        for number in range(frames):
            if session is not None and session.exhausted:
                notes.append(f"Only the first {number} of {frames} pages were recognised in time.")
                break
            image.seek(number)
            if image.width * image.height > limits.pixels:
                raise _too_many(limits.pixels)
            shown = upright(image)
            session = session or OcrSession(limits)
            scale = 2.0 if max(shown.size) < _SMALL else 1.0
            picture = shown if scale == 1.0 else shown.resize((shown.width * 2, shown.height * 2))
            page = Page(number + 1, shown.width, shown.height)
            session.fill(page, picture, scale)
            pages.append(page)
    blocks = page_blocks(pages)
    return ParsedDocument(
        "image", None, None, None, None, len(pages), blocks, warnings=tuple(notes)
    )


def page_blocks(pages: Sequence[Page]) -> tuple[Block, ...]:
    """The paragraphs and list items of recognised pages."""
    joiner = Joiner(line.text for page in pages for line in page.lines)
    blocks: list[Block] = []
    for page in pages:
        for item in page_items(page, 1.3):
            if not isinstance(item, Table):
                text = joiner.join((line.text, line.hyphen) for line in item.lines)
                boxes = tuple(line.box(page.number) for line in item.lines)
                kind = BlockKind.LIST_ITEM if item.listed else BlockKind.PARAGRAPH
                blocks.append(Block(kind, text, page=page.number, boxes=boxes))
    return tuple(blocks)

"""The picture of a page with a passage highlighted: where its words stand, else its boxes."""

import importlib
import io
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, cast

from centaure.knowledge.parsing.blocks import Box
from centaure.knowledge.parsing.errors import NothingToRead, UnsupportedFile
from centaure.knowledge.parsing.images import open_image, upright
from centaure.knowledge.parsing.limits import DEFAULT_LIMITS, Limits
from centaure.knowledge.parsing.pdf.pdfium import PdfFile, PdfPage
from centaure.knowledge.parsing.signatures import detect_format

_HIGHLIGHT = (255, 226, 110)
_MOST_PIXELS = 24_000_000
_SHORTEST_MATCH = 16
_MARGIN = 1.5

Area = tuple[float, float, float, float]


def render_page(  # noqa: PLR0913, PLR0917  # what to draw, what to mark, how large
    path: Path,
    page: int,
    boxes: Sequence[Box] = (),
    quote: str | None = None,
    scale: float = 1.5,
    limits: Limits = DEFAULT_LIMITS,
) -> bytes:
    """A page of a PDF, or an image, as PNG.

    Args:
        path: the document.
        page: from 1.
        boxes: where the passage stands; those of other pages are ignored.
        quote: words of the passage; where the page's text holds them, exactly they are
            highlighted, and `boxes` are not used.
        scale: pixels a point (of a PDF) or a pixel (of an image); lowered for huge pages.
        limits: as in parsing.

    Raises:
        ParseFailure: the document cannot be opened, has no such page, or is of a format that has
            no pages to draw.
    """
    found = detect_format(path, path.name, limits)
    here = [(box.left, box.top, box.right, box.bottom) for box in boxes if box.page == page]
    if found == "image":
        return _image(path, page, here, scale, limits)
    if found != "pdf":
        raise UnsupportedFile("Only PDF files and images have pages that can be shown.")
    file = PdfFile(path)
    try:
        if not 1 <= page <= file.page_count:
            raise NothingToRead(f"The document has no page {page}.")
        with file.page(page) as content:
            areas = quote_areas(content, quote) if quote else []
            scale = _bounded(scale, content.width, content.height)
        return _png(file.render(page, scale), areas or here, scale)
    finally:
        file.close()


def _image(path: Path, page: int, areas: list[Area], scale: float, limits: Limits) -> bytes:
    with open_image(path, limits.pixels) as image:
        if not 1 <= page <= getattr(image, "n_frames", 1):
            raise NothingToRead(f"The image has no page {page}.")
        image.seek(page - 1)
        shown = upright(image)
    scale = _bounded(min(scale, 1.0), shown.width, shown.height)
    if scale != 1.0:
        shown = shown.resize((max(1, int(shown.width * scale)), max(1, int(shown.height * scale))))
    return _png(shown, areas, scale)


def _bounded(scale: float, width: float, height: float) -> float:
    scale = min(max(scale, 0.1), 6.0)
    pixels = width * height * scale * scale
    return scale if pixels <= _MOST_PIXELS else scale * (_MOST_PIXELS / pixels) ** 0.5


def _png(image: Any, areas: Iterable[Area], scale: float) -> bytes:
    """The image with its areas tinted; ink stays black, as under a highlighter."""
    module = cast("Any", importlib.import_module("PIL.Image"))
    draw = cast("Any", importlib.import_module("PIL.ImageDraw"))
    channels = cast("Any", importlib.import_module("PIL.ImageChops"))
    picture = image.convert("RGB")
    tint = module.new("RGB", picture.size, "white")
    pen = draw.Draw(tint)
    for left, top, right, bottom in areas:
        pen.rectangle(
            (
                (left - _MARGIN) * scale,
                (top - _MARGIN) * scale,
                max((right + _MARGIN) * scale, (left - _MARGIN) * scale + 1),
                max((bottom + _MARGIN) * scale, (top - _MARGIN) * scale + 1),
            ),
            fill=_HIGHLIGHT,
        )
    output = io.BytesIO()
    channels.multiply(picture, tint).save(output, format="PNG", optimize=False)
    return output.getvalue()


def quote_areas(page: PdfPage, quote: str) -> list[Area]:
    """The areas of a quote on a page, one for each of its lines; [] when it is not there.

    Letters and digits alone are compared: line ends, hyphens and spaces differ between a page and
    its text. A quote that begins or ends on another page matches by what stands on this one.
    """
    letters, offsets = _folded(page.text)
    wanted, _ = _folded(quote)
    span = _find(letters, wanted)
    if span is None:
        return []
    first, last = offsets[span[0]], offsets[span[1] - 1]
    areas: list[list[float]] = []
    for _, _, (left, top, right, bottom) in page.characters(first, last + 1):
        if areas and top < areas[-1][3] and bottom > areas[-1][1] and left > areas[-1][0] - 1:
            area = areas[-1]
            area[1], area[3] = min(area[1], top), max(area[3], bottom)
            area[2] = max(area[2], right)
        else:
            areas.append([left, top, right, bottom])
    return [(area[0], area[1], area[2], area[3]) for area in areas]


def _folded(text: str) -> tuple[str, list[int]]:
    """The letters and digits of a text without case and accents, and where each one stands."""
    letters: list[str] = []
    offsets: list[int] = []
    for offset, character in enumerate(text):
        plain = character if character.isascii() else unicodedata.normalize("NFKD", character)
        for letter in plain.casefold():
            if letter.isalnum():
                letters.append(letter)
                offsets.append(offset)
    return "".join(letters), offsets


def _find(letters: str, wanted: str) -> tuple[int, int] | None:
    if not wanted:
        return None
    start = letters.find(wanted)
    if start >= 0:
        return start, start + len(wanted)
    # The end of the page may be the beginning of the quote, and the other way round.
    for length in range(min(len(wanted), len(letters)) - 1, _SHORTEST_MATCH - 1, -1):
        if letters.endswith(wanted[:length]):
            return len(letters) - length, len(letters)
        if letters.startswith(wanted[-length:]):
            return 0, length
    for length in (len(wanted) * 3 // 4, len(wanted) // 2):
        for piece in (wanted[:length], wanted[-length:]):
            start = letters.find(piece) if length >= _SHORTEST_MATCH else -1
            if start >= 0:
                return start, start + length
    return None

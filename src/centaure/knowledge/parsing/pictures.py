"""Text in the pictures of slides, read where it can be: a presentation never waits for it."""

import hashlib
import io
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from centaure.knowledge.parsing.blocks import Block
from centaure.knowledge.parsing.errors import OcrUnavailable, ParseFailure
from centaure.knowledge.parsing.images import open_image, page_blocks, upright
from centaure.knowledge.parsing.layout.lines import Page
from centaure.knowledge.parsing.limits import Limits
from centaure.knowledge.parsing.ocr import OcrSession

_LEAST_PIXELS = 120
"""Of the shorter side: text of a few lines takes more, a logo or an icon often less."""
_LEAST_SHARE = 0.04
"""Of the slide's area: smaller pictures are decoration."""
_LEAST_CONFIDENCE = 65.0
"""Of 100. In photographs tesseract sees letters that are none, and is not sure of them."""
_LEAST_LETTERS = 8
_ENLARGED_BELOW = 1000


class SlidePictures:
    """The pictures of one presentation: each is read once, as many as the limits allow."""

    def __init__(self, limits: Limits, slide_area: float) -> None:
        self._limits = limits
        self._least_area = slide_area * _LEAST_SHARE
        self._session: OcrSession | None = None
        self._available = True
        self._seen: set[bytes] = set()
        self._unread = 0

    def blocks(self, shape: Any) -> Sequence[Block]:
        """The text of a shape's picture; nothing for other shapes and pictures read before."""
        if (shape.width or 0) * (shape.height or 0) < self._least_area:
            return ()
        content = _content(shape)
        if content is None:
            return ()
        digest = hashlib.sha256(content).digest()
        if digest in self._seen:
            return ()
        self._seen.add(digest)
        try:
            with open_image(io.BytesIO(content), self._limits.pixels) as image:
                if min(image.size) < _LEAST_PIXELS:
                    return ()
                return self._recognised(image)
        except ParseFailure:
            # Vector drawings and damaged pictures have no pixels to read.
            return ()

    def warnings(self) -> Iterator[str]:
        """What was left out."""
        if not self._unread:
            return
        if self._available:
            why = "recognising the others took all that one file may take"
        else:
            why = "the program that reads them, tesseract, is not installed with French and English"
        yield f"Text in pictures was not looked for in {self._unread} pictures of slides: {why}."

    def _recognised(self, image: Any) -> Sequence[Block]:
        session = self._ready()
        if session is None or session.exhausted or len(self._seen) > self._limits.slide_pictures:
            self._unread += 1
            return ()
        shown = upright(image)
        scale = 2.0 if max(shown.size) < _ENLARGED_BELOW else 1.0
        picture = shown.resize((shown.width * 2, shown.height * 2)) if scale > 1 else shown
        page = Page(1, shown.width, shown.height)
        session.fill(page, picture, scale, turned=False)
        letters = sum(character.isalnum() for line in page.lines for character in line.text)
        if page.confidence < _LEAST_CONFIDENCE or letters < _LEAST_LETTERS:
            return ()
        return page_blocks([page])

    def _ready(self) -> OcrSession | None:
        if self._session is None and self._available:
            try:
                bounds = replace(self._limits, ocr_seconds=self._limits.slide_seconds)
                self._session = OcrSession(bounds)
            except OcrUnavailable:
                self._available = False
        return self._session


def _content(shape: Any) -> bytes | None:
    """The bytes of a shape's picture; None where it has none, or one that is linked and not there."""
    try:
        return shape.image.blob
    except (AttributeError, ValueError, KeyError):
        return None

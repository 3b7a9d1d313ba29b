"""The typed face of pdfium: the only file that speaks to it.

pypdfium2 carries no types, and its convenient objects cost several calls for each character; here
are the calls for each line. All coordinates given out are points from the top left of the page as
it is displayed, rotation included.
"""

import ctypes
import importlib
import re
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, cast

from centaure.knowledge.parsing.errors import BrokenFile, PasswordNeeded, UnsupportedFile
from centaure.knowledge.parsing.layout.lines import Line, clean

_PASSWORD_ERROR = 4
_SECURITY_ERROR = 5
_TEXT, _PATH, _IMAGE = 1, 2, 3
_FRAGMENT = re.compile("[^\r\n\ufffe\x02]+")
_WORD = re.compile(r"\S+")
_BOLD_NAME = re.compile(rb"bold|black|heavy|semib|demib|-bd|cmbx|sfbx|medium\b", re.IGNORECASE)
_FIXED_NAME = re.compile(rb"mono|courier|consol|menlo|typewriter|cmtt|sftt", re.IGNORECASE)
_FIXED_FLAG = 1
_BOLD_WEIGHT = 600
_SAMPLED_OBJECTS = 240
_SEGMENTS = 4000
_TEXT_STEP = 4096
_THICKEST_RULE = 3.0
_SHORTEST_RULE = 6.0
# Narrow coloured cells are wider than this, and drawn lines hardly ever.
_THICKEST_UPRIGHT = 1.2
_MOST_PIECES = 12
# Between words, in heights of the font: the widest gap inside a word is about 0.12, and from 0.25 on
# pdfium has put a space.
_WORD_GAP = 0.135
_SPACED_GAP = 0.3
_WHITE = 245


@dataclass(frozen=True, slots=True)
class OutlineEntry:
    """A bookmark: its title, depth from 1, and page from 1."""

    title: str
    level: int
    page: int


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight horizontal or vertical line drawn on a page (start <= end on both axes)."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def vertical(self) -> bool:
        return self.bottom - self.top > self.right - self.left


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a page shows besides text.

    Attributes:
        paths: how many drawings it has.
        image_share: how much of the page its images cover.
    """

    paths: int
    image_share: float


class PdfFile:
    """An open PDF.

    Raises:
        PasswordNeeded: it cannot be opened without a password.
        BrokenFile: it is not a readable PDF.
    """

    def __init__(self, path: Path) -> None:
        # Imported here and not above: loading pdfium takes 50 ms that other formats do not owe.
        self._pypdfium2 = cast("Any", importlib.import_module("pypdfium2"))
        self._raw = cast("Any", importlib.import_module("pypdfium2.raw"))
        # The library would open a path anew by the name that it resolves to: by then perhaps another file.
        content = path.read_bytes()
        try:
            self._document = self._pypdfium2.PdfDocument(content)
        except self._pypdfium2.PdfiumError as error:
            code = getattr(error, "err_code", None)
            if code == _PASSWORD_ERROR:
                raise PasswordNeeded(
                    "The PDF is protected by a password. Save a copy without a password to have "
                    "it read."
                ) from error
            if code == _SECURITY_ERROR:
                raise UnsupportedFile(
                    "The PDF is protected by a rights system that only its own reader opens. "
                    "Print it to a new PDF to have it read."
                ) from error
            raise BrokenFile(
                "The file is damaged: it cannot be opened as a PDF. Open it in a PDF reader and "
                "print it to a new PDF."
            ) from error
        self.page_count: int = len(self._document)

    def close(self) -> None:
        self._document.close()

    def metadata(self) -> dict[str, str]:
        """The document's information, keys such as "Title", "Author", "CreationDate"."""
        return cast("dict[str, str]", self._document.get_metadata_dict(skip_empty=True))

    def outline(self, limit: int) -> list[OutlineEntry]:
        """The first `limit` bookmarks that lead to a page."""
        entries: list[OutlineEntry] = []
        try:
            for bookmark in self._document.get_toc(max_depth=9):
                destination = bookmark.get_dest()
                page = None if destination is None else destination.get_index()
                title = clean(bookmark.get_title())
                if page is not None and title:
                    entries.append(OutlineEntry(title, bookmark.level + 1, page + 1))
                if len(entries) >= limit:
                    break
        except (self._pypdfium2.PdfiumError, ValueError, UnicodeError):
            # A damaged outline takes nothing away from the pages.
            return entries
        return entries

    @contextmanager
    def page(self, number: int) -> Generator["PdfPage"]:
        """Page `number`, from 1.

        Raises:
            BrokenFile: the page cannot be loaded.
        """
        handle = self._raw.FPDF_LoadPage(self._document.raw, number - 1)
        if not handle:
            raise BrokenFile(f"Page {number} of the PDF is damaged.")
        page = PdfPage(self._raw, handle)
        try:
            yield page
        finally:
            page.close()

    def render(self, number: int, scale: float) -> Any:
        """A PIL image of page `number`, `scale` pixels a point."""
        page = self._document[number - 1]
        try:
            return page.render(scale=scale).to_pil()
        finally:
            page.close()


class PdfPage:
    """One loaded page. `text` is what pdfium read, untouched; offsets in lines refer to it."""

    def __init__(self, raw: Any, handle: Any) -> None:
        self._raw = raw
        self._handle = handle
        self._doubles = tuple(ctypes.c_double() for _ in range(4))
        self._box = raw.FS_RECTF()
        self._name = ctypes.create_string_buffer(128)
        self._flags = ctypes.c_int()
        self._styles: dict[tuple[bytes, int], tuple[bool, bool]] = {}
        self.width: float = raw.FPDF_GetPageWidthF(handle)
        self.height: float = raw.FPDF_GetPageHeightF(handle)
        self._rotation: int = raw.FPDFPage_GetRotation(handle)
        bounds = raw.FS_RECTF()
        if raw.FPDF_GetPageBoundingBox(handle, bounds):
            self._bounds = (bounds.left, bounds.bottom, bounds.right, bounds.top)
        else:
            self._bounds = (0.0, 0.0, self.width, self.height)
        self._text_page = raw.FPDFText_LoadPage(handle)
        self._count: int = raw.FPDFText_CountChars(self._text_page) if self._text_page else 0
        self.text = self._read_text()
        self._same_offsets = len(self.text) == self._count

    def close(self) -> None:
        if self._text_page:
            self._raw.FPDFText_ClosePage(self._text_page)
        self._raw.FPDF_ClosePage(self._handle)

    def _read_text(self) -> str:
        if self._count <= 0:
            return ""
        # Lengths are rounded up: ctypes makes a type for each of them.
        buffer = (ctypes.c_ushort * (_TEXT_STEP * (1 + (2 * self._count + 2) // _TEXT_STEP)))()
        written = self._raw.FPDFText_GetText(self._text_page, 0, self._count, buffer)
        return bytes(buffer)[: max(0, written - 1) * 2].decode("utf-16-le", errors="replace")

    def _character(self, offset: int) -> int:
        """The number in pdfium of the character at `offset` of the text."""
        if self._same_offsets:
            return offset
        return max(0, self._raw.FPDFText_GetCharIndexFromTextIndex(self._text_page, offset))

    def _displayed(
        self, left: float, bottom: float, right: float, top: float
    ) -> tuple[float, float, float, float]:
        """PDF user space to the displayed page: (left, top, right, bottom) from the top left."""
        x0, y0, x1, y1 = self._bounds
        if self._rotation == 1:
            return bottom - y0, left - x0, top - y0, right - x0
        if self._rotation == 2:
            return x1 - right, bottom - y0, x1 - left, top - y0
        if self._rotation == 3:
            return y1 - top, x1 - right, y1 - bottom, x1 - left
        return left - x0, y1 - top, right - x0, y1 - bottom

    def lines(self) -> list[Line]:
        """The page's lines in the order of its content, as pdfium groups them."""
        found: list[Line] = []
        for fragment in _FRAGMENT.finditer(self.text):
            text = clean(fragment[0])
            if text:
                start, end = fragment.span()
                line = self._line(text, start, end)
                line.hyphen = end < len(self.text) and self.text[end] in "\ufffe\x02"
                found.append(line)
        return found

    def _line(self, text: str, start: int, end: int) -> Line:
        first, last = self._character(start), self._character(end - 1)
        middle = self._character(self._inked((start + end) // 2, start, end))
        pieces = self._raw.FPDFText_CountRects(self._text_page, first, last - first + 1)
        font = self._font_box(middle)
        if pieces > 0:
            around = _union(self._piece(0), self._piece(pieces - 1))
        elif font:
            around = font
        else:
            return Line(text, start, end, 0.0, 0.0, 0.0, 0.0, 0.0)
        left, upper, right, lower = self._displayed(*around)
        if font:
            # The font's own box, where it is known, keeps the distance between lines regular.
            _, upper, _, lower = self._displayed(*font)
        if 1 < pieces <= _MOST_PIECES and text.count(" ") + 1 != pieces:
            text = self._spaced(text, start, end, lower - upper)
        bold, monospace = self._style(middle)
        if bold:
            bold = (
                self._style(first)[0]
                and self._style(self._character(self._inked(end - 1, start, end)))[0]
            )
        return Line(text, start, end, left, upper, right, lower, lower - upper, bold, monospace)

    def _piece(self, number: int) -> tuple[float, float, float, float]:
        """The box of a run of text, of those that pdfium counted last."""
        left, top, right, bottom = self._doubles
        self._raw.FPDFText_GetRect(self._text_page, number, left, top, right, bottom)
        return left.value, bottom.value, right.value, top.value

    def _font_box(self, character: int) -> tuple[float, float, float, float] | None:
        """A character's place, as high as its font is."""
        box = self._box
        if self._raw.FPDFText_GetLooseCharBox(self._text_page, character, box):
            left, bottom, right, top = box.left, box.bottom, box.right, box.top
            return (left, bottom, right, top) if top > bottom else None
        return None

    def _spaced(self, text: str, start: int, end: int, size: float) -> str:
        """The line with a space wherever two pieces stand a word's gap apart without one.

        pdfium leaves it out where the font changes and the space is narrow.
        """
        raw, page = self._raw, self._text_page
        first, last = self._character(start), self._character(end - 1)
        pieces = raw.FPDFText_CountRects(page, first, last - first + 1)
        cuts: list[int] = []
        for before, after in pairwise(map(self._piece, range(pieces))):
            if not size * _WORD_GAP <= after[0] - before[2] < size * _SPACED_GAP:
                continue
            height = (after[1] + after[3]) / 2
            number = raw.FPDFText_GetCharIndexAtPos(page, after[0] + 0.5, height, 2.0, 4.0)
            offset = raw.FPDFText_GetTextIndexFromCharIndex(page, number) if number > 0 else 0
            if start < offset < end and self._glued(offset):
                cuts.append(offset)
        if not cuts:
            return text
        parts = [self.text[a:b] for a, b in pairwise([start, *cuts, end])]
        return clean(" ".join(parts))

    def _glued(self, offset: int) -> bool:
        before, after = self.text[offset - 1], self.text[offset]
        return after.isalnum() and (before.isalnum() or before in ".,;:)")

    def _inked(self, offset: int, start: int, end: int) -> int:
        """The nearest offset at or before `offset`, else after it, that is not a space."""
        for candidate in range(offset, start - 1, -1):
            if not self.text[candidate].isspace():
                return candidate
        for candidate in range(offset, end):
            if not self.text[candidate].isspace():
                return candidate
        return offset

    def _style(self, character: int) -> tuple[bool, bool]:
        """Whether a character's font is bold, and whether it is of fixed width."""
        length = self._raw.FPDFText_GetFontInfo(
            self._text_page, character, self._name, len(self._name), self._flags
        )
        name = self._name.value if 0 < length <= len(self._name) else b""
        key = (name, self._flags.value)
        style = self._styles.get(key)
        if style is None:
            bold = bool(_BOLD_NAME.search(name)) or (
                self._raw.FPDFText_GetFontWeight(self._text_page, character) >= _BOLD_WEIGHT
            )
            fixed = bool(_FIXED_NAME.search(name)) or bool(self._flags.value & _FIXED_FLAG)
            style = self._styles[key] = (bold, fixed)
        return style

    def words(self, line: Line) -> list[tuple[float, float]]:
        """The left and right of each word of a line, in the order of the content."""
        found: list[tuple[float, float]] = []
        for word in _WORD.finditer(self.text, line.start, line.end):
            start, end = word.span()
            first, last = self._place(start), self._place(end - 1)
            if first and last:
                found.append((min(first[0], last[0]), max(first[2], last[2])))
        return found

    def characters(
        self, start: int, end: int
    ) -> Iterator[tuple[int, str, tuple[float, float, float, float]]]:
        """Each character of text[start:end] that is not a space: offset, itself, its box."""
        for offset in range(start, end):
            character = self.text[offset]
            if not character.isspace() and (place := self._place(offset)):
                yield offset, character, place

    def _place(self, offset: int) -> tuple[float, float, float, float] | None:
        """The box of the character at `offset` of the text."""
        left, right, bottom, top = self._doubles
        number = self._character(offset)
        if not self._raw.FPDFText_GetCharBox(self._text_page, number, left, right, bottom, top):
            return None
        return self._displayed(left.value, bottom.value, right.value, top.value)

    def drawn(self) -> Drawn:
        """Counts the page's drawings and images, by a sample where the page has many objects."""
        paths = 0
        covered = 0.0
        step, others = self._sample()
        for kind, item in others:
            if kind == _PATH:
                paths += 1
            else:
                left, bottom, right, top = self._bounds_of(item)
                covered += max(0.0, right - left) * max(0.0, top - bottom)
        share = covered * step / max(1.0, self.width * self.height)
        return Drawn(paths * step, share)

    def has_upright(self) -> bool:
        """Whether a vertical line or the frame of a rectangle, which tables have, is in the sample."""
        _, others = self._sample()
        return any(kind == _PATH and self._is_upright(item) for kind, item in others)

    def _sample(self) -> tuple[int, list[tuple[int, Any]]]:
        """One in how many of the page's objects, and those of them that are not text, with their kinds."""
        get, kind_of = self._raw.FPDFPage_GetObject, self._raw.FPDFPageObj_GetType
        page, count = self._handle, self._raw.FPDFPage_CountObjects(self._handle)
        step = max(1, count // _SAMPLED_OBJECTS)
        return step, [
            (kind, item)
            for number in range(0, count, step)
            if (kind := kind_of(item := get(page, number))) != _TEXT
        ]

    def _is_upright(self, item: Any) -> bool:
        left, bottom, right, top = self._bounds_of(item)
        if self._rotation in (1, 3):
            left, bottom, right, top = bottom, left, top, right
        if top - bottom < _SHORTEST_RULE or self._filled_white(item):
            return False
        if right - left <= _THICKEST_UPRIGHT:
            return True
        fill, stroke = ctypes.c_int(), ctypes.c_int()
        self._raw.FPDFPath_GetDrawMode(item, fill, stroke)
        return bool(stroke.value)

    def _bounds_of(self, item: Any) -> tuple[float, float, float, float]:
        left, bottom, right, top = (ctypes.c_float() for _ in range(4))
        if not self._raw.FPDFPageObj_GetBounds(item, left, bottom, right, top):
            return 0.0, 0.0, 0.0, 0.0
        return left.value, bottom.value, right.value, top.value

    def rules(self, limit: int = 20_000) -> list[Rule]:
        """The straight lines and the edges of rectangles that the page draws visibly."""
        found: list[Rule] = []
        for number in range(min(limit, self._raw.FPDFPage_CountObjects(self._handle))):
            item = self._raw.FPDFPage_GetObject(self._handle, number)
            if self._raw.FPDFPageObj_GetType(item) == _PATH and len(found) < limit:
                found.extend(self._rules_of(item))
        return found

    def _rules_of(self, item: Any) -> Iterator[Rule]:
        fill, stroke = ctypes.c_int(), ctypes.c_int()
        self._raw.FPDFPath_GetDrawMode(item, fill, stroke)
        if not fill.value and not stroke.value:
            return
        if not stroke.value and self._filled_white(item):
            return
        left, top, right, bottom = self._displayed(*self._bounds_of(item))
        if min(right - left, bottom - top) <= _THICKEST_RULE:
            if max(right - left, bottom - top) > _THICKEST_RULE:
                yield Rule(left, top, right, bottom)
            return
        segments = self._raw.FPDFPath_CountSegments(item)
        if segments <= 5:
            yield from _edges(left, top, right, bottom)
        elif segments <= _SEGMENTS:
            yield from self._segments(item, segments)

    def _segments(self, item: Any, count: int) -> Iterator[Rule]:
        """The horizontal and vertical strokes of a path made of many."""
        matrix = self._raw.FS_MATRIX()
        if not self._raw.FPDFPageObj_GetMatrix(item, matrix):
            return
        x, y = ctypes.c_float(), ctypes.c_float()
        previous: tuple[float, float] | None = None
        for number in range(count):
            segment = self._raw.FPDFPath_GetPathSegment(item, number)
            self._raw.FPDFPathSegment_GetPoint(segment, x, y)
            point = (
                matrix.a * x.value + matrix.c * y.value + matrix.e,
                matrix.b * x.value + matrix.d * y.value + matrix.f,
            )
            # Segment types: 0 line, 1 curve, 2 move.
            if self._raw.FPDFPathSegment_GetType(segment) == 0 and previous is not None:
                across, along = abs(point[0] - previous[0]), abs(point[1] - previous[1])
                if min(across, along) < 1 < max(across, along):
                    yield Rule(
                        *self._displayed(
                            min(point[0], previous[0]),
                            min(point[1], previous[1]),
                            max(point[0], previous[0]),
                            max(point[1], previous[1]),
                        )
                    )
            previous = point

    def _filled_white(self, item: Any) -> bool:
        red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
        if not self._raw.FPDFPageObj_GetFillColor(item, red, green, blue, alpha):
            return False
        return alpha.value == 0 or min(red.value, green.value, blue.value) >= _WHITE


def _union(
    first: tuple[float, float, float, float], second: tuple[float, float, float, float]
) -> tuple[float, float, float, float]:
    """The box around two."""
    return (
        min(first[0], second[0]),
        min(first[1], second[1]),
        max(first[2], second[2]),
        max(first[3], second[3]),
    )


def _edges(left: float, top: float, right: float, bottom: float) -> Iterator[Rule]:
    yield Rule(left, top, right, top)
    yield Rule(left, bottom, right, bottom)
    yield Rule(left, top, left, bottom)
    yield Rule(right, top, right, bottom)

"""Text in pictures, read by the `tesseract` program in French and English.

Tesseract runs as a program: nothing of it is loaded here, and a crash of it is one page unread.
"""

import io
import os
import re
import shutil
import subprocess
import time
from functools import cache
from itertools import pairwise
from statistics import mean, median
from typing import Any

from centaure.knowledge.parsing.errors import OcrUnavailable
from centaure.knowledge.parsing.layout.lines import Line, Page, clean
from centaure.knowledge.parsing.limits import Limits

INSTALL = "apt-get install tesseract-ocr tesseract-ocr-fra"
_LANGUAGES = ("fra", "eng")
_DPI = 300
_MOST_PIXELS = 40_000_000
_PAGE_SECONDS = 120.0
_DOUBTFUL = 70.0
_WORD_LEVEL = "5"
_TURNS = (180, 90, 270)
_MOST_TRIES = 10
"""Pages of a document that are tried each way up: a short note takes a second, a file of photos hours."""
_ROTATION = re.compile(r"Rotate: (\d+)\s*\n.*?Orientation confidence: ([\d.]+)", re.DOTALL)

_Area = tuple[float, float, float, float]
"""Left, upper, right and lower edge."""


@cache
def _installed(program: str) -> frozenset[str]:
    listing = subprocess.run(  # noqa: S603  # the program found on the path, fixed arguments
        [program, "--list-langs"], capture_output=True, text=True, timeout=30, check=False
    )
    return frozenset((listing.stdout + listing.stderr).split())


def tesseract() -> str:
    """The path of the program.

    Raises:
        OcrUnavailable: it, or its French or English data, is not installed.
    """
    program = shutil.which("tesseract")
    if program is None:
        raise OcrUnavailable(
            "The file holds pictures of text, and the program that reads them is not installed. "
            f"Install it, then sync again: {INSTALL}"
        )
    missing = [language for language in _LANGUAGES if language not in _installed(program)]
    if missing:
        raise OcrUnavailable(
            "The file holds pictures of text, and tesseract lacks the data of a language "
            f"({', '.join(missing)}). Install it, then sync again: {INSTALL}"
        )
    return program


class OcrSession:
    """The recognition of one document, within its time.

    Raises:
        OcrUnavailable: on creation, where tesseract cannot serve.
    """

    def __init__(self, limits: Limits) -> None:
        self._program = tesseract()
        self._deadline = time.monotonic() + limits.ocr_seconds
        self._tries = _MOST_TRIES

    @property
    def exhausted(self) -> bool:
        return time.monotonic() >= self._deadline

    @staticmethod
    def scale(width: float, height: float) -> float:
        """Pixels a point to draw a page of this size with: 300 dpi unless it is a poster."""
        wanted = _DPI / 72
        pixels = width * height * wanted * wanted
        return wanted if pixels <= _MOST_PIXELS else wanted * (_MOST_PIXELS / pixels) ** 0.5

    def fill(self, page: Page, image: Any, scale: float, *, turned: bool = True) -> None:
        """Gives a page the lines of text in its PIL image, their places divided by `scale`.

        A page that gives next to nothing is tried once more the way up that tesseract guesses, or each
        way up where it has too few letters to guess by. Lines are those of the page set upright; their
        boxes are those of the page as it is stored. Without `turned` it is not tried again.
        """
        picture = image.convert("L")
        words = self._words(picture)
        turn = _sideways(words)
        if turned and _confidence(words) < _DOUBTFUL:
            turn, words = self._turned(picture, words)
        elif turn:
            size = (picture.height, picture.width)
            for word in words:
                word.stand(turned_box(word.box, turn, size))
        page.confidence = _mean(words)
        page.recognise(_grouped(words, scale), sideways=turn in (90, 270))

    def _turned(self, picture: Any, words: "list[_Word]") -> "tuple[int, list[_Word]]":
        """The degrees by which the picture is best turned clockwise, and its words then."""
        for turn, least in self._turns_to_try(picture):
            if self.exhausted:
                break
            turned = self._words(picture.rotate(-turn, expand=True))
            before = _mean(words) if least else _confidence(words)
            if _mean(turned) > max(least, before):
                for word in turned:
                    word.place = turned_box(word.box, 360 - turn, (picture.width, picture.height))
                return turn, turned
        return 0, words

    def _turns_to_try(self, picture: Any) -> tuple[tuple[int, float], ...]:
        """Degrees, and how sure the words must be then: surer where nothing but trying speaks for it."""
        guess = self._rotation(picture)
        if guess is not None:
            return ((guess, 0.0),) if guess else ()
        self._tries -= 1
        return tuple((turn, _DOUBTFUL) for turn in _TURNS) if self._tries >= 0 else ()

    def _run(self, image: Any, *arguments: str) -> str:
        buffer = io.BytesIO()
        image.save(buffer, format="PNG", compress_level=1)
        seconds = min(_PAGE_SECONDS, max(5.0, self._deadline - time.monotonic()))
        try:
            result = subprocess.run(  # noqa: S603  # the program found on the path, fixed arguments
                [self._program, "stdin", "stdout", *arguments],
                input=buffer.getvalue(),
                capture_output=True,
                timeout=seconds,
                check=False,
                env={**os.environ, "OMP_THREAD_LIMIT": "1"},
            )
        except subprocess.TimeoutExpired:
            return ""
        return result.stdout.decode("utf-8", errors="replace")

    def _words(self, image: Any) -> "list[_Word]":
        output = self._run(
            image, "-l", "+".join(_LANGUAGES), "--psm", "3", "--dpi", str(_DPI), "tsv"
        )
        words: list[_Word] = []
        for row in output.splitlines()[1:]:
            cells = row.split("\t")
            if len(cells) == 12 and cells[0] == _WORD_LEVEL and cells[11].strip():
                words.append(_Word(cells))
        return words

    def _rotation(self, image: Any) -> int | None:
        """Degrees to turn the image clockwise so that its text stands upright; 0 if unsure.

        None where it has too few letters to tell.
        """
        match = _ROTATION.search(self._run(image, "--psm", "0", "--dpi", str(_DPI)))
        if match is None:
            return None
        return int(match[1]) if float(match[2]) >= 1.0 else 0


class _Word:
    __slots__ = ("confidence", "key", "left", "lower", "place", "right", "text", "upper")

    def __init__(self, cells: list[str]) -> None:
        self.key = (cells[2], cells[3], cells[4])
        left, upper, width, height = (float(cell) for cell in cells[6:10])
        self.left, self.upper = left, upper
        self.right, self.lower = left + width, upper + height
        self.place: _Area | None = None
        """Where it stands in the picture as stored, if that is turned."""
        self.confidence = float(cells[10])
        self.text = cells[11]

    @property
    def box(self) -> _Area:
        return self.left, self.upper, self.right, self.lower

    def stand(self, upright: _Area) -> None:
        """Gives it its box in the picture set upright."""
        self.place = self.box
        self.left, self.upper, self.right, self.lower = upright


def _mean(words: list[_Word]) -> float:
    return mean(word.confidence for word in words) if words else 0.0


def _confidence(words: list[_Word]) -> float:
    return _mean(words) if len(words) > 3 else 0.0


def _sideways(words: list[_Word]) -> int:
    """Degrees by which to turn clockwise a picture whose lines tesseract read up or down; else 0.

    It reads some pages on their side as they lie: their words are higher than wide.
    """
    long = [word for word in words if len(word.text) > 3]
    upright = sum(word.right - word.left >= word.lower - word.upper for word in long)
    if len(long) < 3 or upright > len(long) / 4:
        return 0
    down = sum(
        1 if after.upper > before.upper else -1
        for before, after in pairwise(long)
        if before.key == after.key
    )
    return 270 if down >= 0 else 90


def turned_box(box: _Area, turn: int, size: tuple[float, float]) -> _Area:
    """A box of a picture at its place once that is turned clockwise and then has this size."""
    width, height = size
    left, upper, right, lower = box
    match turn:
        case 90:
            return width - lower, left, width - upper, right
        case 180:
            return width - right, height - lower, width - left, height - upper
        case 270:
            return upper, height - right, lower, height - left
        case _:
            return box


def _grouped(words: list[_Word], scale: float) -> list[Line]:
    groups: dict[tuple[str, str, str], list[_Word]] = {}
    for word in words:
        groups.setdefault(word.key, []).append(word)
    lines: list[Line] = []
    for group in groups.values():
        text = clean(" ".join(word.text for word in group))
        if not any(character.isalnum() for character in text):
            continue
        top, bottom = min(w.upper for w in group) / scale, max(w.lower for w in group) / scale
        left, right = min(w.left for w in group) / scale, max(w.right for w in group) / scale
        line = Line(text, 0, len(text), left, top, right, bottom, bottom - top)
        places = [word.place for word in group if word.place is not None]
        if places:
            lefts, tops, rights, bottoms = zip(*places, strict=True)
            line.place = (
                min(lefts) / scale,
                min(tops) / scale,
                max(rights) / scale,
                max(bottoms) / scale,
            )
        lines.append(line)
    usual = median(line.size for line in lines) if lines else 0.0
    for line in lines:
        # The ink of a line is higher or lower with its letters; only large differences are type.
        if 0.6 * usual < line.size < 1.45 * usual:
            line.size = usual
    return lines

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
from statistics import mean, median
from typing import Any

from centaure.knowledge.parsing.errors import OcrUnavailable
from centaure.knowledge.parsing.layout.lines import Line, clean
from centaure.knowledge.parsing.limits import Limits

INSTALL = "apt-get install tesseract-ocr tesseract-ocr-fra"
_LANGUAGES = ("fra", "eng")
_DPI = 300
_MOST_PIXELS = 40_000_000
_PAGE_SECONDS = 120.0
_DOUBTFUL = 70.0
_WORD_LEVEL = "5"
_ROTATION = re.compile(r"Rotate: (\d+)\s*\n.*?Orientation confidence: ([\d.]+)", re.DOTALL)


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
        self.confidences: list[float] = []

    @property
    def exhausted(self) -> bool:
        return time.monotonic() >= self._deadline

    @staticmethod
    def scale(width: float, height: float) -> float:
        """Pixels a point to draw a page of this size with: 300 dpi unless it is a poster."""
        wanted = _DPI / 72
        pixels = width * height * wanted * wanted
        return wanted if pixels <= _MOST_PIXELS else wanted * (_MOST_PIXELS / pixels) ** 0.5

    def lines(self, image: Any, scale: float) -> list[Line]:
        """The lines of text in a PIL image, their places divided by `scale`.

        A page that gives next to nothing is tried once more the way up that tesseract guesses;
        its boxes are then those of the page as it is stored.
        """
        picture = image.convert("L")
        words = self._words(picture)
        if _confidence(words) < _DOUBTFUL:
            turn = self._rotation(picture)
            if turn:
                turned = self._words(picture.rotate(-turn, expand=True))
                if _confidence(turned) > _confidence(words):
                    size = (picture.width, picture.height)
                    words = [_turned_back(word, turn, size) for word in turned]
        self.confidences.extend(word.confidence for word in words)
        return _grouped(words, scale)

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

    def _rotation(self, image: Any) -> int:
        """Degrees to turn the image clockwise so that its text stands upright; 0 if unsure."""
        match = _ROTATION.search(self._run(image, "--psm", "0", "--dpi", str(_DPI)))
        return int(match[1]) if match and float(match[2]) >= 1.0 else 0


class _Word:
    __slots__ = ("confidence", "key", "left", "lower", "right", "text", "upper")

    def __init__(self, cells: list[str]) -> None:
        self.key = (cells[2], cells[3], cells[4])
        left, upper, width, height = (float(cell) for cell in cells[6:10])
        self.left, self.upper = left, upper
        self.right, self.lower = left + width, upper + height
        self.confidence = float(cells[10])
        self.text = cells[11]


def _confidence(words: list[_Word]) -> float:
    return mean(word.confidence for word in words) if len(words) > 3 else 0.0


def _turned_back(word: _Word, turn: int, size: tuple[int, int]) -> _Word:
    """A word of the picture turned clockwise by `turn`, at its place in the picture as stored."""
    width, height = size
    left, upper, right, lower = word.left, word.upper, word.right, word.lower
    if turn == 90:
        word.left, word.upper, word.right, word.lower = upper, height - right, lower, height - left
    elif turn == 180:
        word.left, word.right = width - right, width - left
        word.upper, word.lower = height - lower, height - upper
    elif turn == 270:
        word.left, word.upper, word.right, word.lower = width - lower, left, width - upper, right
    return word


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
        lines.append(Line(text, 0, len(text), left, top, right, bottom, bottom - top))
    usual = median(line.size for line in lines) if lines else 0.0
    for line in lines:
        # The ink of a line is higher or lower with its letters; only large differences are type.
        if 0.6 * usual < line.size < 1.45 * usual:
            line.size = usual
    return lines

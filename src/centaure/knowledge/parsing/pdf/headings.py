"""Which paragraphs of a PDF are headings, from its outline and from the size and weight of type."""

import re
from collections import Counter
from itertools import pairwise

from centaure.knowledge.parsing.layout.lines import Page
from centaure.knowledge.parsing.layout.paragraphs import Paragraph
from centaure.knowledge.parsing.pdf.pdfium import OutlineEntry

_LARGER = 1.12
_LONGEST = 200
_LONGEST_BOLD = 120
_NOT_A_HEADING_END = (".", ";", ",", "…")
_NUMBER = re.compile(r"^(?:[\dIVX]+[.)]?)(?:\d+[.)]?)*\s*[-–—.:)]?\s+|^\d+(?:\.\d+)*\.?\s+")
_NOT_WORD = re.compile(r"[\W_]+")
_TOC_LINE = re.compile(r"(?:\.\s?){4,}\s*\d+\s*$|\s\d{1,4}\s*$")
_DEEPEST = 6
_DEEPEST_BY_SIZE = 4


def body_size(pages: list[Page]) -> float:
    """The size in which most characters of a document are set, to half a point."""
    sizes: Counter[float] = Counter()
    for page in pages:
        for line in page.lines:
            sizes[round(line.size * 2) / 2] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


class HeadingFinder:
    """Gives each paragraph of a document its heading level, 0 where it is none."""

    def __init__(
        self, paragraphs: list[Paragraph], outline: list[OutlineEntry], body: float
    ) -> None:
        self._body = body
        self._outline: dict[int, dict[str, int]] = {}
        for entry in outline:
            # Destinations are sometimes one page off, before or after a page break.
            for page in (entry.page, entry.page + 1, entry.page - 1):
                titles = self._outline.setdefault(page, {})
                titles.setdefault(_normal(entry.title), min(entry.level, _DEEPEST))
        self._levels: dict[int, int] = {}
        found: dict[float, Counter[int]] = {}
        matched: set[str] = set()
        for paragraph in paragraphs:
            level = self._in_outline(paragraph)
            if level:
                self._levels[id(paragraph)] = level
                matched.add(_normal(paragraph.text))
                found.setdefault(_size(paragraph), Counter())[level] += 1
        self._trusted = len(outline) >= 3 and len(matched) >= 0.5 * len(outline)
        if self._trusted:
            self._by_size = {size: levels.most_common(1)[0][0] for size, levels in found.items()}
        else:
            self._by_size = self._rank_sizes(paragraphs)
        self._smallest = min(self._by_size, default=0.0)

    def level(self, paragraph: Paragraph) -> int:
        """1 to 6 for a heading, else 0."""
        known = self._levels.get(id(paragraph))
        if known:
            return known
        if not self._looks_like_one(paragraph):
            return 0
        size = _size(paragraph)
        if size >= self._body * _LARGER:
            nearest = min(self._by_size, key=lambda other: abs(other - size), default=None)
            if nearest is None:
                return 1
            level = self._by_size[nearest]
            return min(_DEEPEST, level + 1) if self._trusted and size < self._smallest else level
        return min(_DEEPEST, max(self._by_size.values(), default=0) + 1)

    def _in_outline(self, paragraph: Paragraph) -> int:
        titles = self._outline.get(paragraph.page)
        text = paragraph.text
        if not titles or len(text) > 2 * _LONGEST:
            return 0
        level = titles.get(_normal(text)) or titles.get(_normal(_NUMBER.sub("", text)), 0)
        return 0 if level and _TOC_LINE.search(text) else level

    def _looks_like_one(self, paragraph: Paragraph) -> bool:
        if len(paragraph.lines) > 3:
            return False
        text = paragraph.text
        if len(text) > _LONGEST:
            return False
        letters = sum(map(str.isalpha, text))
        if letters < 3 or letters < 0.4 * len(text):
            return False
        if "...." in text or ". . . ." in text or paragraph.lines[0].monospace:
            return False
        if _size(paragraph) >= self._body * _LARGER:
            return not text.endswith((";", ","))
        return (
            len(text) <= _LONGEST_BOLD
            and _size(paragraph) >= self._body * 0.93
            and all(line.bold for line in paragraph.lines)
            and not text.endswith(_NOT_A_HEADING_END)
            and not paragraph.listed
        )

    def _rank_sizes(self, paragraphs: list[Paragraph]) -> dict[float, int]:
        """Larger type is a higher level; sizes within 4 % of one another are one level."""
        sizes = sorted(
            {
                _size(paragraph)
                for paragraph in paragraphs
                if _size(paragraph) >= self._body * _LARGER and self._looks_like_one(paragraph)
            },
            reverse=True,
        )
        levels: dict[float, int] = {}
        level = 1
        if sizes:
            levels[sizes[0]] = level
        for before, size in pairwise(sizes):
            if size < before * 0.96:
                level = min(_DEEPEST_BY_SIZE, level + 1)
            levels[size] = level
        return levels


def _size(paragraph: Paragraph) -> float:
    return round(max(line.size for line in paragraph.lines) * 2) / 2


def _normal(text: str) -> str:
    return _NOT_WORD.sub("", text).casefold()

"""What a page gives: lines of text with their place, and tables. No library is known here."""

import re
import unicodedata
from dataclasses import dataclass, field

from centaure.knowledge.parsing.blocks import Box

_LIGATURES = {
    "\ufb00": "ff",
    "\ufb01": "fi",
    "\ufb02": "fl",
    "\ufb03": "ffi",
    "\ufb04": "ffl",
    "\ufb05": "st",
    "\ufb06": "st",
}
PRINTED = re.compile("[\u00ad\ufb00-\ufb06]")
"""What print alone puts into words: ligatures, and places where a word may be cut. Œ is a letter."""
_TYPED = str.maketrans(_LIGATURES | {"\u00ad": ""})
_REPLACED = str.maketrans(
    {
        **_LIGATURES,
        "\u00a0": " ",
        "\u2007": " ",
        "\u2009": " ",
        "\u200a": " ",
        "\u202f": " ",
        "\u2010": "-",
        "\u2011": "-",
        "\u00ad": "",
        "\u200b": "",
        "\u200c": "",
        "\u200d": "",
        "\ufeff": "",
        "\uf0b7": "•",
        "\uf0a7": "•",
        "\uf0d8": "•",
        "\uf0fc": "✓",
    }
)
_SPECIAL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\xa0\xad´ˆ¨˜¸\u0300-\u036f\u2000-\u2011\u202f\ue000-\uf8ff"
    "\ufb00-\ufb06\ufeff\ufffe\uffff]"
)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]")
# Old TeX fonts draw an accent and then its letter; together they are one character.
_LOOSE_ACCENT = re.compile("([´ˆ¨˜¸]) ?([A-Za-zı])")
_COMBINING = {"´": "\u0301", "ˆ": "\u0302", "¨": "\u0308", "˜": "\u0303", "¸": "\u0327"}


def _join_accent(match: re.Match[str]) -> str:
    letter = "i" if match[2] == "ı" else match[2]
    composed = unicodedata.normalize("NFC", letter + _COMBINING[match[1]])
    return composed if len(composed) == 1 else match[0]


def as_typed(text: str) -> str:
    """Text without the signs that `PRINTED` finds."""
    return text.translate(_TYPED) if PRINTED.search(text) else text


def clean(text: str) -> str:
    """Text as a person would type it: ligatures split, spaces plain, accents composed."""
    if _SPECIAL.search(text):
        text = text.translate(_REPLACED)
        text = _LOOSE_ACCENT.sub(_join_accent, text)
        text = _CONTROL.sub("", unicodedata.normalize("NFC", text))
    return text.strip()


@dataclass(slots=True)
class Line:
    """One line of text on a page, in points from the top left.

    Attributes:
        text: cleaned text, without its line-end hyphen if `hyphen` is set.
        start: offset of its first character in the page's text.
        end: offset after its last character.
        size: height of its font, from descender to ascender.
        bold: whether all of it is bold.
        monospace: whether it is set in a font of fixed width.
        hyphen: whether a word goes on in the next line after a hyphen that pdfium took away.
        place: where it stands on a page that lies on its side or upside down; the other measures are
            then those of the page set upright.
    """

    text: str
    start: int
    end: int
    left: float
    top: float
    right: float
    bottom: float
    size: float
    bold: bool = False
    monospace: bool = False
    hyphen: bool = False
    place: tuple[float, float, float, float] | None = None

    def box(self, page: int) -> Box:
        left, top, right, bottom = self.place or (self.left, self.top, self.right, self.bottom)
        return Box(page, round(left, 1), round(top, 1), round(right, 1), round(bottom, 1))


@dataclass(slots=True)
class Table:
    """A table on a page: its place, its cells, every row of the same length."""

    left: float
    top: float
    right: float
    bottom: float
    rows: list[tuple[str, ...]]


@dataclass(slots=True)
class Page:
    """One page, numbered from 1, with what it shows in reading order."""

    number: int
    width: float
    height: float
    lines: list[Line] = field(default_factory=list[Line])
    tables: list[Table] = field(default_factory=list[Table])
    gutter: float | None = None
    """The middle of the white band between two columns, where its tables show one."""
    recognised: bool = False
    """Whether its text comes from optical character recognition."""
    confidence: float = 0.0
    """How sure the recognition is of its words on average, of 100."""

    def recognise(self, lines: list[Line], *, sideways: bool) -> None:
        """Takes lines read in its picture; its measures become those of the page set upright."""
        self.lines, self.recognised = lines, True
        if sideways:
            self.width, self.height = self.height, self.width

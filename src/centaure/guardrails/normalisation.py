"""A text as checks read it: compatibility forms resolved, invisible characters out, each place traceable."""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e0fff]"
)
_TAGS = range(0xE0020, 0xE007F)
"""Unicode's tags block: each of them stands for a character of ASCII, and no screen shows it."""

_DASHES = dict.fromkeys(
    map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"), "-"
)
_QUOTES = dict.fromkeys(map(ord, "\u2018\u2019\u201b\u02bc\u00b4\uff07\u2032"), "'")
_SAME_LENGTH = {**_DASHES, **_QUOTES}
_REPLACED = [(chr(written), read) for written, read in _SAME_LENGTH.items()]
"""The same, one after the other, which is faster on a long text."""
_CLUSTER = re.compile(r"[\s\S][\u0300-\u036f]*")


@dataclass(frozen=True, slots=True)
class Normalised:
    """A text, and the form of it that checks look at.

    Attributes:
        original: as it was given.
        text: NFKC, one kind of dash and of apostrophe, nothing invisible; letters keep case and accents.
        origins: for each character of `text` where it begins in `original`, and the length of `original`
            at the end; shape (len(text) + 1,), never falling.
        hidden: what characters of the tags block spell out, empty for most texts.
        invisible: how many invisible characters were left out.
    """

    original: str
    text: str
    origins: Sequence[int]
    hidden: str = ""
    invisible: int = 0

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The part of the original that characters `start` to `end` of `text` came from."""
        first = self.origins[start]
        return first, max(self.origins[end], min(first + 1, len(self.original)))

    def place(self, offset: int) -> int:
        """The character of `text` that stands at, or first after, an offset of the original."""
        return bisect_left(self.origins, offset, 0, len(self.text))


def normalise(original: str) -> Normalised:
    """Read a text of any origin; nothing in it can make this fail, and time grows with its length."""
    if not _INVISIBLE.search(original) and unicodedata.is_normalized("NFC", original):
        text = unicodedata.normalize("NFKC", original)
        for written, read in _REPLACED:
            text = text.replace(written, read)
        if len(text) == len(original) and _one_by_one(original):
            return Normalised(original, text, range(len(original) + 1))
    parts: list[str] = []
    origins: list[int] = []
    hidden: list[str] = []
    invisible = 0
    for found in _CLUSTER.finditer(original):
        cluster = found.group()
        if _INVISIBLE.match(cluster):
            invisible += 1
            if ord(cluster[0]) in _TAGS:
                hidden.append(chr(ord(cluster[0]) - 0xE0000))
            cluster = cluster[1:]
            if not cluster:
                continue
        made = unicodedata.normalize("NFKC", cluster).translate(_SAME_LENGTH)
        parts.append(made)
        origins.extend([found.start()] * len(made))
    origins.append(len(original))
    return Normalised(original, "".join(parts), origins, "".join(hidden), invisible)


def _one_by_one(original: str) -> bool:
    """Whether each character becomes one: lengths that agree by chance would misplace findings."""
    return all(
        len(unicodedata.normalize("NFKC", one)) == 1 for one in set(original) if ord(one) > 0x7F
    )


def folded(text: str) -> str:
    """Lower case without accents, as long as `text`: each character stays at its place."""
    if text.isascii():
        return text.lower()
    return text.translate(_FOLDING)


class _Folding(dict[int, str]):
    def __missing__(self, code: int) -> str:
        lowered = chr(code).lower()
        base = unicodedata.normalize("NFD", lowered[:1])[:1]
        made = _LETTERS.get(base, base)
        self[code] = made
        return made


_LETTERS = {"œ": "o", "æ": "a", "ø": "o", "ł": "l", "đ": "d", "ß": "s", "ı": "i"}
_FOLDING = _Folding()

"""Citation markers, taken out of a text that comes in pieces: "[3]", "[1][2]", "[1, 2]", "[passage 4]"."""

import re
from collections.abc import Iterator

Read = str | tuple[int, ...]
"""Words, or the numbers of a marker between them."""

LONGEST = 60
"""Characters of a marker; what is longer is text."""
_MOST_OF_A_RANGE = 20
_NAMED = r"(?:(?:passages?|sources?|documents?|docs?|n[°o])\s?|[#^])?"
_NUMBER = rf"{_NAMED}\d{{1,3}}"
_JOINED = r"\s?(?:,|;|-|–|&|et|and|à|to)\s?"
_MARKER = re.compile(rf"[\[【]\s?{_NUMBER}(?:{_JOINED}{_NUMBER}){{0,29}}\s?[\]】]", re.IGNORECASE)
_BEGUN = re.compile(rf"[\[【][\w\s,;&#^°–-]{{0,{LONGEST}}}$")
_HALF = re.compile(r"(?:[\[【][\s\d,;-]*)?")
_RANGE = re.compile(r"(\d{1,3})\s?(?:-|–|à|to)\s?(\d{1,3})")


class MarkerReader:
    """Reads a text piece by piece; what it gives does not depend on where the pieces were cut."""

    def __init__(self) -> None:
        self._held = ""

    def read(self, piece: str) -> Iterator[Read]:
        """Words and markers as far as they are certain; what may begin a marker is held back."""
        text = self._held + piece
        begun = _BEGUN.search(text)
        self._held = text[begun.start() :] if begun else ""
        return _split(text[: begun.start()] if begun else text)

    def end(self) -> Iterator[Read]:
        """What was held back and is no marker; half of one is left out."""
        held, self._held = self._held, ""
        return iter([] if _HALF.fullmatch(held) else [held])


def without_markers(text: str) -> str:
    """A text that is complete, without its markers."""
    return re.sub(rf"\s?(?:{_MARKER.pattern})", "", text, flags=re.IGNORECASE)


def _split(text: str) -> Iterator[Read]:
    place = 0
    for match in _MARKER.finditer(text):
        if match.end() - match.start() > LONGEST:
            continue
        if match.start() > place:
            yield text[place : match.start()]
        yield _numbers(match.group())
        place = match.end()
    if place < len(text):
        yield text[place:]


def _numbers(marker: str) -> tuple[int, ...]:
    """The numbers of a marker, those of a range among them, each once."""
    found: dict[int, None] = {}
    for match in re.finditer(rf"{_RANGE.pattern}|(\d{{1,3}})", marker):
        if match[3]:
            found[int(match[3])] = None
            continue
        first, last = int(match[1]), int(match[2])
        found |= dict.fromkeys(
            range(first, last + 1) if 0 <= last - first <= _MOST_OF_A_RANGE else (first, last)
        )
    return tuple(found)

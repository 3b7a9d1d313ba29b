"""Whether what was read looks like language: glued words, broken characters, doubtful pictures."""

import re
from collections import Counter
from collections.abc import Sequence

from centaure.knowledge.parsing.blocks import Block, BlockKind

_WORD = re.compile(r"[^\W\d_]+")
_UNREADABLE = re.compile("[\ufffd\ue000-\uf8ff\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_SAMPLE = 50_000
"""Characters: of a longer text, blocks here and there are looked at, about as many in all."""
_LONG_WORD = 25
_FEWEST_WORDS = 40
_FEWEST_CHARACTERS = 80
_GLUED_MEAN = 9.5
_SPACED_MEAN = 2.2
_LONG_SHARE = 0.02
_UNREADABLE_SHARE = 0.02


def quality_warnings(blocks: Sequence[Block]) -> tuple[str, ...]:
    """What a person should know about a text, as sentences; nothing for an ordinary one.

    French and English prose has words of 4 to 6 letters on average, nearly none over 25 letters
    and no character without meaning; the bounds stand well outside what real documents show.
    """
    prose = [block.text for block in blocks if block.kind is not BlockKind.CODE]
    prose = prose[:: 1 + sum(map(len, prose)) // _SAMPLE]
    text = "\n".join(_without_addresses(part) if _has_address(part) else part for part in prose)
    lengths = Counter(map(len, _WORD.findall(text)))
    words = lengths.total()
    found: list[str] = []
    if words >= _FEWEST_WORDS:
        average = sum(length * count for length, count in lengths.items()) / words
        long = sum(count for length, count in lengths.items() if length > _LONG_WORD) / words
        if average > _GLUED_MEAN or long > _LONG_SHARE:
            found.append(
                f"Words seem glued together: {average:.1f} letters on average, {long:.1%} over "
                f"{_LONG_WORD} letters. Search may miss them; look for another copy of the file."
            )
        elif average < _SPACED_MEAN and not any(b.kind is BlockKind.TABLE for b in blocks):
            found.append(
                f"Words seem cut into pieces: {average:.1f} letters on average. Search may miss "
                "them; look for another copy of the file."
            )
    inked = sum(map(len, text.split()))
    if inked >= _FEWEST_CHARACTERS:
        unreadable = len(_UNREADABLE.findall(text)) / inked
        if unreadable > _UNREADABLE_SHARE:
            found.append(
                f"{unreadable:.0%} of the characters are unreadable: the file does not say which "
                "letters its signs stand for. Print it to a new PDF, or look for another copy."
            )
    return tuple(found)


def _has_address(text: str) -> bool:
    return "@" in text or "://" in text or "www." in text


def _without_addresses(text: str) -> str:
    return " ".join(word for word in text.split() if not _has_address(word))

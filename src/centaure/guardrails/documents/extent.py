"""How much of a text a planted passage takes: whole sentences, and the orders that follow."""

import re
from collections.abc import Iterable

from centaure.guardrails.documents.signs import part
from centaure.guardrails.verdicts import Finding

_LEFT_OUT = "[…]"
_LONGEST = 600
_MOST_AFTER = 3
"""Sentences after the first ones that are taken where they go on giving orders."""
_FARTHEST = 2_000
"""Characters up to the mark that closes what a mark has opened."""
_END = re.compile(r"[.!?…][\"'”»)\]*_]{0,4}(?=\s)|\n")
_BETWEEN = " \n\t.!?;"
_CLOSING = (
    ("[inst]", "[/inst]"),
    ("<!--", "-->"),
    ("<<sys>>", "<</sys>>"),
    ("[[assistant]]", "[[/assistant]]"),
    ("<|system|>", "<|end|>"),
)
_SPOKEN_TO = re.compile(
    rf"\W{{0,4}}(?:\w+\W+){{0,5}}?\b{part('do')}\b|[^\n]{{0,200}}?{part('talk')}"
)


def extent(plain: str, start: int, end: int) -> tuple[int, int]:
    """The sentences that characters `start` to `end` of a folded text stand in, and those that follow them.

    A following sentence is taken where it begins with an order, or speaks of the answer or of its reader.
    """
    while start < end - 1 and plain[start] in _BETWEEN:
        start += 1
    first = _begin(plain, start)
    last = _closed(plain, start) or 0
    if end > last:
        last = _finish(plain, max(end - 1, start))
    for _ in range(_MOST_AFTER):
        if last >= len(plain) or not _SPOKEN_TO.match(plain, last, last + _LONGEST):
            break
        last = _finish(plain, last + 1)
    return first, last


def _closed(plain: str, start: int) -> int | None:
    """Past the mark that closes the one that stands at a character; None: none does."""
    for opening, closing in _CLOSING:
        if plain.startswith(opening, start):
            at = plain.find(closing, start, start + _FARTHEST)
            return at + len(closing) if at >= 0 else None
    return None


def _begin(plain: str, at: int) -> int:
    """Where the sentence begins that a character stands in."""
    floor = max(at - _LONGEST, 0)
    begin = floor
    for found in _END.finditer(plain, floor, at):
        begin = found.end()
    while begin < at and plain[begin].isspace():
        begin += 1
    return begin


def _finish(plain: str, at: int) -> int:
    """Past the end of the sentence that a character stands in."""
    found = _END.search(plain, at, at + _LONGEST)
    return found.end() if found else min(at + _LONGEST, len(plain))


def blanked(text: str, places: Iterable[Finding]) -> str:
    """A text of the same length that says `[…]` where it was left out, so that offsets into it hold."""
    for place in places:
        length = place.end - place.start
        text = text[: place.start] + _LEFT_OUT.ljust(length)[:length] + text[place.end :]
    return text

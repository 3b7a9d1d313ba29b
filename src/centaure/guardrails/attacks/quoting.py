"""What a text quotes, and whether it only asks about it."""

import re
from collections.abc import Sequence

from centaure.guardrails.attacks.words import read, vocabulary

_QUOTED = re.compile(
    "«([^«»]{1,4000})»|“([^“”]{1,4000})”|\"([^\"]{1,4000})\"|(?<!\\w)'([^'\n]{12,600})'(?!\\w)"
)


def quoted(text: str, least: int = 3) -> Sequence[tuple[int, int]]:
    """Where quotations of `least` words or more stand, without their marks."""
    spans: list[tuple[int, int]] = []
    for found in _QUOTED.finditer(text):
        group = found.lastindex or 1
        if len(found.group(group).split()) >= least:
            spans.append(found.span(group))
    return spans


def told_apart(text: str) -> tuple[str, str]:
    """The text without quotations that it only asks about, and those; else all of it and ""."""
    spans = quoted(text)
    if not spans:
        return text, ""
    own = list(text)
    for start, end in spans:
        own[start:end] = " " * (end - start)
    around = "".join(own)
    if not only_asks(around):
        return text, ""
    return around, "\n".join(text[start:end] for start, end in spans)


def only_asks(text: str) -> bool:
    """Whether a text speaks of texts or asks how, and orders nothing to be carried out."""
    letters = vocabulary().letters
    meant = set(read(text).meanings)
    return bool(meant & {letters["mention"], letters["asking"]}) and letters["obey"] not in meant

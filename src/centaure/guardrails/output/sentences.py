"""Sentences of an answer, and which parts of a text are only quoted."""

import re
from collections.abc import Iterator

_SENTENCE = re.compile(r"[^\n.!?…]*+(?:[.!?…](?!\s|$)[^\n.!?…]*+)*+(?:[.!?…]+|\n|$)")
_LONGEST = 800
_QUOTED = re.compile(
    r"«[^»\n]{1,400}»|“[^”\n]{1,400}”|\"[^\"\n]{1,400}\"|(?<!\w)'[^'\n]{3,200}'(?!\w)|`[^`\n]{1,400}`"
)


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Where sentences begin and end; one that never ends is cut."""
    for one in _SENTENCE.finditer(text):
        for start in range(one.start(), one.end(), _LONGEST):
            end = min(start + _LONGEST, one.end())
            if text[start:end].strip():
                yield start, end


def quoted(text: str) -> list[tuple[int, int]]:
    """Where a text quotes."""
    return [one.span() for one in _QUOTED.finditer(text)]

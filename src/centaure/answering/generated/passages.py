"""Passages as a language model is shown them: numbered, as data out of which no text can break."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from centaure.answering.generated.fence import Fence
from centaure.knowledge.language import sentences
from centaure.knowledge.retrieval import Hit

MOST_PASSAGES = 8
MOST_CHARACTERS = 20_000
"""Of all passages together: 5,000 to 7,000 tokens."""
_LEAST = 400
"""Characters of a passage that is worth showing in part."""
_LONGEST_ATTRIBUTE = 300
_ANGLES = str.maketrans("<>", "\N{SINGLE LEFT-POINTING ANGLE QUOTATION MARK}"
                              "\N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK}")  # fmt: skip
# Possessive, and blanks are no sign: a page of them is read once.
_OPENED = r"[\[【](?=\s*+(?:[^\w\s]|passages?|sources?|documents?|docs?|n.)?\s*+\d)"
_BRACKETS = re.compile(rf"{_OPENED}([^\[\]【】\n]{{1,60}})[\]】]|{_OPENED}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Numbered:
    """A passage that a model is shown.

    Attributes:
        number: what the model calls it, from 1.
        hit: the passage.
        text: what of it is shown.
    """

    number: int
    hit: Hit
    text: str


def numbered(hits: Sequence[Hit], most: int = MOST_CHARACTERS) -> tuple[Numbered, ...]:
    """The first passages that `most` characters hold; the last one may be cut after a sentence."""
    found: list[Numbered] = []
    for hit in hits[:MOST_PASSAGES]:
        text = hit.text if len(hit.text) <= most else _beginning(hit, most)
        if not text:
            break
        found.append(Numbered(len(found) + 1, hit, text))
        most -= len(text)
    return tuple(found)


def block(passage: Numbered, fence: Fence) -> str:
    """A passage between its tags, with where it stands."""
    hit, document = passage.hit, passage.hit.document
    where = {
        "number": str(passage.number),
        "title": document.title or document.path,
        "heading": " \N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK} ".join(hit.heading_path),
        "page": "" if hit.page_first is None else str(hit.page_first),
        "sheet": hit.sheet or "",
        "date": f"{document.modified:%Y-%m-%d}" if document.modified else "",
    }
    attributes = "".join(f' {name}="{_attribute(text)}"' for name, text in where.items() if text)
    return fence.around("passage", inert(passage.text), attributes)


def inert(text: str) -> str:
    """A text that can hold neither a tag nor a citation marker: its angles and brackets become others.

    What is quoted to the reader is taken from the passage itself, never from this.
    """
    return _BRACKETS.sub(
        lambda found: f"({found[1]})" if found[1] else "(", text.translate(_ANGLES)
    )


def _attribute(text: str) -> str:
    return inert(" ".join(text.split())[:_LONGEST_ATTRIBUTE]).replace('"', "”")


def _beginning(hit: Hit, most: int) -> str:
    """The whole sentences of a passage that fit; empty where that is too little."""
    if most < _LEAST:
        return ""
    ends = [end for _, end in sentences(hit.text[:most], hit.language)[:-1]]
    return hit.text[: ends[-1] if ends and ends[-1] >= _LEAST else most]

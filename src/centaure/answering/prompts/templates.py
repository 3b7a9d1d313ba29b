"""Templates: words with variables, such as `{{customer}}`. Pure."""

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

from centaure.kit.errors import InvalidInput

LONGEST = 20_000
"""Characters of a template."""
MOST_VARIABLES = 40
LONGEST_FILLED = 40_000
"""Characters of a template with its values."""
_MOST_COMPARED = 40_000
"""Lines of one text times lines of the other, where both differ: comparing takes time with their cube."""
_VARIABLE = re.compile(r"\{\{[ \t]{0,9}([^\W\d]\w{0,49})[ \t]{0,9}\}\}")


class Line(NamedTuple):
    """A line of a comparison of two texts: of both, only of the older, or only of the newer."""

    change: Literal["same", "removed", "added"]
    text: str


def variables(text: str) -> list[str]:
    """The names of the variables of a template, in the order in which they first come.

    Raises:
        InvalidInput: there are too many.
    """
    found = list(dict.fromkeys(_VARIABLE.findall(text)))
    if len(found) > MOST_VARIABLES:
        raise InvalidInput(f"A template has {MOST_VARIABLES} variables at most.")
    return found


def fill(text: str, values: Mapping[str, str]) -> str:
    """A template with the values of its variables; what stands in a value is no variable.

    Raises:
        InvalidInput: a variable has no value, and the message names it; or there are too many characters.
    """
    missing = [name for name in variables(text) if not values.get(name, "").strip()]
    if missing:
        raise InvalidInput(f"Give a value to {', '.join(missing)}.")
    if len(text) + sum(len(values[name]) for name in _VARIABLE.findall(text)) > LONGEST_FILLED:
        raise InvalidInput(
            f"With its values the template has more than {LONGEST_FILLED:,} characters: shorten these."
        )
    return _VARIABLE.sub(lambda found: values[found[1]], text)


def difference(older: str, newer: str) -> list[Line]:
    """What changed from one text to another, line by line, all lines shown.

    Where hundreds of lines in the middle differ, all of them are shown as removed and added.
    """
    before, after = older.splitlines(), newer.splitlines()
    head = _alike(before, after)
    tail = _alike(before[head:][::-1], after[head:][::-1])
    ends = len(before) - tail, len(after) - tail
    return [
        *(Line("same", line) for line in before[:head]),
        *_lines(before[head : ends[0]], after[head : ends[1]]),
        *(Line("same", line) for line in before[ends[0] :]),
    ]


def _alike(one: Sequence[str], other: Sequence[str]) -> int:
    """How many lines two texts begin with alike."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (a, b) in pairs if a != b), min(len(one), len(other)))


def _lines(older: list[str], newer: list[str]) -> Iterator[Line]:
    changes = [("replace", 0, len(older), 0, len(newer))]
    if len(older) * len(newer) <= _MOST_COMPARED:
        changes = difflib.SequenceMatcher(None, older, newer, autojunk=False).get_opcodes()
    for tag, a, b, c, d in changes:
        if tag == "equal":
            yield from (Line("same", line) for line in older[a:b])
        else:
            yield from (Line("removed", line) for line in older[a:b])
            yield from (Line("added", line) for line in newer[c:d])

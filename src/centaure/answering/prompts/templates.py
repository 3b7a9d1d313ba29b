"""Templates: words with variables, such as `{{customer}}`. Pure."""

import difflib
import re
from collections.abc import Iterator, Mapping
from typing import Literal, NamedTuple

from centaure.kit.errors import InvalidInput

LONGEST = 20_000
"""Characters of a template."""
MOST_VARIABLES = 40
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
        InvalidInput: a variable has no value; the message names it.
    """
    missing = [name for name in variables(text) if not values.get(name, "").strip()]
    if missing:
        raise InvalidInput(f"Give a value to {', '.join(missing)}.")
    return _VARIABLE.sub(lambda found: values[found[1]], text)


def difference(older: str, newer: str) -> list[Line]:
    """What changed from one text to another, line by line, all lines shown."""
    return list(_lines(older.splitlines(), newer.splitlines()))


def _lines(older: list[str], newer: list[str]) -> Iterator[Line]:
    matcher = difflib.SequenceMatcher(None, older, newer, autojunk=False)
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            yield from (Line("same", line) for line in older[a:b])
        else:
            yield from (Line("removed", line) for line in older[a:b])
            yield from (Line("added", line) for line in newer[c:d])

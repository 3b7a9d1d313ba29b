"""Signs that a text speaks to the assistant that reads it: data in signs.toml."""

import re
import tomllib
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

_SENTENCE_END = re.compile(r"[.!?…]\s|\n")
_PART = re.compile(r"\{([a-z_]+)\}")
_BOUNDARY = r"\b"


@dataclass(frozen=True, slots=True)
class Sign:
    """One sign.

    Attributes:
        rule: its name and version.
        score: what it is worth by itself, 0 to 1.
        after: characters after it within which an order must stand; 0: none must.
        before: the same before it, in the same sentence.
        looks: its forms, on folded text.
    """

    rule: str
    score: float
    after: int
    before: int
    looks: Sequence[re.Pattern[str]]


@dataclass(frozen=True, slots=True)
class Seen:
    """Where a sign stands: characters `start` to `end` of the text that was looked at."""

    sign: Sign
    start: int
    end: int


class Orders:
    """Where a folded text gives orders; it is read once, when the first of them is asked for."""

    def __init__(self, plain: str) -> None:
        self._plain = plain
        self._starts: list[int] | None = None

    def after(self, start: int, end: int) -> int | None:
        """Where the first order begins from character `start` on and before `end`."""
        starts = self._read()
        at = bisect_left(starts, start)
        return starts[at] if at < len(starts) and starts[at] < end else None

    def before(self, start: int, end: int) -> int | None:
        """Where the last order begins from character `start` on and before `end`, in the same sentence."""
        starts = self._read()
        at = bisect_left(starts, end) - 1
        if at < 0 or starts[at] < start or _SENTENCE_END.search(self._plain, starts[at], end):
            return None
        return starts[at]

    def _read(self) -> Sequence[int]:
        if self._starts is None:
            self._starts = [found.start() for found in _order().finditer(self._plain)]
        return self._starts


def seen(plain: str) -> Iterator[Seen]:
    """Where signs stand in a folded text; time grows with its length."""
    orders = Orders(plain)
    none_at_words = _at_words().search(plain) is None
    for sign in signs():
        for form in sign.looks:
            if none_at_words and form.pattern.startswith(_BOUNDARY):
                continue
            for found in form.finditer(plain):
                start, end = found.span()
                if sign.after:
                    order = orders.after(end, end + sign.after)
                    if order is None:
                        continue
                    end = order
                if sign.before:
                    order = orders.before(start - sign.before, start)
                    if order is None:
                        continue
                    start = order
                yield Seen(sign, start, end)


@cache
def signs() -> tuple[Sign, ...]:
    """The signs of signs.toml, read once."""
    return tuple(
        Sign(
            f"{one['name']}.{one['version']}",
            float(one["score"]),
            int(one.get("after", 0)),
            int(one.get("before", 0)),
            tuple(re.compile(_whole(form)) for form in one["looks"]),
        )
        for one in _data()["sign"]
    )


def part(name: str) -> str:
    """A part that signs are made of, as a regular expression on folded text."""
    return _data()["parts"][name]


@cache
def _at_words() -> re.Pattern[str]:
    """All forms that begin at a word as one: most texts hold none, and say so in one reading."""
    forms = (form.pattern for sign in signs() for form in sign.looks)
    begun = (form.removeprefix(_BOUNDARY) for form in forms if form.startswith(_BOUNDARY))
    return re.compile(rf"{_BOUNDARY}(?=\w)(?:{'|'.join(begun)})")


@cache
def _order() -> re.Pattern[str]:
    return re.compile(rf"\b{part('do')}\b|{part('talk')}|{part('link')}")


def _whole(form: str) -> str:
    return _PART.sub(lambda named: part(named[1]), form)


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads((files("centaure.guardrails.documents") / "signs.toml").read_text("utf-8"))

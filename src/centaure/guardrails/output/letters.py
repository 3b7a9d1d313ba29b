"""A text reduced to its letters and digits, so that no spacing, case, accent or sign hides a part of it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from centaure.guardrails.normalisation import folded

_LIGATURES = {"œ": "oe", "æ": "ae", "Œ": "oe", "Æ": "ae"}
_LIGATURE = re.compile("[œæŒÆ]")
_SHORT = 8
_WORDS = 16
"""Letters and digits, or letters alone: a shorter one is found only where it is no part of a longer word."""


@dataclass(frozen=True, slots=True)
class Letters:
    """Letters and digits of a text, folded.

    Attributes:
        text: they.
        places: where each stands in the text they come from; shape (len(text),).
    """

    text: str
    places: Sequence[int]

    def find(self, wanted: str) -> tuple[int, int] | None:
        """Where `wanted` stands in the text they come from: first character, and past the last."""
        start = self.text.find(wanted)
        while start >= 0:
            end = start + len(wanted)
            if len(wanted) >= (_WORDS if wanted.isalpha() else _SHORT) or not (
                self._joined(start) or self._joined(end)
            ):
                return self.places[start], self.places[end - 1] + 1
            start = self.text.find(wanted, start + 1)
        return None

    def _joined(self, at: int) -> bool:
        """Whether a letter stands right before the letter `at`, nothing between them."""
        return 0 < at < len(self.text) and self.places[at] - self.places[at - 1] <= 1


def letters(text: str) -> Letters:
    """The letters and digits of a text."""
    plain = folded(text)
    kept: list[str] = []
    places: list[int] = []
    for at, one in enumerate(plain):
        if one.isalnum():
            made = _LIGATURES.get(text[at], one)
            kept.append(made)
            places.extend([at] * len(made))
    return Letters("".join(kept), places)


def bare(text: str) -> str:
    """The letters and digits of a text, without their places."""
    spelled = _LIGATURE.sub(lambda one: _LIGATURES[one.group()], text)
    return "".join(one for one in folded(spelled) if one.isalnum())

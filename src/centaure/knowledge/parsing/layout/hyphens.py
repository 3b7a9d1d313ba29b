"""Lines of one paragraph joined again, the words that a line end cut made whole."""

import re
from collections.abc import Iterable
from functools import cached_property

_CUT_END = re.compile(r"([^\W\d_]{2,})-$")
# "COVID-" goes on with its number; after "1990-" or " -" a figure may be the next item of a list.
_NUMBERED_END = re.compile(r"[^\W\d_]-$")
_LONGEST_WORD = 60
_CUT_START = re.compile(r"[^\W\d_]+")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
# What follows a hyphen of its own in French: inverted pronouns, "même", "ci", "là" and the like.
_CLITICS = frozenset(
    """je tu il elle on nous vous ils elles ce le la les lui leur moi toi y en t ci là même mêmes
    être dire""".split()  # noqa: SIM905  # read as words
)


class Joiner:
    """Joins lines with the words of the whole document as evidence.

    A word cut at a line end is written whole elsewhere more often than not; where it is not, the
    hyphen stays before a clitic, a capital or when the compound is seen with it elsewhere.
    """

    def __init__(self, texts: Iterable[str]) -> None:
        self._texts = texts

    @cached_property
    def _seen(self) -> set[str]:
        """All words of the document, in lower case."""
        return set(_WORD.findall("\n".join(self._texts).lower()))

    def join(self, lines: Iterable[tuple[str, bool]], separator: str = " ") -> str:
        """Joins (text, cut) pairs; `cut` tells that a hyphen was already taken away."""
        joined = ""
        cut = False
        for text, next_cut in lines:
            joined = self._append(joined, text, separator, cut=cut)
            cut = next_cut
        return joined

    def _append(self, before: str, after: str, separator: str, *, cut: bool) -> str:
        if not before or not after:
            return before or after
        if cut and not before.endswith("-"):
            before += "-"
        start = _CUT_START.match(after) if before.endswith("-") else None
        if start is None:
            numbered = _NUMBERED_END.search(before[-_LONGEST_WORD:]) and after[0].isdecimal()
            return before + after if numbered else before + separator + after
        end = _CUT_END.search(before[-_LONGEST_WORD:])
        if end is None:
            return before + ("" if before[-2:-1].strip() else separator) + after
        left, right = end[1].lower(), start[0].lower()
        whole = left + right in self._seen
        compound = f"{left}-{right}" in self._seen or right in _CLITICS or after[0].isupper()
        return before + after if compound and not whole else before[:-1] + after

"""Digits that stand together, written in any grouping or spoken in words, and the parts of such a run."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

_RUN = re.compile(
    r"\d(?:[ .\-/|()·_]{0,4}\d|[ .\-]{0,2}[ABab](?=[ .\-]{0,3}\d(?:[ .\-]{0,2}\d){5}))*"
)
_SIGN = re.compile(r"(?:\((?=\+))?(?:\+ ?)?\(?$")
_GROUP = re.compile(r"\d+|[ABab]")
FEWEST = 6
"""Digits of the shortest identifier that is looked for."""
_LONGEST = 24
"""Digits of the longest identifier that is looked for."""
_MANY, _FEW = 60, 10
"""In a run of more groups than this, and in parts of more than that, only what is alone is read."""


@dataclass(frozen=True, slots=True)
class Group:
    """Digits without a gap, or a number in words; places count characters of the text."""

    digits: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Window:
    """Neighbouring groups of a run.

    Attributes:
        digits: all of them; the letter of a Corsican department too.
        start, end: the place.
        sizes: how many digits each group has.
        gaps: what stands between the groups, each kind once.
        plus: a plus sign stands before.
        alone: nothing of the run is joined to it by one of its own gaps, and no letter touches it.
        spoken: in words.
    """

    digits: str
    start: int
    end: int
    sizes: tuple[int, ...]
    gaps: frozenset[str]
    plus: bool
    alone: bool
    spoken: bool = False


@dataclass(frozen=True, slots=True)
class Run:
    """Groups that only spaces and marks of grouping part.

    Attributes:
        groups: in order.
        gaps: what stands between them; shape (len(groups) - 1,).
        plus: a plus sign stands before the first.
        sign: where the run begins, with its plus sign and a parenthesis that is closed.
        joined: a letter or a hyphen after a letter touches the start, the end.
    """

    groups: Sequence[Group]
    gaps: Sequence[str]
    plus: bool
    sign: int
    joined: tuple[bool, bool]
    spoken: bool = False

    def windows(self) -> Iterator[Window]:
        """Each part of 6 to 24 digits, from any group to any other; of long runs, those that stand alone."""
        most = _FEW if len(self.groups) <= _MANY else 0
        for first in range(len(self.groups)):
            digits, gaps = "", set[str]()
            for last in range(first, len(self.groups)):
                digits += self.groups[last].digits
                if last > first:
                    gaps.add(self.gaps[last - 1])
                if len(digits) > _LONGEST:
                    break
                if len(digits) < FEWEST:
                    continue
                alone = self._alone(first, last, gaps)
                if alone or last - first < most:
                    yield self._window(first, last, digits, frozenset(gaps), alone=alone)

    def _alone(self, first: int, last: int, gaps: set[str]) -> bool:
        before = self.gaps[first - 1] if first else ""
        after = self.gaps[last] if last < len(self.gaps) else ""
        if (before in gaps if first else self.joined[0]) or (
            after in gaps if after else self.joined[1]
        ):
            return False
        return bool(gaps) or not (before + after).strip(" ")

    def _window(
        self, first: int, last: int, digits: str, gaps: frozenset[str], *, alone: bool
    ) -> Window:
        start = self.groups[first].start if first else self.sign
        sizes = tuple(len(group.digits) for group in self.groups[first : last + 1])
        return Window(
            digits,
            start,
            self.groups[last].end,
            sizes,
            gaps,
            self.plus and not first,
            alone,
            self.spoken,
        )


def written(text: str) -> Iterable[Run]:
    """The runs of at least six digits of a text."""
    for found in _RUN.finditer(text):
        if found.end() - found.start() < FEWEST:
            continue
        groups = [
            Group(part.group().upper(), part.start(), part.end())
            for part in _GROUP.finditer(text, found.start(), found.end())
        ]
        if sum(len(group.digits) for group in groups) < FEWEST:
            continue
        gaps = [
            text[groups[index].end : groups[index + 1].start] for index in range(len(groups) - 1)
        ]
        lead = _SIGN.search(text, max(0, found.start() - 3), found.start())
        sign = lead.group() if lead else ""
        if ")" not in "".join(gaps[:2]):
            sign = sign.lstrip("(").rstrip("(")
        begins = found.start() - len(sign)
        yield Run(
            groups,
            gaps,
            "+" in sign,
            begins,
            (_touches(text, begins - 1, -1), _touches(text, found.end(), 1)),
        )


def _touches(text: str, place: int, step: int) -> bool:
    if not 0 <= place < len(text):
        return False
    if text[place].isalnum() or text[place] == "_":
        return True
    beyond = place + step
    return text[place] in "-/" and 0 <= beyond < len(text) and text[beyond].isalnum()

"""What a recogniser is given, and what it gives."""

import re
from dataclasses import dataclass
from functools import cached_property

from centaure.guardrails.normalisation import folded
from centaure.guardrails.personal_data.cues import Cues
from centaure.guardrails.personal_data.runs import Run, Window, written
from centaure.guardrails.personal_data.spoken import NUMBER_WORDS, spoken
from centaure.guardrails.policy import Label

_WORD = re.compile("[a-z]+")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place that may be personal data; `start` and `end` count characters of the text as read.

    Attributes:
        score: how sure, 0 to 1; of two that overlap the surer stays, and of equals the longer.
        rule: name and version of the rule.
    """

    start: int
    end: int
    label: Label
    score: float
    rule: str


@dataclass(frozen=True)
class Reading:
    """A normalised text, and what several recognisers ask of it, each worked out once.

    Attributes:
        text: as `Normalised.text`.
    """

    text: str

    @cached_property
    def low(self) -> str:
        """In lower case without accents, each character at its place."""
        return folded(self.text)

    @cached_property
    def words(self) -> frozenset[str]:
        """Each word of `low`, so that a recogniser can see at once that nothing announces its kind."""
        return frozenset(_WORD.findall(self.low))

    @cached_property
    def has_digits(self) -> bool:
        """Whether a digit stands anywhere."""
        return any(map(self.text.__contains__, "0123456789"))

    @cached_property
    def cues(self) -> Cues:
        """The words that announce values."""
        return Cues(self.low)

    @cached_property
    def runs(self) -> list[Run]:
        """Digits that stand together, in figures and in words."""
        dictated = spoken(self.low) if len(self.words & NUMBER_WORDS) > 1 else ()
        return [*written(self.text), *dictated]

    @cached_property
    def windows(self) -> list[Window]:
        """The parts of the runs that an identifier may fill."""
        return [window for run in self.runs for window in run.windows()]


def words_of(line: str) -> frozenset[str]:
    """The words of a line, as a set that others are compared with."""
    return frozenset(line.split())

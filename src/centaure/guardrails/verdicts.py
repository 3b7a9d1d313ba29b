"""What a check finds in a text, and what is done about all of it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum


class Stage(StrEnum):
    """Where a text stands: what a person asks, what a document or a tool says, what a model answers."""

    INPUT = "input"
    DOCUMENT = "document"
    OUTPUT = "output"


class Action(IntEnum):
    """What is done, the weakest first: of several, the strongest is done."""

    PASS = 0
    WARN = 1
    REDACT = 2
    REWRITE = 3
    ASK = 4
    REPLY = 5
    HAND_OVER = 6
    MODERATE = 7
    BLOCK = 8

    @property
    def word(self) -> str:
        """As policies, records and commands write it: `hand-over`."""
        return self.name.lower().replace("_", "-")

    @classmethod
    def named(cls, word: str) -> "Action":
        """The action of a word.

        Raises:
            ValueError: there is none of that name.
        """
        for action in cls:
            if action.word == word:
                return action
        raise ValueError(f"'{word}' is no action. They are {', '.join(one.word for one in cls)}.")


HELD_BACK = frozenset({Action.HAND_OVER, Action.MODERATE})
"""What a person decides on, later."""


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One place of a text that a check speaks of.

    Attributes:
        start: first character of the original text.
        end: past its last character.
        check: name of the check.
        label: what it is: a kind of personal data, a family of attacks.
        score: how sure the check is, 0 to 1.
        rule: name and version of the rule that found it, never a part of the text.
    """

    start: int
    end: int
    check: str
    label: str
    score: float
    rule: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of the checks of one text.

    Attributes:
        action: what is done.
        score: the highest that a check with an action gave, 0 to 1; personal data is
            treated by its own policy and does not count here.
        findings: in the order of the text.
        left_out: those of them whose places are not to be shown.
    """

    action: Action = Action.PASS
    score: float = 0.0
    findings: tuple[Finding, ...] = field(default=())
    left_out: tuple[Finding, ...] = field(default=())

    def rules(self) -> tuple[str, ...]:
        """The rules that spoke, each once: what a record keeps, since it holds nothing of the text."""
        return tuple(dict.fromkeys(finding.rule for finding in self.findings))


def covered(findings: Iterable[Finding]) -> list[Finding]:
    """Findings in the order of the text, without those that a surer or longer one covers with its label."""
    kept: list[Finding] = []
    furthest: dict[str, int] = {}
    for finding in sorted(findings, key=lambda one: (one.start, -one.end, -one.score)):
        if finding.end > furthest.get(finding.label, -1):
            furthest[finding.label] = finding.end
            kept.append(finding)
    return kept

"""Rules on what attacks say: data in patterns.toml, matched in time that grows with the text."""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from centaure.guardrails.attacks.words import END, Words, vocabulary


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: `says` is matched on meanings, `looks` on the folded text."""

    name: str
    family: str
    score: float
    says: Sequence[re.Pattern[str]]
    looks: Sequence[re.Pattern[str]]


@dataclass(frozen=True, slots=True)
class Match:
    """Where a rule matched.

    Attributes:
        rule: which.
        start: first character, of the text that was matched.
        end: past its last character.
        direct: whether its sentence does not ask about it, nor speaks of it as of a text.
    """

    rule: Rule
    start: int
    end: int
    direct: bool = True

    @property
    def score(self) -> float:
        """What the match is worth by itself, 0 to 1."""
        return self.rule.score if self.direct else 0.0


def matches(plain: str, words: Words) -> list[Match]:
    """Where rules match, each at its first place.

    Args:
        plain: the text, folded.
        words: its words, as `read` gave them.
    """
    found: list[Match] = []
    for rule in rules():
        places = [one.span() for says in rule.says if (one := says.search(words.meanings))]
        spans = [one.span() for looks in rule.looks if (one := looks.search(plain))]
        if places:
            direct = any(not _asked_about(words.meanings, start) for start, _ in places)
            found.append(Match(rule, *words.span(*min(places)), direct))
        elif spans:
            found.append(Match(rule, *min(spans)))
    return found


def _asked_about(meanings: str, start: int) -> bool:
    """Whether the sentence asks how or speaks of texts before the letter `start`."""
    letters = vocabulary().letters
    before = meanings[meanings.rfind(END, 0, start) + 1 : start]
    return letters["asking"] in before or letters["mention"] in before


@cache
def rules() -> tuple[Rule, ...]:
    """The rules of patterns.toml, read once."""
    data = tomllib.loads(
        (files("centaure.guardrails.attacks") / "patterns.toml").read_text("utf-8")
    )
    return tuple(
        Rule(
            f"{one['name']}.{one['version']}",
            one["family"],
            float(one.get("score", 0)),
            tuple(re.compile(_expression(says)) for says in one.get("says", ())),
            tuple(re.compile(looks) for looks in one.get("looks", ())),
        )
        for one in data["rule"]
    )


def _expression(says: str) -> str:
    """The regular expression on meanings that a rule's sentence stands for: every repetition is bounded."""
    letters = vocabulary().letters
    parts: list[str] = []
    for step in says.split():
        if step.startswith(".."):
            parts.append(f"[^{END}]{{0,{int(step[2:])}}}?")
        elif step.startswith("~~"):
            parts.append(f".{{0,{int(step[2:])}}}?")
        else:
            names = step.rstrip("?").split("/")
            parts.append(
                f"[{''.join(letters[name] for name in names)}]{'?' if step.endswith('?') else ''}"
            )
    return "".join(parts)

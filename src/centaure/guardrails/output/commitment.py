"""The check on commitments beyond an assistant's role: what it promises, decides or certifies."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, ClassVar

from centaure.guardrails.checks import Context
from centaure.guardrails.normalisation import Normalised, folded
from centaure.guardrails.output.sentences import quoted, sentences
from centaure.guardrails.policy import Sensitivity
from centaure.guardrails.verdicts import Action, Finding, Stage

_PLAIN, _SURE, _EXCUSED = 0.8, 0.7, 0.2
_LEAVE = re.compile(
    r"\bsi (?:cela|ca|cette offre|le prix) (?:vous|te|me) |\bno (?:court|judge|jury|tribunal|doctor) would\b"
    r"|\b(?:don't|do not|no|needn't) (?:need |have )?(?:to )?(?:see|ask|call|contact|consult)\b[^.!?]{0,20}"
)
"""Words that have the form of a condition or of a referral, and are none."""


class Commitment:
    """A price, a refund, a contract, a date, a certainty of law or medicine, a decision on employment.

    What is conditional, quoted, attributed to a text or referred to a person keeps a low score.
    """

    name: ClassVar[str] = "commitment"
    stages: ClassVar[frozenset[Stage]] = frozenset({Stage.OUTPUT})
    default: ClassVar[Sensitivity | None] = Sensitivity(at=0.5, action=Action.WARN)

    def look(self, text: Normalised, context: Context) -> Iterable[Finding]:
        """Sentences that commit, each with the kinds of commitment that it holds."""
        del context
        plain = folded(text.text)
        quotes = quoted(plain)
        for start, end in sentences(plain):
            for label, told, place in _committing(plain[start:end]):
                at = start + place
                only_quoted = any(first <= at < last for first, last in quotes)
                score = min(told, _EXCUSED) if only_quoted else told
                rule = f"commitment-{label.lower()}.{_patterns().version}"
                yield Finding(*text.span(start, end), self.name, label, score, rule)


@dataclass(frozen=True, slots=True)
class _Patterns:
    version: int
    rules: Mapping[str, tuple[re.Pattern[str] | None, re.Pattern[str] | None]]
    certain: re.Pattern[str]
    own: re.Pattern[str]
    other: re.Pattern[str]
    turned: re.Pattern[str]


def _committing(sentence: str) -> Iterator[tuple[str, float, int]]:
    """Each kind of commitment of a sentence: label, score, and where it stands."""
    known = _patterns()
    certain: bool | None = None
    for label, (plain, sure) in known.rules.items():
        found, score = (plain.search(sentence) if plain else None), _PLAIN
        if found is None and sure is not None and (found := sure.search(sentence)):
            certain = known.certain.search(sentence) is not None if certain is None else certain
            found, score = (found if certain else None), _SURE
        if found is not None:
            yield label, _EXCUSED if _excused(sentence, found.start()) else score, found.start()


def _excused(sentence: str, at: int) -> bool:
    """Whether something takes the commitment at a place back, unless that is itself taken back before."""
    known = _patterns()
    turn = max((one.end() for one in known.turned.finditer(sentence, 0, at)), default=0)
    said = _LEAVE.sub(" ", sentence[turn:])
    return known.own.search(said) is not None or known.other.search(said) is not None


@cache
def _patterns() -> _Patterns:
    data = tomllib.loads(
        files("centaure.guardrails.output").joinpath("commitments.toml").read_text(encoding="utf-8")
    )
    excused = data["excused"]
    return _Patterns(
        version=data["version"],
        rules={one["kind"]: (_maybe(one, "plain"), _maybe(one, "sure")) for one in data["rule"]},
        certain=_joined(data["certain"]["says"]),
        own=_joined(excused["own"]),
        other=_joined(excused["other"]),
        turned=_joined(excused["turned"]),
    )


def _maybe(rule: Mapping[str, Any], name: str) -> re.Pattern[str] | None:
    return _joined(rule[name], r"\b(?=\w)") if name in rule else None


def _joined(lines: str, start: str = "") -> re.Pattern[str]:
    """One expression of those on each line; `start` is tried before them, once for each character."""
    each = [line.replace("~", "[^.!?]{0,50}?") for line in lines.split("\n") if line]
    return re.compile(start + "(?:" + "|".join(f"(?:{one})" for one in each) + ")")

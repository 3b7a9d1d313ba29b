"""The check on attacks: a text as it stands, what it says in disguise, and what earlier turns add."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from centaure.guardrails.attacks.chains import (
    LONGEST,
    TURNS,
    assembled,
    refused,
    rising,
    together,
)
from centaure.guardrails.attacks.disguises import readings
from centaure.guardrails.attacks.linear import Model, model, probability
from centaure.guardrails.attacks.patterns import Match, matches
from centaure.guardrails.attacks.quoting import only_asks, told_apart
from centaure.guardrails.attacks.words import END, Words, read
from centaure.guardrails.checks import Context, Turn
from centaure.guardrails.normalisation import Normalised, folded, normalise
from centaure.guardrails.policy import Sensitivity
from centaure.guardrails.verdicts import Action, Finding, Stage

QUOTED = 0.5
"""What an attack counts that is only quoted, to be explained."""
_FEWEST = 6
"""Words of a turn, on average, from which the model is asked: greetings and search words tell it nothing.
Numbers are none in a text by itself."""


@dataclass(frozen=True, slots=True)
class Signs:
    """What was seen of a text: its words, the rules that match, and names of other features."""

    words: Words
    matches: Sequence[Match]
    also: Sequence[str]


def signs(text: str, also: Sequence[str] = ()) -> Signs:
    """What the model is given of a text; it is trained on the same."""
    words = read(text)
    found = matches(folded(text), words)
    return Signs(
        words,
        found,
        (*also, *(one.rule.name.rsplit(".", 1)[0] + ("" if one.direct else "?") for one in found)),
    )


class Attack:
    """Attempts to make an assistant leave its rules, show what it must not, or act for another person."""

    name: ClassVar[str] = "attack"
    stages: ClassVar[frozenset[Stage]] = frozenset({Stage.INPUT})
    default: ClassVar[Sensitivity | None] = Sensitivity(
        at=0.5, action=Action.BLOCK, doubt_at=0.3, in_doubt=Action.WARN
    )

    def __init__(self, known: Model | None = None) -> None:
        """With the weights that ship, or with others."""
        self._known = known or model()

    def look(self, text: Normalised, context: Context) -> Iterable[Finding]:
        """Places where rules match, the whole text with the model's score, and what turns add to it."""
        found = list(self._alone(text))
        yield from found
        if any(turn.role == "user" for turn in context.earlier):
            score = max(one.score for one in found)
            yield Finding(
                0,
                len(text.original),
                self.name,
                "CHAIN",
                self._together(text, context.earlier, score),
                f"chain.{self._known.version}",
            )

    def _alone(self, text: Normalised) -> Iterable[Finding]:
        whole = (0, len(text.original))
        for one in views(text):
            sign = signs(one.text, one.also)
            score = one.weight * self._score(sign)
            for match in sign.matches:
                span = text.span(match.start, match.end) if one.in_place else whole
                yield Finding(*span, self.name, match.rule.family, score, match.rule.name)
            yield Finding(*whole, self.name, "SUSPICIOUS", score, f"model.{self._known.version}")

    def _together(self, text: Normalised, earlier: Sequence[Turn], score: float) -> float:
        """How suspicious a conversation is that ends with a text of this score."""
        said = together(earlier, text.text)
        before = [
            max(one.score for one in self._alone(normalise(turn.text[-LONGEST:])))
            for turn in earlier
            if turn.role == "user"
        ][-TURNS:]
        scores = [
            rising([*before, score]),
            self._score(signs(said, chain_signs(earlier)), turns=len(before) + 1),
        ]
        if pieces := assembled(said):
            scores.append(self._score(signs(pieces, chain_signs(earlier))))
        return max(scores)

    def _score(self, sign: Signs, turns: int = 1) -> float:
        words = [one for one in sign.words.words if one != END and (turns > 1 or not one.isdigit())]
        enough = len(words) >= turns * _FEWEST
        told = probability(self._known, sign.words, sign.also) if enough else 0.0
        return max((told, *(one.score for one in sign.matches)))


@dataclass(frozen=True, slots=True)
class View:
    """One way to read a text.

    Attributes:
        text: what is read.
        also: names of features that it has beside its words.
        weight: what its score counts.
        in_place: whether characters stand where they do in the text itself.
    """

    text: str
    also: Sequence[str] = ()
    weight: float = 1.0
    in_place: bool = False


def views(text: Normalised) -> list[View]:
    """A text in its own words, what it only quotes, and what it says in disguise."""
    own, asked_about = told_apart(text.text)
    found = [View(own, ("quotes",) if asked_about else (), in_place=True)]
    if asked_about:
        found.append(View(asked_about, (), QUOTED))
    weight = QUOTED if asked_about or only_asks(own) else 1.0
    return found + [View(one.text, ("disguised",), weight) for one in readings(text)]


def chain_signs(earlier: Sequence[Turn]) -> tuple[str, ...]:
    """Names of features of a conversation."""
    return ("turns", "refused") if refused(earlier) else ("turns",)

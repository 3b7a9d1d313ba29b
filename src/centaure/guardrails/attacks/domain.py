"""Whether a question is what an assistant is for, by its nearness to examples."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

from centaure.guardrails.attacks.words import COMMON, END, read
from centaure.guardrails.checks import Context
from centaure.guardrails.normalisation import Normalised, normalise
from centaure.guardrails.policy import Sensitivity
from centaure.guardrails.verdicts import Action, Finding, Stage

Nearness = Callable[[str, Sequence[str]], Sequence[float]]
"""How near a text is to each of some examples, 0 to 1; shape (examples,)."""

LEAST = 2
"""Words with a meaning of their own that a text needs before it can be far from anything."""
FLOOR = 0.08
"""A nearness that says nothing: words that two texts share by chance."""
STEM = 6


class Domain:
    """Questions that an assistant is not for; where neither side is near, the person is asked.

    What was asked before is not judged anew: whoever was asked back could never go on.
    """

    name: ClassVar[str] = "domain"
    stages: ClassVar[frozenset[Stage]] = frozenset({Stage.INPUT})
    default: ClassVar[Sensitivity | None] = Sensitivity(
        at=0.7, action=Action.REPLY, doubt_at=0.5, in_doubt=Action.ASK
    )

    def __init__(self, near: Nearness | None = None) -> None:
        """With a nearness of one's own, that of embeddings for instance; by default that of words."""
        self._near = near

    def look(self, text: Normalised, context: Context) -> Iterable[Finding]:
        """How sure it is that the text is outside: 0 where an inside example is the same, 0.5 unknown."""
        examples = context.policy.domain
        if (
            context.past
            or not (examples.inside or examples.outside)
            or len(set(_stems(text.text))) < LEAST
        ):
            return
        near = self._near or _Words.of(examples.inside, examples.outside).near
        before = [turn.text for turn in context.earlier if turn.role == "user"][-1:]
        said = [text.text, *(f"{normalise(one).text}\n{text.text}" for one in before)]
        inside = max((value for one in said for value in near(one, examples.inside)), default=0.0)
        outside = max((value for value in near(text.text, examples.outside)), default=0.0)
        score = 0.5 + (outside - inside) / (2 * (outside + inside + FLOOR))
        yield Finding(0, len(text.original), self.name, "OUT_OF_DOMAIN", score, "domain.1")


@dataclass(frozen=True, slots=True)
class _Words:
    """Nearness by words: those that few examples hold weigh more."""

    weights: dict[str, float]
    rarest: float

    @staticmethod
    @lru_cache(maxsize=256)
    def of(inside: tuple[str, ...], outside: tuple[str, ...]) -> "_Words":
        """What the words of a policy's examples weigh."""
        every = [set(_stems(normalise(one).text)) for one in (*inside, *outside)]
        held: dict[str, int] = {}
        for stems in every:
            for stem in stems:
                held[stem] = held.get(stem, 0) + 1
        weights = {stem: math.log(1 + len(every) / count) for stem, count in held.items()}
        return _Words(weights, math.log(1 + len(every)))

    def near(self, text: str, examples: Sequence[str]) -> list[float]:
        """The cosine of a text and each example."""
        seen = set(_stems(text))
        return [self._cosine(seen, set(_stems(normalise(one).text))) for one in examples]

    def _cosine(self, one: set[str], other: set[str]) -> float:
        lengths = self._weight(one) * self._weight(other)
        return self._weight(one & other) / math.sqrt(lengths) if lengths else 0.0

    def _weight(self, stems: set[str]) -> float:
        return sum(self.weights.get(stem, self.rarest) ** 2 for stem in stems)


def _stems(text: str) -> list[str]:
    """The beginnings of words that mean something by themselves."""
    return [
        word[:STEM]
        for word in read(text).words
        if len(word) > 3 and word != END and word not in COMMON
    ]

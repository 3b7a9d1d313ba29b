"""One order from two: by words, and by meaning.

The score by words is taken as a share of the best, the similarity of vectors as standard deviations above
the mean of what was found by meaning; they are added, each with the weight of its leg (a convex combination:
Bruch and others, "An Analysis of Fusion Functions for Hybrid Retrieval", 2023). Models spread similarities
differently; standard deviations make one weight good for many questions. What the weight is depends on the
model and on the language of the question: an English model knows little of a French one.
"""

from collections.abc import Mapping, Sequence
from statistics import fmean, pstdev
from typing import Protocol, TypeVar

WEIGHTS: Mapping[str, Mapping[str, float]] = {
    "minilm": {"en": 0.2, "fr": 0.2},
}
"""Of the leg of meaning, by family of model and language of the question, where 1 minus it is that of words.

Learned on development halves: `python benchmarks/fusion.py`.
"""
DEFAULT = 0.2
"""For a model or a language that nothing was learned of."""
_SPREAD = 4.0
"""Standard deviations that count as much as the whole score by words of the best passage."""


class Found(Protocol):
    """A passage with its score by words (0: none) and its similarity (None: unknown)."""

    @property
    def score(self) -> float: ...
    @property
    def similarity(self) -> float | None: ...


T = TypeVar("T", bound=Found)


def meaning_weight(family: str, language: str) -> float:
    """The weight of the leg of meaning, in [0, 1].

    Args:
        family: of the model; one that is not known has the default.
        language: of the question: "fr", "en" or "simple".
    """
    return WEIGHTS.get(family, {}).get(language, DEFAULT)


def fused(found: Sequence[T], weight: float = DEFAULT) -> list[T]:
    """The passages, best first; those that score alike keep their order.

    Args:
        found: by words, by meaning or by both.
        weight: of meaning, in [0, 1].
    """
    near = [passage.similarity for passage in found if passage.similarity is not None]
    if not near:
        return sorted(found, key=lambda passage: passage.score, reverse=True)
    best = max(passage.score for passage in found) or 1.0
    usual, spread, far = fmean(near), pstdev(near) or 1.0, min(near)

    def together(passage: T) -> float:
        similarity = far if passage.similarity is None else passage.similarity
        meaning = (similarity - usual) / spread / _SPREAD
        return (1 - weight) * passage.score / best + weight * meaning

    return sorted(found, key=together, reverse=True)

"""One order from two: by words, and by meaning.

The score by words is taken as a share of the best, the similarity of vectors as standard deviations above
the mean of what was found by meaning; they are added, each with the weight of its leg (a convex combination:
Bruch and others, "An Analysis of Fusion Functions for Hybrid Retrieval", 2023). Models spread similarities
differently; standard deviations make one weight good for many questions. What the weight is depends on the
model and on the language of the question: an English model knows little of a French one.
"""

from collections import Counter
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
REPEATED = 0.03
"""Share of the best score that a passage loses for each one of its document before it, from the third on:
others come to be seen where they are about as good."""
_FREE = 3
"""Passages of one document that lose nothing."""
_SPREAD = 4.0
"""Standard deviations that count as much as the whole score by words of the best passage."""


class Found(Protocol):
    """A passage with its score by words (0: none) and its similarity (None: unknown)."""

    @property
    def score(self) -> float: ...
    @property
    def similarity(self) -> float | None: ...
    @property
    def document_id(self) -> int: ...


T = TypeVar("T", bound=Found)


def meaning_weight(family: str, language: str) -> float:
    """The weight of the leg of meaning, in [0, 1].

    Args:
        family: of the model; one that is not known has the default.
        language: of the question: "fr", "en" or "simple".
    """
    return WEIGHTS.get(family, {}).get(language, DEFAULT)


def fused(found: Sequence[T], weight: float = DEFAULT) -> list[T]:
    """The passages, best first, those of one document spread out; those that score alike keep their order.

    Args:
        found: by words, by meaning or by both.
        weight: of meaning, in [0, 1].
    """
    best = max((passage.score for passage in found), default=0.0) or 1.0
    near = [passage.similarity for passage in found if passage.similarity is not None]
    if near:
        usual, spread, far = fmean(near), pstdev(near) or 1.0, min(near)
    else:
        usual, spread, far, weight = 0.0, 1.0, 0.0, 0.0

    def together(passage: T) -> float:
        similarity = far if passage.similarity is None else passage.similarity
        meaning = (similarity - usual) / spread / _SPREAD
        return (1 - weight) * passage.score / best + weight * meaning

    scored = sorted(((together(passage), passage) for passage in found), key=_score, reverse=True)
    given: Counter[int] = Counter()
    spread_out: list[tuple[float, T]] = []
    for score, passage in scored:
        again = max(0, given[passage.document_id] - _FREE + 1)
        given[passage.document_id] += 1
        spread_out.append((score - REPEATED * again, passage))
    return [passage for _, passage in sorted(spread_out, key=_score, reverse=True)]


def _score(scored: tuple[float, object]) -> float:
    return scored[0]

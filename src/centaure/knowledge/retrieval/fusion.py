"""One order from two: by words, and by meaning.

Each leg's scores are brought to 0 to 1 over what it found, then added with the weight of the leg (a convex
combination: Bruch and others, "An Analysis of Fusion Functions for Hybrid Retrieval", 2023). Both are
functions of the question and of what may be read, and so is their sum.
"""

from collections.abc import Sequence
from typing import Protocol, TypeVar

MEANING_WEIGHT = 0.3
"""Of the similarity of vectors, where 1 minus it is that of words."""


class Found(Protocol):
    """A passage with its score by words (0: not found by them) and its similarity (None: not by meaning)."""

    @property
    def score(self) -> float: ...
    @property
    def similarity(self) -> float | None: ...


T = TypeVar("T", bound=Found)


def fused(found: Sequence[T]) -> list[T]:
    """The passages, best first; those that score alike keep their order."""
    if all(passage.similarity is None for passage in found):
        return sorted(found, key=lambda passage: passage.score, reverse=True)
    best = max((passage.score for passage in found), default=0.0) or 1.0
    near = [passage.similarity for passage in found if passage.similarity is not None]
    high, low = max(near, default=0.0), min(near, default=0.0)
    spread = (high - low) or 1.0

    def together(passage: T) -> float:
        meaning = 0.0 if passage.similarity is None else (passage.similarity - low) / spread
        return (1 - MEANING_WEIGHT) * passage.score / best + MEANING_WEIGHT * meaning

    return sorted(found, key=together, reverse=True)

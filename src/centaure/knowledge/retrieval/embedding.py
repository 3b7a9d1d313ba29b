"""The port through which passages and questions get vectors of their meaning."""

import math
from collections.abc import Sequence
from typing import Protocol

LONGEST = 8000
"""Characters of a passage that a model is given, unless it is told to take another number."""
QUESTION_S = 2.0
"""Longest wait for the vector of a question; after it the question is answered by words alone."""
MOST_DIMENSIONS = 4000
"""Longest vector that is kept: pgvector's limit for an indexed `halfvec`."""


class EmbeddingModel(Protocol):
    """A model that turns texts into vectors. It blocks: call it in a thread."""

    @property
    def batch(self) -> int:
        """Texts that it is given at once, at most."""
        ...

    def embed_passages(self, texts: Sequence[str], *, awaited: bool = False) -> list[list[float]]:
        """One vector of length 1 for each passage, in order.

        Args:
            texts: the passages.
            awaited: whether somebody waits for them: a service is then asked once, and has `QUESTION_S`.

        Raises:
            TextRefused: it will not take one of them.
            Unavailable, Refused: it does not answer.
        """
        ...

    def embed_question(self, text: str) -> list[float]:
        """The vector, of length 1, of a question; some models read questions otherwise."""
        ...


def embedded_text(title: str, heading_path: Sequence[str], text: str) -> str:
    """What a model is given of a passage: where it stands, then what it says."""
    return "\n".join(part for part in (title, " > ".join(heading_path), text) if part)


def normal(vector: Sequence[float]) -> list[float]:
    """The vector with length 1; one without direction stays as it is."""
    largest = max(map(abs, vector), default=0.0)
    if not largest or not math.isfinite(largest):
        return list(vector)
    length = largest * math.hypot(*(number / largest for number in vector))
    return [number / length for number in vector]


def written(vector: Sequence[float]) -> str:
    """The vector as pgvector reads it."""
    return f"[{','.join(f'{number:.6g}' for number in vector)}]"

"""An embedding model of nothing but letters: no weights, no network, the same vector everywhere.

It is the twin of a real model where there is none: in tests, demonstrations and benchmarks. It knows no
meaning, but words that share letters ("parental", "parentaux", "parentla") are near each other.

Method: feature hashing of words and of their letter trigrams into signed dimensions (Weinberger and others,
"Feature Hashing for Large Scale Multitask Learning", 2009; the features are those of Bojanowski and others,
"Enriching Word Vectors with Subword Information", 2017).
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from math import sqrt
from zlib import crc32

from centaure.knowledge.retrieval.embedding import normal

_WORD = re.compile(r"\w+")


class Trigrams:
    """The model, with vectors of so many dimensions."""

    batch = 64

    def __init__(self, dimensions: int = 256) -> None:
        self._dimensions = dimensions

    def embed_passages(
        self,
        texts: Sequence[str],
        *,
        awaited: bool = False,  # noqa: ARG002  in process there is nobody to wait for
    ) -> list[list[float]]:
        """One vector for each text."""
        return [self.embed_question(text) for text in texts]

    def embed_question(self, text: str) -> list[float]:
        """Its vector: words that come often count less than proportionally."""
        folded = "".join(
            c
            for c in unicodedata.normalize("NFKD", text.casefold())
            if not unicodedata.combining(c)
        )
        vector = [0.0] * self._dimensions
        for word, times in Counter(_WORD.findall(folded)).items():
            weight = sqrt(times)
            for number in _features(word):
                sign = weight if number & 1 else -weight
                vector[(number >> 1) % self._dimensions] += sign
        return normal(vector)


@lru_cache(maxsize=1 << 16)
def _features(word: str) -> tuple[int, ...]:
    marked = f"<{word}>"
    parts = {marked, *(marked[start : start + 3] for start in range(len(marked) - 2))}
    return tuple(crc32(part.encode()) for part in sorted(parts))

"""The port through which passages and questions get vectors of their meaning.

Nothing implements it yet: search is lexical until a model is chosen. The column
`chunk_index.embedding` waits, empty, and costs nothing.
"""

from collections.abc import Sequence
from typing import Protocol


class EmbeddingModel(Protocol):
    """A model that turns texts into vectors, in process or over the network."""

    @property
    def name(self) -> str:
        """Name and version: vectors of two names are never compared."""
        ...

    @property
    def dimensions(self) -> int:
        """Length of each vector, at most 4,000 (pgvector's limit for an indexed `halfvec`)."""
        ...

    async def embed_passages(self, texts: Sequence[str]) -> list[list[float]]:
        """One vector of length 1 for each passage, in order."""
        ...

    async def embed_question(self, text: str) -> list[float]:
        """The vector, of length 1, of a question; some models read questions otherwise."""
        ...

"""Terms of the index: how a stem becomes a number.

Numbers come from a hash, never from a list of the words seen so far: a document that somebody may not
read therefore cannot change what they find.
"""

from functools import lru_cache
from hashlib import blake2b

DIMENSIONS = 1_000_000_000
"""Largest number of a term, which is the most dimensions that pgvector's sparsevec has. Among a
million stems two in two thousand share a number, which costs nothing that can be measured."""


@lru_cache(maxsize=1 << 18)
def term_number(stem: str) -> int:
    """The number of a stem, from 1 to `DIMENSIONS`, the same in every language.

    A name or a figure thus has one number in French and in English passages.
    """
    digest = blake2b(stem.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest) % DIMENSIONS + 1

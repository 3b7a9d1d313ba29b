"""Terms of the index: how a stem becomes a number, and what it weighs.

Weights come from how frequent a stem is in general French or English, never from the documents: a
document that somebody may not read therefore cannot change what they find. Numbers come from a
hash, never from a list of the words seen so far, for the same reason.
"""

import math
from functools import lru_cache
from hashlib import blake2b

from centaure.knowledge.language import stem_levels

DIMENSIONS = 1_000_000_000
"""Largest number of a term, which is the most dimensions that pgvector's sparsevec has. Among a
million stems two in two thousand share a number, which costs nothing that can be measured."""

UNKNOWN_LEVEL = 720
"""Centibels (a frequency of 10^-7.2) of a stem that the tables lack. They end at 600."""

WINDOW = 200
"""Words of the imagined passage in which a stem is looked for, see `weight`."""


@lru_cache(maxsize=1 << 18)
def term_number(stem: str, language: str) -> int:
    """The number of a stem in a language, from 1 to `DIMENSIONS`."""
    digest = blake2b(f"{language}:{stem}".encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest) % DIMENSIONS + 1


@lru_cache(maxsize=1 << 18)
def weight(stem: str, language: str) -> float:
    """What a stem tells, in nats: 0.2 for a very frequent one, 11.3 for one that no table has.

    It is -log of the probability that `WINDOW` words of general text hold the stem, the language's
    own inverse document frequency. In "simple" text the more frequent of both readings counts.
    """
    if language == "simple":
        return min(weight(stem, "fr"), weight(stem, "en"))
    frequency = 10 ** (-stem_levels(language).get(stem, UNKNOWN_LEVEL) / 100)
    return -math.log(-math.expm1(-frequency * WINDOW))

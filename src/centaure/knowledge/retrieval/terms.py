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
def term_number(stem: str) -> int:
    """The number of a stem, from 1 to `DIMENSIONS`, the same in every language.

    A name or a figure thus has one number in French and in English passages.
    """
    digest = blake2b(stem.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest) % DIMENSIONS + 1


_NUMBER_LEVELS = {1: 350, 2: 400, 3: 500}
_YEAR_LEVEL = 480
"""Centibels of one number among all words by its digits, in round figures: the tables have none."""


def _level(stem: str, language: str) -> int:
    if stem.isdecimal():
        if len(stem) == 4 and stem.startswith(("19", "20")):
            return _YEAR_LEVEL
        return _NUMBER_LEVELS.get(len(stem), UNKNOWN_LEVEL)
    return stem_levels(language).get(stem, UNKNOWN_LEVEL)


def is_known(stem: str, language: str) -> bool:
    """Whether general text of the language holds the stem often enough for the tables to have it."""
    return stem in stem_levels(language)


@lru_cache(maxsize=1 << 18)
def weight(stem: str, language: str) -> float:
    """What a stem tells, in nats: 0.2 for a very frequent one, 11.3 for one that no table has.

    It is -log of the probability that `WINDOW` words of general text hold the stem, the language's
    own inverse document frequency. In "simple" text the more frequent of both readings counts.
    """
    if language == "simple":
        return min(weight(stem, "fr"), weight(stem, "en"))
    frequency = 10 ** (-_level(stem, language) / 100)
    return -math.log(-math.expm1(-frequency * WINDOW))

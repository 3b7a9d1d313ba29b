"""What a stem tells, from how frequent it is in general French or English.

Never from the documents: one that somebody may not read therefore cannot change what they find.
"""

import math
from functools import lru_cache

from centaure.knowledge.language.frequencies import stem_levels

UNKNOWN_LEVEL = 720
"""Centibels (a frequency of 10^-7.2) of a stem that the tables lack. They end at 600."""

WINDOW = 200
"""Words of the imagined passage in which a stem is looked for, see `weight`."""

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

"""How frequent each stem is in general French and English.

Two tables derived from wordfreq by Robyn Speer (CC BY-SA 4.0): see README.md and derive.py here.
"""

import gzip
from functools import lru_cache
from importlib.resources import files

LANGUAGES = ("fr", "en")
"""The languages that have a table."""


@lru_cache(maxsize=len(LANGUAGES))
def stem_levels(language: str) -> dict[str, int]:
    """Each stem's frequency in centibels below one: 250 is a share of 10^-2.5 of all words."""
    table = files(__name__).joinpath(f"{language}.tsv.gz").read_bytes()
    levels: dict[str, int] = {}
    for line in gzip.decompress(table).decode().splitlines():
        level, _, stems = line.partition("\t")
        levels.update(dict.fromkeys(stems.split(" "), int(level)))
    return levels

"""Text made plain without moving a character, so that what a pattern finds has its place in the original."""

import unicodedata
from functools import lru_cache

_SAME = {"’": "'", "‘": "'", "‐": "-", "‑": "-", "–": "-", "—": "-", "−": "-", "×": "x"}


@lru_cache(maxsize=4096)
def _letter(letter: str) -> str:
    if letter.isspace():
        return "\n" if letter == "\n" else " "
    if letter in _SAME:
        return _SAME[letter]
    bare = unicodedata.normalize("NFKD", letter)[0].lower()
    return bare if len(bare) == 1 else letter


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """Lower case, without accents, with ordinary blanks, apostrophes and hyphens; as long as `text`."""
    return "".join(map(_letter, text))

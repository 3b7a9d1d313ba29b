"""Which language a text is written in, from how frequent its words are in each.

Each word adds its log-frequency in French and in English; the difference decides. Five words of a
question are enough, because the little words ("the", "quelle", "est") weigh most.
"""

import re
from functools import lru_cache
from operator import itemgetter

from centaure.knowledge.language.frequencies import LANGUAGES, stem_levels
from centaure.knowledge.language.tokens import stem

UNKNOWN_LEVEL = 700
"""Centibels given to a word that a table lacks: rarer than its rarest words (600)."""

_SAMPLE = 400
"""Words looked at: more change nothing."""
_FOREIGN_LEVEL = 440
"""Mean level above which a long text is neither French nor English: theirs stay around 320, and
Spanish, German or Romanian come to 480 and more."""
_FOREIGN_SLACK = 800
"""Centibels that a text may add to that in all: a few names decide little in a short question."""
_ACCENT = 60
"""Centibels that a letter of French and not of English is worth."""

_WORD = re.compile(r"[^\W\d_]+")
_FRENCH_LETTER = re.compile("[àâçéèêëîïôùûœ]", re.IGNORECASE)


@lru_cache(maxsize=1 << 16)
def _levels(word: str) -> tuple[int, int]:
    """A word's level in French and in English, lower for more frequent."""
    french, english = (
        stem_levels(language).get(stem(word, language), UNKNOWN_LEVEL) for language in LANGUAGES
    )
    if _FRENCH_LETTER.search(word):
        english += _ACCENT
    return french, english


def detect_language(text: str) -> str:
    """The language of `text`: "fr", "en", or "simple" when it is neither or says too little.

    "simple" comes out for text without words (figures, codes), for other languages, and where both
    languages are equally likely.
    """
    words = _WORD.findall(text)[:_SAMPLE]
    levels = list(map(_levels, map(str.lower, words)))
    count = len(levels)
    french = sum(map(itemgetter(0), levels))
    english = sum(map(itemgetter(1), levels))
    foreign = count * _FOREIGN_LEVEL + _FOREIGN_SLACK
    if count == 0 or french == english or min(french, english) > foreign:
        return "simple"
    return "fr" if french < english else "en"

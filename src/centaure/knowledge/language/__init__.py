"""What language a text is in, and which stems it holds.

Owns detection, tokens, stop words, the frequencies of stems in general French and English, and the
weights that follow from them. Everything here is a pure function of the text: analysis is done in
Python, never in PostgreSQL, so that every server indexes and asks in the same way.
"""

from centaure.knowledge.language.detection import detect_language
from centaure.knowledge.language.frequencies import stem_levels
from centaure.knowledge.language.sentences import sentences
from centaure.knowledge.language.tokens import Token, fold, grouped_numbers, stem, tokens
from centaure.knowledge.language.weights import is_known, weight

LANGUAGE_VERSION = "1"
"""Changes when the analysis of a text changes: documents indexed under another one are read again."""

__all__ = [
    "LANGUAGE_VERSION",
    "Token",
    "detect_language",
    "fold",
    "grouped_numbers",
    "is_known",
    "sentences",
    "stem",
    "stem_levels",
    "tokens",
    "weight",
]

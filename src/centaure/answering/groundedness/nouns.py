"""Which words of a sentence probably name a thing: those after a determiner or a preposition."""

import re

from centaure.answering.groundedness.text import plain

_WORD = re.compile(r"[^\W_]+|[,;:()]")
_OPENERS = frozenset({
    "a", "an", "the", "its", "his", "her", "their", "our", "your", "my", "this", "that", "these",
    "those", "some", "any", "every", "each", "no", "of", "by", "in", "on", "with", "from", "at",
    "for", "via", "into", "onto", "per", "as", "un", "une", "le", "la", "les", "l", "des", "du",
    "de", "d", "au", "aux", "son", "sa", "ses", "leur", "leurs", "votre", "vos", "notre", "nos",
    "mon", "ma", "mes", "ce", "cet", "cette", "ces", "par", "sur", "dans", "avec", "sans", "pour",
    "en", "chez", "sous", "vers", "tout", "toute", "tous", "toutes", "chaque", "aucun", "aucune",
    "deux", "trois", "two", "three",
})  # fmt: skip


def noun_places(text: str, stop: frozenset[str]) -> frozenset[int]:
    """Offsets of the words that probably name a thing.

    Args:
        text: one sentence.
        stop: words of grammar, folded: each ends a row of names unless it opens one.
    """
    found: set[int] = set()
    opened = False
    for match in _WORD.finditer(plain(text)):
        word = match.group()
        if word in _OPENERS:
            opened = True
        elif word in stop or not word.isalnum():
            opened = False
        elif opened:
            found.add(match.start())
    return frozenset(found)

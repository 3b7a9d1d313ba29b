"""Words of a text that a name may hold: those with a capital, particles, and words of civility."""

import re
from dataclasses import dataclass
from functools import cache

from centaure.guardrails.personal_data.names.lists import cues, known_of

_ELIDED = frozenset("dljcnst")


@dataclass(slots=True)
class Token:
    """A word; `word` is its form in lower case without accents, `known` what the lists know of it."""

    start: int
    end: int
    word: str
    known: int
    capital: bool
    upper: bool

    @property
    def initial(self) -> bool:
        """A single letter, with its dot or without."""
        return len(self.word) == 1 and self.capital


@cache
def _looked_for() -> re.Pattern[str]:
    """Words with a capital, particles before them, and words of civility in lower case."""
    capital = "[A-Z\u00c0-\u00de\u0100-\u024f\u1e00-\u1eff]"
    rest = r"[^\W\d_]*(?:['-][^\W\d_]+)*"
    particles, titles = _any_of("particle"), _any_of("civility-small", "civility-plural-small")
    before_name = rf"(?=[ '](?:(?:{particles})[ ']){{0,4}}{capital})"
    return re.compile(
        rf"(?<![^\W_])(?<![^\W\d_]-)(?:{capital}{rest}|(?:{titles})(?![^\W_]|-[^\W_])"
        rf"|(?:{particles}){before_name})"
    )


def _any_of(*sections: str) -> str:
    words = frozenset[str]().union(*map(cues, sections))
    return "|".join(sorted(words, key=len, reverse=True))


def tokens_of(text: str, low: str) -> list[Token]:
    """The words that a name may hold, in the order of the text.

    Args:
        text: as `Normalised.text`.
        low: the same in lower case without accents, as long.
    """
    made: list[Token] = []
    for found in _looked_for().finditer(text):
        start, end = found.span()
        if not text[start].isupper():
            if not glued(text, start, end):
                made.append(Token(start, end, low[start:end], 0, capital=False, upper=False))
            continue
        start += _elision(text, low, start, end)
        if text[end - 2 : end] in ("'s", "'S"):
            end -= 2
        if text[start].isupper() and not glued(text, start, end):
            made.append(_token(text, low, start, end))
    return made


def _token(text: str, low: str, start: int, end: int) -> Token:
    word = low[start:end]
    upper = end - start > 1 and text[start:end].isupper()
    if end - start == 1 and text[end : end + 1] == ".":
        end += 1
    return Token(start, end, word, known_of(word), capital=True, upper=upper)


def _elision(text: str, low: str, start: int, end: int) -> int:
    """How many characters stand before a name in `L'Assuré`: none in `N'Diaye` or `D'Angelo`."""
    cut = low.find("'", start, end)
    if low[cut - 2 : cut] == "qu":
        return cut + 1 - start
    if text[start + 1 : start + 2] != "'" or end - start < 4 or low[start] not in _ELIDED:
        return 0
    joined = known_of(low[start:end]) or (text[start] in "NMO" and text[start + 2].isupper())
    return 0 if joined else 2


def glued(text: str, start: int, end: int) -> bool:
    """Whether it is a part of an address, a number or an identifier."""
    before, after = text[start - 1 : start], text[end : end + 1]
    if before and (before in "@_\\#~%+$" or before.isdigit()):
        return True
    if before == "." and end - start > 1 and text[start - 2 : start - 1].isalnum():
        return not text[start - 2 : start - 1].isupper() or text[start - 3 : start - 2].isalnum()
    if after and (after in "@_\\" or after.isdigit()):
        return True
    following = text[end + 1 : end + 2]
    return after == "." and following.isalnum() and end - start > 1 and not following.isupper()

"""From text to stems, each with its place in the text.

What is folded: compatibility forms (ligatures, full-width letters), accents, case. Accents go before
stemming, so that a question typed without them finds the same stems.

What is cut: words at apostrophes ("l'article" is "l" and "article", "Apple's" is "apple" and "s",
and the short pieces are stop words) and at hyphens ("chef-lieu" is "chef" and "lieu": a compound is
found by its parts, and by the compound because its parts stand together).

What is kept whole: numbers ("1 250,50" is "1250.50"), and references, which are compounds that hold
a digit ("TP-204/B"): they give their parts and one more token, the reference without its
separators ("tp204b"), so that "TP204B", "TP 204 B" and "TP-204/B" find each other.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import NamedTuple, cast

import Stemmer

from centaure.knowledge.language.stopwords import STOP_WORDS

MAXIMUM_TOKEN_LENGTH = 64
"""Characters. A longer run without a break (a key, an encoded image) is not a word and is skipped."""

_MARK = (
    "\u0300-\u036f\u00ad\u200b-\u200d\u2060"  # combining accents, soft hyphens, zero-width marks
)
_LETTERS = rf"[^\W_]+(?:[{_MARK}]+[^\W_]*)*"
_MORE = rf"(?:[-‐‑/._]{_LETTERS}|(?<=\d),(?=\d){_LETTERS})*"
_GROUPS = r"(?<![\w]) \d{1,3} (?:[\u0020\u00a0\u2009\u202f]\d{3})+ (?:[.,]\d+)? (?![\w])"
_GROUPED = re.compile(_GROUPS, re.VERBOSE)
# The letter or figure that each kind begins with stands before them all: what is none is passed over at once.
_TOKEN = re.compile(
    rf"""
    [^\W_] (?:
        (?P<number> (?<=\d)(?<!\w\d) \d{{0,2}} (?:[\u0020\u00a0\u2009\u202f]\d{{3}})+ (?:[.,]\d+)? (?!\w) )
      | (?P<today> (?<=[Aa]) ujourd['’]hui )
      | (?P<sharp> (?<=[A-Za-z]) (?:\+\+|\#) (?!\w) )
      | (?P<compound> [^\W_]*(?:[{_MARK}]+[^\W_]*)*{_MORE} )
    )
    """,
    re.VERBOSE,
)
_PART = re.compile(_LETTERS)
_DECIMAL = re.compile(r"\d+(?:[.,]\d+)+")
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_IGNORED = re.compile(rf"[{_MARK}]")


class Token(NamedTuple):
    """One token of a text.

    Attributes:
        stem: What is indexed and compared: folded, and stemmed in the language of the text.
        start: Offset of its first character in the text as given.
        end: Offset after its last character.
        stop: Whether the language says nothing by it ("the", "quelle"). Stop words are not indexed.
    """

    stem: str
    start: int
    end: int
    stop: bool


_made = cast(
    "Callable[[type[Token], tuple[str, int, int, bool]], Token]",
    tuple.__new__,  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType]  of any tuple
)
"""A token in half the time that `Token(...)` takes: each word of each passage that is read makes one."""


@lru_cache(maxsize=1 << 16)
def fold(word: str) -> str:
    """The word without accents, ligatures, case and invisible marks."""
    if word.isascii():
        return word.lower()
    decomposed = unicodedata.normalize("NFKD", word)
    bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    lowered = _IGNORED.sub("", bare).casefold()
    return lowered.replace("œ", "oe").replace("æ", "ae").replace("ø", "o").replace("ł", "l")


def _stemmer(algorithm: str) -> Callable[[str], str]:
    """Snowball's stemmer of that name; PyStemmer has no types, this gives it one."""
    stemmer = Stemmer.Stemmer(algorithm)  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]  untyped
    return cast("Callable[[str], str]", stemmer.stemWord)  # pyright: ignore[reportUnknownMemberType]  untyped


def _unchanged(word: str) -> str:
    return word


class _Language:
    """The analysis of words of one language, remembered word by word."""

    def __init__(self, language: str) -> None:
        algorithm = {"fr": "french", "en": "english"}.get(language)
        self._stem_word = _stemmer(algorithm) if algorithm else _unchanged
        self._stop_words = STOP_WORDS.get(language, frozenset())
        self.comma_groups_thousands = language != "fr"
        self.word = lru_cache(maxsize=1 << 17)(self._word)

    def _word(self, word: str) -> tuple[str, bool]:
        """The stem of a word as written, and whether it is a stop word."""
        folded = fold(word)
        if folded in self._stop_words:
            return self._stem(folded), True
        return self._stem(folded), False

    def _stem(self, folded: str) -> str:
        return self._stem_word(folded) if folded.isalpha() else folded


_LANGUAGES = {language: _Language(language) for language in ("fr", "en", "simple")}


def stem(word: str, language: str) -> str:
    """The stem of one word in `language` ("fr", "en", or "simple" for no stemming)."""
    return _LANGUAGES[language].word(word)[0]


def grouped_numbers(text: str) -> list[tuple[int, int]]:
    """The stretches between blanks around numbers written in groups ("1 250"), the only tokens with blanks.

    Elsewhere, the tokens of a text are those of its pieces between blanks.
    """
    found: list[tuple[int, int]] = []
    for match in _GROUPED.finditer(text):
        start, end = match.span()
        while start > 0 and not text[start - 1].isspace():
            start -= 1
        while end < len(text) and not text[end].isspace():
            end += 1
        if found and start < found[-1][1]:
            start = found.pop()[0]
        found.append((start, end))
    return found


def tokens(text: str, language: str) -> list[Token]:
    """The tokens of `text`, in order, stop words included and marked.

    A reference comes after its parts, with the offsets of the whole.

    Args:
        text: Any text; offsets of the result count its characters.
        language: "fr", "en", or "simple" (folded only, no stop words, no stemming).
    """
    found: list[Token] = []
    known = _LANGUAGES[language]
    analyse = known.word
    for match in _TOKEN.finditer(text):
        written = match.group()
        start, end = match.span()
        if written.isalpha():
            if end - start <= MAXIMUM_TOKEN_LENGTH:
                stemmed, stop = analyse(written)
                if stemmed:
                    found.append(_made(Token, (stemmed, start, end, stop)))
            continue
        kind = match.lastgroup
        if kind == "compound":
            found += _compound(written, start, known)
        elif kind == "number":
            digits = re.sub(r"[\s\u00a0\u2009\u202f]", "", written).replace(",", ".")
            found.append(Token(digits, start, end, stop=False))
        elif kind == "today":
            found.append(Token("aujourdhui", start, end, stop=True))
        else:
            found.append(Token(written.lower(), start, end, stop=False))
    return found


def _compound(written: str, offset: int, language: _Language) -> Iterator[Token]:
    """The parts of a run joined by separators, and the run itself where it is a reference."""
    if _DECIMAL.fullmatch(written):
        if language.comma_groups_thousands and _THOUSANDS.fullmatch(written):
            number = written.replace(",", "")
        else:
            number = written.replace(",", ".")
        if len(number) <= MAXIMUM_TOKEN_LENGTH:
            yield Token(number, offset, offset + len(written), stop=False)
        return
    parts = [
        match for match in _PART.finditer(written) if len(match.group()) <= MAXIMUM_TOKEN_LENGTH
    ]
    for part in parts:
        stemmed, stop = language.word(part.group())
        if stemmed:
            yield Token(stemmed, offset + part.start(), offset + part.end(), stop)
    has_digit = any(character.isdigit() for character in written)
    if len(parts) > 1 and has_digit and len(written) <= MAXIMUM_TOKEN_LENGTH:
        whole = "".join(fold(part.group()) for part in parts)
        yield Token(whole, offset, offset + len(written), stop=False)

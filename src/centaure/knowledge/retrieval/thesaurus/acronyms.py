"""Acronyms that a document spells out: "réduction du temps de travail (RTT)", "RTT (réduction ...)".

Every letter of the acronym must begin a word of the expression, in order, and every telling word must
give one; grammatical words may. Fewer are found than by looser rules (Schwartz and Hearst, "A Simple
Algorithm for Identifying Abbreviation Definitions in Biomedical Text", 2003), and hardly any is wrong.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from centaure.kit.database import WriteSession
from centaure.knowledge.language import fold, tokens

MOST_ACRONYMS = 200
"""Kept of one document."""
_LONGEST = 120
"""Characters of an expression."""
_SHAPE = r"[A-ZÀ-Ý][A-ZÀ-Ý0-9&.]{0,8}[A-ZÀ-Ý0-9](?:s|\.)?"
ACRONYM = re.compile(rf"(?<![\w&.-]){_SHAPE}(?![\w&])")
_IN_BRACKETS = re.compile(rf"[(\[]\s*({_SHAPE})\s*[)\]]")
_BEFORE_BRACKETS = re.compile(rf"(?<![\w&.-])({_SHAPE})\s*[(\[]([^()\[\]\n]{{5,{_LONGEST}}})[)\]]")
_AT_START = re.compile(rf"^[\s*|•-]*({_SHAPE})[\s*]*[:=|–—][\s*]*([^|:=\n]{{5,}})", re.MULTILINE)
_WORD = re.compile(r"[^\W\d_]+")
_BREAK = re.compile(r"[.;:!?()\[\]|\n]")


@dataclass(frozen=True, slots=True)
class Acronym:
    """An acronym, what it stands for as the document writes it, and the language of the passage."""

    acronym: str
    expansion: str
    language: str


def find_acronyms(passages: Iterable[tuple[str, str]]) -> list[Acronym]:
    """The acronyms that passages, given with their language, spell out; each once, as first written."""
    found: dict[tuple[str, str, str], Acronym] = {}
    for text, language in passages:
        for written, expansion in _spelled_out(text, language):
            acronym = normal(written)
            key = (acronym, fold(expansion), language)
            found.setdefault(key, Acronym(acronym, " ".join(expansion.split()), language))
        if len(found) >= MOST_ACRONYMS:
            break
    return list(found.values())[:MOST_ACRONYMS]


def normal(acronym: str) -> str:
    """An acronym as it is compared: "R.T.T." and "RTTs" are "RTT"."""
    return acronym.replace(".", "").rstrip("s")


def acronyms_in(question: str) -> list[str]:
    """The words of a question that may be acronyms; the first twelve."""
    words = (normal(match[0]) for match in ACRONYM.finditer(question))
    return list(dict.fromkeys(word for word in words if len(word) > 1))[:12]


async def write_acronyms(
    session: WriteSession, document_id: int, acronyms: Sequence[Acronym]
) -> None:
    """Write what a document spells out, in place of what it did before."""
    await session.execute(_FORGET, {"document": document_id})
    if acronyms:
        values = {
            "document": document_id,
            "acronyms": [each.acronym for each in acronyms],
            "expansions": [each.expansion for each in acronyms],
            "languages": [each.language for each in acronyms],
        }
        await session.execute(_WRITE, values)


def _spelled_out(text: str, language: str) -> Iterator[tuple[str, str]]:
    if not any(sign in text for sign in "([:=|–—"):
        return
    for match in _IN_BRACKETS.finditer(text):
        before = text[max(0, match.start() - _LONGEST) : match.start()]
        breaks = [each.end() for each in _BREAK.finditer(before)]
        expansion = _ending(match[1], before[breaks[-1] if breaks else 0 :], language)
        if expansion:
            yield match[1], expansion
    for pattern in (_BEFORE_BRACKETS, _AT_START):
        for match in pattern.finditer(text):
            expansion = _beginning(match[1], match[2][:_LONGEST], language)
            if expansion:
                yield match[1], expansion


def _ending(acronym: str, text: str, language: str) -> str:
    """The end of a text that an acronym abbreviates, if it does."""
    words = _words(text, language)
    letters = _letters(acronym)
    for start in range(len(words) - 1, -1, -1):
        if not words[start].telling or words[start].initial != letters[:1]:
            continue
        if _abbreviates(letters, words[start:]):
            return text[words[start].start :].strip()
    return ""


def _beginning(acronym: str, text: str, language: str) -> str:
    """The beginning of a text that an acronym abbreviates, up to a comma or a full stop, if it does."""
    part = re.split(r"[,.;:()\[\]]", text.strip(" *_\"'«»\u00a0"), maxsplit=1)[0].strip(
        " *_\"'«»\u00a0"
    )
    words = _words(part, language)
    if not words or not words[0].telling:
        return ""
    return part if _abbreviates(_letters(acronym), words) else ""


@dataclass(frozen=True, slots=True)
class _Spoken:
    initial: str
    start: int
    telling: bool


def _words(text: str, language: str) -> list[_Spoken]:
    stops = {
        token.start
        for token in tokens(text, "fr" if language == "simple" else language)
        if token.stop
    }
    return [
        _Spoken(fold(match[0])[:1], match.start(), match.start() not in stops)
        for match in _WORD.finditer(text)
    ]


def _letters(acronym: str) -> str:
    return "".join(letter for letter in fold(normal(acronym)) if letter.isalpha())


def _abbreviates(letters: str, words: Sequence[_Spoken]) -> bool:
    """Whether the letters begin the words in order, each telling word giving one."""
    if len(letters) < 2 or sum(word.telling for word in words) < 2:
        return False
    # Places in the letters that may be reached after each word.
    reached = {0}
    for word in words:
        taken = {place + 1 for place in reached if letters[place : place + 1] == word.initial}
        reached = taken if word.telling else taken | reached
        if not reached:
            return False
    return len(letters) in reached


_FORGET = "delete from acronym where document_id = %(document)s"
_WRITE = """
    insert into acronym (document_id, acronym, expansion, language)
    select %(document)s, acronym, expansion, language
    from unnest(cast(%(acronyms)s as text[]), cast(%(expansions)s as text[]),
        cast(%(languages)s as text[])) as said(acronym, expansion, language)
    on conflict do nothing
"""

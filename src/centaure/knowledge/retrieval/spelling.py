"""Words that documents hold, for a question that was typed wrong.

Two words within one error (a letter more, less, other, or two exchanged) share a form with one letter less or
one of them is the other's: each word is kept with such forms, hashed (symmetric deletion: Garbe 2012), and a
look-up is exact. A correction is only looked for when no passage found holds the word and the language's
frequencies do not know it, and only words of passages that the reader may read are offered.
"""

import re
import time
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from hashlib import blake2b
from typing import NamedTuple

from centaure.kit.database import Database, ReadSession
from centaure.knowledge.language import fold, is_known, stem
from centaure.knowledge.retrieval.terms import term_number

SHORTEST = 4
LONGEST = 30
_LONG = 8
"""Letters from which a word with two errors is still told from others."""
MOST_CORRECTED = 3
"""Words of one question that are looked for otherwise."""
_WORD = re.compile(rf"[^\W\d_]{{{SHORTEST},{LONGEST}}}")
_REMEMBERED_S = 600.0
_MOST_REMEMBERED = 1 << 18
_AT_ONCE = 2000
_READ = 1000


class Word(NamedTuple):
    """A word as it is written, folded, and the number of its stem."""

    word: str
    term: int


def words_of(text: str, language: str) -> set[Word]:
    """The distinct words of a passage that are long enough to be typed wrong."""
    read_as = "fr" if language == "simple" else language
    return {Word(fold(word), term_number(stem(word, read_as))) for word in set(_WORD.findall(text))}


def keys(word: str) -> list[int]:
    """The hashed forms of a word: itself, and without each of its letters; 32 bits each, signed."""
    forms = {word, *(word[:place] + word[place + 1 :] for place in range(len(word)))}
    return sorted(
        int.from_bytes(blake2b(form.encode(), digest_size=4).digest(), signed=True)
        for form in forms
    )


class Vocabulary:
    """Adds words to the vocabulary; one for a process: it remembers for a while which ones it added."""

    def __init__(self) -> None:
        self._known: set[Word] = set()
        self._since = time.monotonic()

    async def learn(self, database: Database, words: Iterable[Word]) -> None:
        """Add words, once the passages that hold them are committed.

        In transactions of its own and in order, so that workers who learn the same words never wait for
        each other in a circle. Words lost between the two are only missed by who types them wrong.
        """
        if time.monotonic() - self._since > _REMEMBERED_S or len(self._known) > _MOST_REMEMBERED:
            self._known.clear()
            self._since = time.monotonic()
        new = sorted(set(words) - self._known)
        for start in range(0, len(new), _AT_ONCE):
            some = new[start : start + _AT_ONCE]
            values = {
                "words": [one.word for one in some],
                "terms": [one.term for one in some],
                # An array of arrays must be rectangular: each list travels as PostgreSQL writes it.
                "keys": ["{" + ",".join(map(str, keys(one.word))) + "}" for one in some],
            }
            async with database.write(None) as session:
                await session.execute(_LEARN, values)
            self._known.update(some)


class Correction(NamedTuple):
    """What was typed, and a word that documents hold instead."""

    typed: str
    word: str
    term: int


async def corrections(session: ReadSession, text: str, held: AbstractSet[int]) -> list[Correction]:
    """Words that readable passages hold, for those of a question that no passage found holds.

    Args:
        session: as whom it was asked.
        text: the question.
        held: numbers of the terms that the passages found hold.

    Returns:
        Up to `MOST_CORRECTED` typed words, each with its nearest words: the most alike, two at most.
    """
    typed: dict[str, None] = {}
    for word in _WORD.findall(text[:_READ]):
        stems = {stem(word, each) for each in ("fr", "en")}
        unknown = not any(is_known(one, each) for one in stems for each in ("fr", "en"))
        if unknown and held.isdisjoint(map(term_number, stems)):
            typed.setdefault(fold(word))
    found: list[Correction] = []
    for word in list(typed)[:MOST_CORRECTED]:
        found += [Correction(word, *near) for near in await similar(session, word)]
    return found


async def similar(session: ReadSession, word: str) -> list[Word]:
    """The words of readable passages that are most like a folded word, two at most; none where it is one."""
    offered = await _offered(session, word)
    if any(one.word == word for one in offered):  # typed right: it stands further down
        return []
    near = sorted(
        (_likeness(word, one.word), one.word, one.term)
        for one in offered
        if len(word) >= _LONG or _one_error(word, one.word)
    )
    alike = [one for one in near if one[0] == near[0][0]]
    terms = {term: candidate for _, candidate, term in reversed(alike)}
    return [Word(candidate, term) for term, candidate in list(terms.items())[-2:]]


async def exists(session: ReadSession, text: str) -> bool:
    """Whether readable passages hold each of the words of a text that are long enough to be kept."""
    words = {fold(word) for word in _WORD.findall(text)}
    for word in words:
        if all(one.word != word for one in await _offered(session, word)):
            return False
    return bool(words)


async def _offered(session: ReadSession, word: str) -> set[Word]:
    """Words of the vocabulary near to a folded one that a readable passage teaches.

    The vocabulary holds words of passages that the reader may not read too. What it gives is therefore held
    against texts that they may: a word is offered exactly where `words_of` finds it in one of those.
    """
    rows = await session.rows(_SIMILAR, {"keys": keys(word)})
    return {
        one for row in rows if _teaches(row.said, row.language, one := Word(row.word, row.term))
    }


def _teaches(text: str, language: str, word: Word) -> bool:
    """Whether a word is among the `words_of` a text."""
    alike = {written for written in _WORD.findall(text) if fold(written) == word.word}
    return any(word in words_of(written, language) for written in alike)


def _one_error(typed: str, word: str) -> bool:
    """Whether one letter more, less or other, or two exchanged, make one of the other."""
    start = 0
    while start < min(len(typed), len(word)) and typed[start] == word[start]:
        start += 1
    one, other = typed[start:], word[start:]
    return (
        one[1:] == other[1:]
        or one[1:] == other
        or one == other[1:]
        or (one[:2] == other[1::-1] and one[2:] == other[2:])
    )


def _likeness(typed: str, word: str) -> tuple[int, int]:
    """The less, the more alike: letters more or less, then whether the beginning differs."""
    return abs(len(typed) - len(word)), int(typed[:1] != word[:1])


async def forget_words(database: Database) -> int:
    """Remove the words that no passage holds any more; how many."""
    forgotten, after = 0, ""
    while True:
        async with database.write(None) as session:
            row = await session.row(_FORGET, {"after": after, "most": _AT_ONCE})
        if row is None or row.last is None:
            return forgotten
        forgotten, after = forgotten + row.forgotten, row.last


_LEARN = """
    insert into vocabulary (word, term, keys)
    select word, term, cast(keys as int[])
    from unnest(cast(%(words)s as text[]), cast(%(terms)s as int[]), cast(%(keys)s as text[]))
        as given(word, term, keys)
    on conflict do nothing
"""
_SIMILAR = "select word, term, said, language from similar_words(cast(%(keys)s as int[]))"
_FORGET = "select last, forgotten from forget_words(%(after)s, %(most)s)"

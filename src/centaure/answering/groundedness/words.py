"""Words that say the same, and words that say the opposite, in French and English.

General vocabulary, written for this project: `same.txt` has a group of words on each line, `forms.txt` forms
of one word that share no stem, `opposite.txt` two groups, each word of one against each of the other, and
`general.txt` the words of each language that name no thing. It stands beside the words of work in
`answering.lexicon`.
"""

from functools import lru_cache
from importlib.resources import files

from centaure.answering.lexicon import related_stems
from centaure.knowledge.language import fold, stem


def _lines(name: str) -> list[str]:
    source = files("centaure.answering.groundedness").joinpath(name)
    return source.read_text("utf-8").strip().splitlines()


@lru_cache(maxsize=3)
def groups(language: str) -> dict[str, frozenset[str]]:
    """For each stem, the stems of words that may stand for it."""
    return _together("same.txt", language)


def _together(name: str, language: str) -> dict[str, frozenset[str]]:
    table: dict[str, set[str]] = {}
    for line in _lines(name):
        stems = {stem(fold(word), language) for word in line.split()}
        for each in stems:
            table.setdefault(each, set()).update(stems)
    return {each: frozenset(stems - {each}) for each, stems in table.items()}


@lru_cache(maxsize=3)
def forms(language: str) -> dict[str, frozenset[str]]:
    """For each stem, those of the same word in other forms: "fall" and "fell", "recevoir" and "reçu"."""
    return _together("forms.txt", language)


@lru_cache(maxsize=3)
def pairs(language: str) -> dict[str, frozenset[str]]:
    """For each stem, the stems of words that say the opposite."""
    table: dict[str, set[str]] = {}
    for line in _lines("opposite.txt"):
        first, _, second = line.partition("|")
        for one in first.split():
            for other in second.split():
                left, right = stem(fold(one), language), stem(fold(other), language)
                if left != right:
                    table.setdefault(left, set()).add(right)
                    table.setdefault(right, set()).add(left)
    return {each: frozenset(stems) for each, stems in table.items()}


@lru_cache(maxsize=1 << 15)
def same(stemmed: str, word: str, language: str) -> frozenset[str]:
    """The stems, in the source's `language`, of words that may stand for one."""
    return (groups(language).get(stemmed, frozenset()) | related_stems(word, language)) - opposite(
        stemmed, language
    )


@lru_cache(maxsize=1 << 15)
def opposite(stemmed: str, language: str) -> frozenset[str]:
    """The stems of words that say the opposite, in each of their forms."""
    known, others = forms(language), pairs(language)
    own = {stemmed, *known.get(stemmed, ())}
    found = {other for each in own for other in others.get(each, ())}
    return frozenset(found.union(*(known.get(each, frozenset[str]()) for each in found))) - own


@lru_cache(maxsize=3)
def general(language: str) -> frozenset[str]:
    """Stems of words with which one rewords: general verbs, measure, time and manner; they name no thing."""
    wanted = ("fr", "en") if language == "simple" else (language,)
    return frozenset(
        stem(fold(word), language)
        for line in _lines("general.txt")
        for word in line.split()[1:]
        if line[:2] in wanted
    )

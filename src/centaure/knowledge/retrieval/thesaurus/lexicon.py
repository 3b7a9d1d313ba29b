"""Business terms in French and English, so that a question in one finds a document in the other.

`lexicon.tsv` was written for this project: one pair a line, French first, under headings that begin with #.
An expression may have several lines; the first ones are the most usual.
"""

from functools import lru_cache
from importlib.resources import files

from centaure.knowledge.retrieval.question import analyse
from centaure.knowledge.retrieval.thesaurus.matching import TRANSLATION, Way, Ways


@lru_cache(maxsize=1)
def lexicon() -> Ways:
    """The lexicon in both directions, read the first time that it is asked for."""
    return Ways(
        way
        for french, english in pairs()
        for way in (
            Way(french, "fr", english, "en", "lexicon", TRANSLATION),
            Way(english, "en", french, "fr", "lexicon", TRANSLATION),
        )
    )


def translations(text: str) -> list[str]:
    """What the lexicon has for the expressions of a text in the other language."""
    return list(dict.fromkeys(each.reason.other for each in analyse(text, lexicon()).expansions))


def pairs() -> list[tuple[str, str]]:
    """The pairs as written, French and English."""
    written = files("centaure.knowledge.retrieval.thesaurus").joinpath("lexicon.tsv")
    lines = written.read_text(encoding="utf-8").splitlines()
    split = (line.split("\t") for line in lines if not line.startswith("#"))
    return [(french, english) for french, english in split]

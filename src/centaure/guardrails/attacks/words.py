"""A text as its words, and what each of them means to the rules on attacks."""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from centaure.guardrails.normalisation import folded

_WORD = re.compile(r"\w++|[.!?;|\n]++")
LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
OTHER, END = ".", "|"


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a text, folded, and their meanings.

    Attributes:
        words: one for each word, and END for each end of a sentence.
        spans: where each stands in the text.
        meanings: one letter for each meaning in the order of the text, OTHER for a word that has none and
            END at the end of a sentence; a phrase is one letter.
        places: for each letter of `meanings` the first of its words and past the last, as indexes of `words`.
    """

    words: Sequence[str]
    spans: Sequence[tuple[int, int]]
    meanings: str
    places: Sequence[tuple[int, int]]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where letters `start` to `end` of `meanings` stand in the text."""
        return self.spans[self.places[start][0]][0], self.spans[self.places[end - 1][1] - 1][1]


def read(text: str) -> Words:
    """The words of a text as `normalise` made it; time grows with its length."""
    words: list[str] = []
    spans: list[tuple[int, int]] = []
    for found in _WORD.finditer(folded(text)):
        word = found.group()
        words.append(word if word[0].isalnum() or word[0] == "_" else END)
        spans.append(found.span())
    letters: list[str] = []
    places: list[tuple[int, int]] = []
    at = 0
    while at < len(words):
        letter, length = _meaning(words, at)
        letters.append(letter)
        places.append((at, at + length))
        at += length
    return Words(words, spans, "".join(letters), places)


def _meaning(words: Sequence[str], at: int) -> tuple[str, int]:
    """The letter of the longest entry that begins at a word, and how many words it takes."""
    if words[at] == END:
        return END, 1
    lexicon = vocabulary()
    for phrase, letter in lexicon.phrases.get(words[at], ()):
        if tuple(words[at : at + len(phrase)]) == phrase:
            return letter, len(phrase)
        last = phrase[-1]
        if last.endswith("*") and len(words) >= at + len(phrase):
            *first, ending = words[at : at + len(phrase)]
            if tuple(first) == phrase[:-1] and ending.startswith(last[:-1]):
                return letter, len(phrase)
    return _single(words[at]), 1


@lru_cache(maxsize=1 << 15)
def _single(word: str) -> str:
    lexicon = vocabulary()
    if word in lexicon.words:
        return lexicon.words[word]
    if word[:3] not in lexicon.starts:
        return OTHER
    for length in range(min(len(word), 14), 2, -1):
        if word[:length] in lexicon.beginnings:
            return lexicon.beginnings[word[:length]]
    return OTHER


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The entries of vocabulary.toml.

    Attributes:
        letters: the letter of each meaning.
        words: the letter of each word.
        beginnings: the letter of words that begin so.
        phrases: by their first word, the longest first; the last word of one may end with `*`.
        starts: the first three letters of `beginnings`.
    """

    letters: dict[str, str]
    words: dict[str, str]
    beginnings: dict[str, str]
    phrases: dict[str, list[tuple[tuple[str, ...], str]]]
    starts: set[str]

    def knows(self, word: str) -> bool:
        """Whether a folded word is one that rules speak of, or among the commonest."""
        if word in self.words or word in COMMON:
            return True
        return word[:3] in self.starts and _single(word) != OTHER


@cache
def vocabulary() -> Vocabulary:
    """What vocabulary.toml holds, read once."""
    data = tomllib.loads(
        (files("centaure.guardrails.attacks") / "vocabulary.toml").read_text("utf-8")
    )
    made = Vocabulary({}, {}, {}, {}, set())
    for letter, (name, entries) in zip(LETTERS, data["words"].items(), strict=False):
        made.letters[name] = letter
        for entry in str(entries).split("|"):
            parts = tuple(entry.split())
            if len(parts) > 1:
                made.phrases.setdefault(parts[0], []).append((parts, letter))
            elif parts and parts[0].endswith("*"):
                made.beginnings.setdefault(parts[0][:-1], letter)
                made.starts.add(parts[0][:3])
            elif parts:
                made.words.setdefault(parts[0], letter)
    for entries in made.phrases.values():
        entries.sort(key=lambda one: -len(one[0]))
    return made


COMMON = frozenset(
    (
        *(
            "dans",
            "pour",
            "avec",
            "sans",
            "nous",
            "cette",
            "tout",
            "tous",
            "toutes",
            "quel",
            "quelle",
            "mais",
        ),
        *(
            "plus",
            "moins",
            "comme",
            "sont",
            "avoir",
            "faire",
            "texte",
            "mots",
            "message",
            "question",
        ),
        *(
            "reponse",
            "reponds",
            "utilisateur",
            "code",
            "liste",
            "this",
            "that",
            "with",
            "from",
            "what",
            "which",
        ),
        *(
            "have",
            "will",
            "would",
            "please",
            "answer",
            "following",
            "about",
            "there",
            "text",
            "word",
            "words",
        ),
    )
)

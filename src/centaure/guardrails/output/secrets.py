"""What is looked for of a secret: the whole of it, the values it holds, and the orders it gives."""

import re
from dataclasses import dataclass
from functools import lru_cache

from centaure.guardrails.normalisation import folded
from centaure.guardrails.output.letters import bare

_WORD = re.compile(r"\w+")
_SENTENCE = re.compile(r"(?<=[.!?…])\s+|\n+")
_VALUE = re.compile(
    r"\b(?:mot de passe|phrase(?: de passe)?|passe|code|cle|numero|combinaison|jeton|secret|canari|"
    r"marqueur|pin|password|passphrase|passcode|key|number|token|canary|marker)\b[^.\n:=]{0,40}?"
    r"(?:[:=]|\b(?:est|is|sont|are)\b)\s*([^.;!?\n]{3,60})"
)
_KEY = re.compile(r"[^\W_](?:[^\s,;:()«»\"]{4,62})[^\W_]")
_ORDER = re.compile(
    r"\b(?:tu|vous|ne|n'|jamais|toujours|you|your|never|always|do not|don't|must|should|only)\b"
    r"|^\W*\w{3,}(?:e|s|ez)\b"
)
_KEPT = re.compile(
    r"\b(?:jamais|secret\w*|confidenti\w*|divulgu\w*|revel\w*|never|reveal\w*|disclos\w*|share|canar\w*)\b"
)
_ROLE = re.compile(r"^(?:tu es|vous etes|you are)\b")
_ONE_SECRET = 2
"""Sentences that are a secret together; more of them are instructions, where only orders are secret."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence of a secret.

    Attributes:
        whole: its letters.
        triples: each three words in a row; empty where there are too few to tell it by a part.
        opening: the first of them, where the rest may be said of oneself: `you are ...`.
    """

    whole: str
    triples: frozenset[tuple[str, ...]]
    opening: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Sought:
    """What is looked for of a secret.

    Attributes:
        values: letters of keys and words that are secret by themselves, the longest first.
        segments: parts of keys, letters and digits mixed, that tell of them.
        statements: sentences of which a good part tells of them.
    """

    values: tuple[str, ...]
    segments: tuple[str, ...]
    statements: tuple[Statement, ...]


@lru_cache(maxsize=64)
def sought(secret: str) -> Sought:
    """Read a secret: a word, a key, a sentence, or the instructions of an assistant."""
    sentences = [one for one in _SENTENCE.split(secret) if _WORD.search(one)]
    small = len(sentences) <= _ONE_SECRET
    values = {bare(secret)} if small else set[str]()
    keys: set[str] = set()
    statements: list[Statement] = []
    for sentence in sentences:
        plain = folded(sentence)
        kept = small or _KEPT.search(plain) is not None
        values.update(_value(sentence[one.start(1) : one.end(1)]) for one in _VALUE.finditer(plain))
        if kept:
            keys.update(bare(key) for key in _KEY.findall(sentence) if _mixed(key))
        if small or _ORDER.search(plain):
            statements.append(_statement(plain, bare(sentence)))
    values |= keys
    found = sorted((one for one in values if len(one) > 3), key=len, reverse=True)
    return Sought(tuple(found), _segments(secret, keys), tuple(statements))


def triples(words: list[str]) -> set[tuple[str, ...]]:
    """Each three words in a row."""
    return set(zip(words, words[1:], words[2:], strict=False))


def _statement(plain: str, whole: str) -> Statement:
    words = _WORD.findall(plain)
    threes = triples(words) if len(words) >= 7 else set[tuple[str, ...]]()
    opening = tuple(words[:3]) if threes and _ROLE.search(plain) else None
    return Statement(whole, frozenset(threes), opening)


def _value(told: str) -> str:
    """What is told after `the password is`, up to a comma where this leaves enough of it."""
    first = bare(told.split(",", maxsplit=1)[0])
    return first if len(first) > 4 else bare(told)


def _mixed(text: str) -> bool:
    """Whether letters and digits are mixed, as in keys, and there are enough of them."""
    plain = bare(text)
    return len(plain) > 5 and not plain.isalpha() and not plain.isdigit()


def _segments(secret: str, keys: set[str]) -> tuple[str, ...]:
    """Eight letters in a row of the longest parts of keys that mix letters and digits."""
    found: set[str] = set()
    if keys:
        for token in _WORD.findall(folded(secret)):
            for at in range(len(token) - 7):
                part = token[at : at + 8]
                if sum(one.isdigit() for one in part) > 1 and not part.isdigit():
                    found.add(part)
    return tuple(sorted(found))

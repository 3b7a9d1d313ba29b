"""A linear model on what a text says: weights that ship as data, and a few lines to apply them."""

import base64
import json
import math
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from zlib import crc32

from centaure.guardrails.attacks.words import END, OTHER, Words

BUCKETS = 1 << 17
WINDOW = 400
"""Words of one window: a longer text is as suspicious as its worst window."""


@dataclass(frozen=True, slots=True)
class Model:
    """Weights, one for each bucket; what each is worth; and the constant of the sum."""

    version: int
    weights: Sequence[int]
    unit: float
    bias: float


@cache
def model() -> Model:
    """The weights of model.json, read once."""
    data = json.loads((files("centaure.guardrails.attacks") / "model.json").read_text("utf-8"))
    weights = array("b", base64.b85decode(data["weights"]))
    return Model(data["version"], weights, data["unit"], data["bias"])


def probability(known: Model, words: Words, also: Iterable[str] = ()) -> float:
    """How sure a model is that a text attacks, 0 to 1.

    Args:
        known: the model.
        words: of the text.
        also: names of what else was seen of it: rules that matched, disguises.
    """
    extra = tuple(also)
    worst = -math.inf
    for start, end in windows(len(words.places)):
        found = features(words, start, end, extra)
        total = sum(known.weights[bucket] * value for bucket, value in found.items())
        worst = max(worst, known.bias + known.unit * total)
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, worst))))


def windows(length: int) -> list[tuple[int, int]]:
    """Parts of `length` words, each overlapping the next by half."""
    if length <= WINDOW:
        return [(0, length)]
    starts = range(0, length - WINDOW // 2, WINDOW // 2)
    return [(start, min(start + WINDOW, length)) for start in starts]


def features(words: Words, start: int, end: int, also: Iterable[str] = ()) -> dict[int, float]:
    """What letters `start` to `end` of a text say: what each bucket counts.

    Two groups of equal length (the root of the sum of squares is 1) whatever the length of the text: words,
    pairs of words and the letters that words are made of; and meanings, meanings that follow one another
    within a sentence, and what else was seen.
    """
    if start >= end:
        return {}
    said = _said(words, words.places[start][0], words.places[end - 1][1])
    meant = _meant(words.meanings[start:end]) | {bucket(f"also {name}") for name in also}
    counted = dict.fromkeys(said, 1 / math.sqrt(len(said) or 1))
    for one in meant:
        counted[one] = counted.get(one, 0.0) + 1 / math.sqrt(len(meant))
    return counted


def _said(words: Words, first: int, last: int) -> set[int]:
    found: set[int] = set()
    before = END
    for word in words.words[first:last]:
        found.update(spelled(word))
        found.add(bucket(f"{before} {word}"))
        before = word
    return found


def _meant(meanings: str) -> set[int]:
    found: set[int] = set()
    before: list[str] = []
    for letter in meanings:
        if letter == END:
            before = []
        elif letter != OTHER:
            found.add(bucket(f"1{letter}"))
            found.update(bucket(f"2{one}{letter}") for one in before[-3:])
            if len(before) > 1:
                found.add(bucket(f"3{before[-2]}{before[-1]}{letter}"))
            before.append(letter)
    return found


@lru_cache(maxsize=1 << 15)
def spelled(word: str) -> tuple[int, ...]:
    """The buckets of one word: itself, and its groups of five letters, which its other forms share."""
    if word.isdigit():
        return (bucket("0"),)
    marked = f"^{word[:24]}$"
    groups: set[str] = set()
    if len(word) > 3:
        groups = {marked[at : at + 5] for at in range(len(marked) - 4)}
    return (bucket(word), *(bucket(f"_{group}") for group in sorted(groups)))


@lru_cache(maxsize=1 << 16)
def bucket(name: str) -> int:
    """Where the weight of a feature is kept: the same on every machine."""
    return crc32(name.encode("utf-8", "replace")) % BUCKETS

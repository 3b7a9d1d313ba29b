"""One sentence taken apart: telling words, figures, dates, names, negations, marks, clauses."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from centaure.answering.groundedness.dates import Moment, moments
from centaure.answering.groundedness.markers import Negation, marks, negations
from centaure.answering.groundedness.names import Name, names, references
from centaure.answering.groundedness.quantities import Quantity, quantities
from centaure.answering.groundedness.text import plain
from centaure.knowledge.language import tokens
from centaure.knowledge.language.weights import weight

_CLAUSE = re.compile(
    r"[,;:()]\s|\s[-–—]\s|\s(?=(?:et|mais|ou|qui|que|dont|si|sauf|lorsque|lorsqu|quand|car|afin|pour|puis|and|but|or"
    r"|which|that|who|if|unless|when|because|so|while|whereas|then)\s)"
)
_SURFACE = re.compile(r"[^\W_]+")
_LIGHT = frozenset({
    "environ", "approximativement", "elever", "elevent", "eleve", "agit", "selon", "passage",
    "passages", "document", "documents", "texte", "prevoit", "prevoient", "precise", "precisent",
    "indique", "indiquent", "mentionne", "stipule", "fixe", "fixee", "notamment", "egalement",
    "ainsi", "ailleurs", "outre", "effet", "according", "states", "stated", "says", "mentions",
    "text", "approximately", "about", "also", "additionally", "furthermore", "moreover", "indeed",
    "namely", "never", "jamais", "aucun", "aucune", "nul", "nulle", "without", "none", "neither",
    "cannot", "nobody", "nothing", "rien", "guere",
})  # fmt: skip
"""Words that introduce what is said, soften it or deny it, and are no part of it."""
HEAVIEST = 11.3
"""The weight of a word that no table has, in nats."""


@dataclass(frozen=True, slots=True)
class Term:
    """A telling word.

    Attributes:
        stem: as search has it.
        word: as written, in plain letters.
        start: offset of its first character in the sentence.
        weight: what it tells, in nats.
        place: how many telling words stand before it.
        clause: the clause that it stands in, from 0.
    """

    stem: str
    word: str
    start: int
    weight: float
    place: int
    clause: int


def surface(text: str) -> list[str]:
    """The words of a text, in plain letters."""
    return _SURFACE.findall(plain(text))


class Statement:
    """A sentence of an answer or of a passage; what is not asked for is not computed.

    Attributes:
        text: as written; every offset counts its characters.
        language: "fr", "en" or "simple".
    """

    def __init__(self, text: str, language: str) -> None:
        self.text = text
        self.language = language

    @cached_property
    def moments(self) -> list[Moment]:
        return moments(self.text)

    @cached_property
    def quantities(self) -> list[Quantity]:
        taken = [(each.start, each.end) for each in self.moments]
        taken += [(each.start, each.end) for each in references(self.text, taken)]
        return quantities(self.text, self.language, taken)

    @cached_property
    def names(self) -> list[Name]:
        return names(self.text, self.language, [(each.start, each.end) for each in self.moments])

    @cached_property
    def negations(self) -> tuple[Negation, ...]:
        return negations(self.text)

    @cached_property
    def marks(self) -> dict[str, frozenset[str]]:
        return marks(self.text)

    @cached_property
    def words(self) -> list[str]:
        """Every word, in plain letters."""
        return surface(self.text)

    @cached_property
    def triples(self) -> frozenset[tuple[str, str, str]]:
        """Three words in a row."""
        words = self.words
        return frozenset(zip(words, words[1:], words[2:], strict=False))

    @cached_property
    def terms(self) -> list[Term]:
        """The telling words, figures and dates left out."""
        return self._terms([(each.start, each.end) for each in (*self.quantities, *self.moments)])

    def _terms(self, taken: Sequence[tuple[int, int]]) -> list[Term]:
        cuts = [match.end() for match in _CLAUSE.finditer(self.text)]
        flat = plain(self.text)
        found: list[Term] = []
        for token in tokens(self.text, self.language):
            if token.stop or token.end - token.start < 2:
                continue
            if taken and any(
                start <= token.start < end or start < token.end <= end for start, end in taken
            ):
                continue
            word = flat[token.start : token.end]
            if word in _LIGHT or not word.isalnum() or word.isdecimal():
                continue
            found.append(
                Term(
                    token.stem, word, token.start, weight(token.stem, self.language), len(found),
                    bisect_right(cuts, token.start),
                )
            )  # fmt: skip
        return found

    @cached_property
    def places(self) -> dict[str, list[int]]:
        """Where each stem stands among the telling words."""
        found: dict[str, list[int]] = {}
        for term in self.terms:
            found.setdefault(term.stem, []).append(term.place)
        return found

    @cached_property
    def stems(self) -> frozenset[str]:
        return frozenset(self.places)

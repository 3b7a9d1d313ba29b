"""Other words for some of a question's, whoever knows them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reason:
    """Why other words are looked for: "RTT = réduction du temps de travail".

    Attributes:
        kind: "equivalent", "translation", "broader", "narrower", "acronym", "lexicon", "form" (the same
            written otherwise) or "spelling" (typed wrong).
        term: What the question says.
        other: What is looked for besides.
    """

    kind: str
    term: str
    other: str

    def __str__(self) -> str:
        sign = {"broader": "<", "narrower": ">"}.get(self.kind, "=")
        return f"{self.term} {sign} {self.other}"


@dataclass(frozen=True, slots=True)
class Wording:
    """Other words that a thesaurus has for some of a question's.

    Attributes:
        start: Place in the question's words of the first that they stand for.
        end: Place after the last.
        words: The other words, as written.
        language: Theirs; "simple" where either may hold them.
        factor: What they count beside the question's own words, in (0, 1].
        reason: Why they are looked for.
    """

    start: int
    end: int
    words: str
    language: str
    factor: float
    reason: Reason

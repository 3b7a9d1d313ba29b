"""What an elliptic question means after those before it.

"Et pour les stagiaires ?" after "Combien de jours de congé ont les salariés ?" asks for the days of
leave of interns. Without a model: the telling words of the earlier questions are lent to one that is
short or refers back, except those that the new one replaces (the same preposition, another year,
another name).
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from centaure.answering.answers import Turn
from centaure.answering.questions import TELLING, Question, Term, analyse
from centaure.answering.values import Kind, plain
from centaure.knowledge.language import tokens

MOST_TURNS = 6
"""Earlier questions that are looked at."""

_LENT_SHARE = 0.6
"""What a word of an earlier question weighs beside the question's own."""
_SHORT = 2
"""Telling words; a question with no more of them is completed if it opens like a follow-up."""
_OPENING = re.compile(
    r"^(?:et|ou|mais|alors|donc|sinon|idem|meme|and|or|but|then|so|also|what\sabout|how\sabout|same|as\sfor)\b"
)
_BACK = re.compile(
    r"""\b(?: il | ils | elle | elles | celui | celle | ceux | celles | cela | ca | y | en | lui | leur
    | ce(?:tte|t|s)?\s(?:cas|delai|montant|regle|regles|plafond|procedure|document|taux|prime|duree)
    | dans\sce\scas | a\sce\ssujet | it | its | they | them | that | those | these | this | there | one
    )\b""",
    re.VERBOSE,
)
_PREPOSITIONS = {
    "pour": "for", "for": "for",
    "a": "at", "au": "at", "aux": "at", "in": "at", "at": "at", "en": "at", "dans": "at", "chez": "at",
    "avec": "with", "with": "with", "sans": "with", "without": "with",
    "sur": "on", "on": "on",
    "par": "by", "by": "by",
    "about": "for", "concernant": "for",
}  # fmt: skip
_ARTICLES = "le la les l un une des du de d mes mon ma nos notre the an our my all tous"
_LINKS = frozenset(_ARTICLES.split())


def complete(question: str, history: Sequence[Turn]) -> Question:
    """The question, completed by earlier ones where it cannot be understood alone."""
    alone = analyse(question)
    earlier = [turn.text for turn in history if turn.role == "user"][-MOST_TURNS:]
    if not earlier or not leans(alone):
        return alone
    carried, kind = _lent(alone, earlier)
    return analyse(question, carried, kind)


def leans(question: Question) -> bool:
    """Whether a question refers to what was said before."""
    telling = [term for term in question.terms if term.weight >= TELLING]
    text = " ".join(plain(question.text).split())
    if not telling:
        return True
    if _OPENING.match(text) and len(telling) <= 2 * _SHORT:
        return True
    return len(telling) <= _SHORT and (bool(_BACK.search(text)) or len(text.split()) <= 3)


def _lent(question: Question, earlier: Sequence[str]) -> tuple[tuple[Term, ...], Kind | None]:
    """The terms that the latest self-sufficient question and those after it lend."""
    governed = {_governor(question, term) for term in question.terms} - {None}
    has_name = any(term.name for term in question.terms)
    has_year = any(term.strict for term in question.terms)
    lent: dict[str, Term] = {}
    kind: Kind | None = None
    share = _LENT_SHARE
    for text in reversed(earlier):
        before = analyse(text)
        kind = kind or before.kind
        for term in before.terms:
            replaced = (
                _governor(before, term) in governed
                or (term.name and has_name)
                or (term.strict and has_year)
            )
            key = term.stems[before.language]
            if not replaced and key not in lent:
                # Before the question's own words, in the order in which they were said.
                lent[key] = replace(
                    term, weight=share * term.weight, place=term.place - 1000, own=False
                )
        if not leans(before):
            break
        governed |= {_governor(before, term) for term in before.terms} - {None}
    return tuple(lent.values()), kind


def _governor(question: Question, term: Term) -> str | None:
    """The preposition that a term depends on, if only articles stand between them."""
    found = tokens(question.text, question.language)
    for token in reversed(found[: term.place]):
        word = plain(question.text[token.start : token.end])
        if word in _PREPOSITIONS:
            return _PREPOSITIONS[word]
        if word not in _LINKS:
            return None
    return None

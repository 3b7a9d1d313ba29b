"""Whether a question asks what an approved answer answers, by its telling words and what it insists on."""

import re
from collections.abc import Iterable
from functools import lru_cache

from centaure.answering.approved.pairs import Likely, Pair
from centaure.answering.questions import Question, Term, analyse
from centaure.answering.values import plain

FITS_FROM = 0.8
"""Share of the weight of their words that two questions have in common, from which one is the other."""
_AS_WELL = 0.02
"""Two pairs that fit as well as that are not told apart: unless they are one question, neither is given."""
_RELATED = 0.9
"""What a word is worth that means nearly the same."""
_NEGATED = re.compile(
    r"\b(?:ne|n'|non|pas|jamais|aucune?|sans|sauf|hors|not|no|never|without|except|unless|cannot)\b|n't\b"
)
_ASKED = {
    "who": r"\b(?:qui|who|whom)\b",
    "how": r"\b(?:comment|how(?!\s(?:many|much|long|often)))\b",
    "why": r"\b(?:pourquoi|why)\b",
    "where": r"\b(?:ou\s(?:est|sont|se|puis|peut|trouver|dois|doit|faut)|where)\b",
}


def fitting(question: Question, likely: Iterable[Likely]) -> Pair | None:
    """The pair that a question asks for; None: none does, or several do that say different things.

    Of pairs that answer one and the same question, the first that was approved stands: nobody takes an answer
    away by approving another beside it. Takes milliseconds for each wording: call it in a thread.
    """
    ranked = [(_fits(question, one.wording), one) for one in likely]
    highest = max((fit for fit, _ in ranked), default=0.0)
    best = [one for fit, one in ranked if fit >= max(FITS_FROM, highest - _AS_WELL)]
    if not best:
        return None
    first = min(best, key=lambda one: one.pair.id)
    told_apart = any(
        one.pair.answer != first.pair.answer and not same_question(one.wording, first.wording)
        for one in best
    )
    return None if told_apart else first.pair


def same_question(wording: str, other: str) -> bool:
    """Whether two questions have the same telling words and ask for the same."""
    return _fits(_analysed(wording), other) >= 1 - _AS_WELL


def _fits(question: Question, wording: str) -> float:
    """How far one question stands for another, 0 to 1."""
    other = _analysed(wording)
    if (
        question.language != other.language
        or question.kind != other.kind
        or question.numbers != other.numbers
        or _insists(question.text) != _insists(wording)
        or not (question.terms and other.terms)
    ):
        return 0.0
    there, back = _common(question, other), _common(other, question)
    whole = question.weight + other.weight
    return (there + back) / whole if whole else 0.0


def _common(question: Question, other: Question) -> float:
    """Weight of a question's words that another one has; none where it lacks a name or a reference."""
    found = 0.0
    for term in question.terms:
        value = max(_same(term, one, question.language) for one in other.terms)
        if not value and (term.strict or term.name):
            return 0.0
        found += term.weight * value
    return found


def _same(term: Term, other: Term, language: str) -> float:
    if term.stems[language] == other.stems[language]:
        return 1.0
    if term.strict or term.name or other.strict:
        return 0.0
    return _RELATED if other.stems[language] in term.related[language] else 0.0


def _insists(text: str) -> tuple[bool, frozenset[str]]:
    """What must be the same in two questions: whether they deny something, and what they ask for."""
    folded = " ".join(plain(text).split())
    asked = frozenset(name for name, words in _ASKED.items() if re.search(words, folded))
    return bool(_NEGATED.search(folded)), asked


@lru_cache(maxsize=1 << 12)
def _analysed(wording: str) -> Question:
    return analyse(wording)


def stems_of(question: Question) -> list[str]:
    """The stems by which a wording is looked up."""
    return sorted({term.stems[question.language] for term in question.terms})


def looked_up(question: Question) -> list[str]:
    """The stems of a question, and of words that mean nearly the same."""
    related = {stem for term in question.terms for stem in term.related[question.language]}
    return sorted({*stems_of(question), *related})

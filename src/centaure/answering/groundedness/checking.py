"""The check itself: sentences of an answer, each with an outcome, a score, a passage and a reason."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from centaure.answering.groundedness.alignment import align
from centaure.answering.groundedness.coverage import Similarity
from centaure.answering.groundedness.evidence import Evidence
from centaure.answering.groundedness.features import weigh
from centaure.answering.groundedness.model import model
from centaure.answering.groundedness.reasons import reason
from centaure.answering.groundedness.sources import Passage, Sources
from centaure.answering.groundedness.statements import Statement
from centaure.knowledge.language import detect_language, sentences

Outcome = Literal["supported", "unsupported", "unchecked"]

_MARKER = re.compile(r"\s?[\[【](?P<names>[^\[\]【】\n]{1,60})[\]】]")
_NOT_CLAIMED = re.compile(
    r"\W*(?:bonjour|bonsoir|merci|hello|hi|thanks?|thank you|voici|here (?:is|are)|je ne sais pas"
    r"|i do not know|i don't know"
    r"|n'hésitez pas|feel free|je ne trouve pas"
    r"|les (?:documents|passages) (?:fournis )?ne (?:disent|précisent|mentionnent)"
    r"|the (?:documents|passages) do not|i could not find)\b",
    re.IGNORECASE,
)
_LEAST_TERMS = 1
_MOST_FIGURES = 50
"""Figures and dates of a sentence; each is held against all of a source, so a longer row is not checked."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is said of one sentence.

    Attributes:
        start: offset of its first character in the answer.
        end: offset after the last.
        outcome: "unchecked" where the evidence does not decide, or nothing is claimed.
        score: how likely it is that the passages bear it out, 0 to 1.
        passage: identifier of the passage that supports it best; None when none has anything of it.
        reason: a sentence for the reader, in French or English as the answer.
        claims: whether it says something that passages could bear out.
    """

    start: int
    end: int
    outcome: Outcome
    score: float
    passage: str | None
    reason: str
    claims: bool = True


@dataclass(frozen=True, slots=True)
class Prepared:
    """A sentence of an answer and the evidence on it; None where there is none to weigh.

    `crowded`: it holds more figures than are checked.
    """

    start: int
    end: int
    statement: Statement
    evidence: Evidence | None
    passage: str | None
    crowded: bool = False


def check(
    answer: str,
    passages: Sequence[Passage],
    question: str = "",
    similarity: Similarity | None = None,
) -> list[Judgement]:
    """Say of each sentence of an answer whether the passages bear it out.

    A sentence that cites passages ("[1]", "[p1]") is held against those, any other against all.

    Args:
        answer: as it was written; offsets of the result count its characters.
        passages: those that it was written from, in the order in which they were numbered.
        question: what was asked: its own words count little as inventions.
        similarity: nearness in meaning, where an embedding model is at hand.
    """
    french = _answer_language(answer, question) != "en"
    return [
        _judged(each, french=french, given=bool(passages))
        for each in prepare(answer, passages, question, similarity)
    ]


def prepare(
    answer: str,
    passages: Sequence[Passage],
    question: str = "",
    similarity: Similarity | None = None,
) -> list[Prepared]:
    """The sentences of an answer with the evidence on each, before it is weighed."""
    language = _answer_language(answer, question)
    text, citations = _without_markers(answer, passages)
    sources = _prepared(tuple(passages))
    asked = Statement(question, language)
    spans = sentences(text, language)
    found: list[Prepared] = []
    before: int | None = None
    for place, (start, end) in enumerate(spans):
        following = spans[place + 1][0] if place + 1 < len(spans) else len(text)
        first = start if place else 0
        cited = frozenset(rank for offset, rank in citations if first <= offset < following)
        statement = Statement(text[start:end], language)
        if len(statement.quantities) + len(statement.moments) > _MOST_FIGURES:
            found.append(Prepared(start, end, statement, None, None, crowded=True))
            continue
        if not _claims(statement):
            found.append(Prepared(start, end, statement, None, None))
            continue
        allowed = sources.only(cited) if cited else None
        context = asked.stems | (found[-1].statement.stems if found else frozenset[str]())
        alignment = align(statement, sources, allowed, context, before)
        if alignment is None:
            found.append(Prepared(start, end, statement, Evidence(), None))
            continue
        evidence = weigh(statement, sources, alignment, asked, similarity)
        before = alignment.window[0]
        best = sources.statements[before]
        found.append(Prepared(start, end, statement, evidence, best.passage))
    return found


@lru_cache(maxsize=16)
def _prepared(passages: tuple[Passage, ...]) -> Sources:
    """The passages, kept for the next answer or sentence that rests on the same ones."""
    return Sources(passages)


def _answer_language(answer: str, question: str) -> str:
    language = detect_language(answer)
    if language == "simple":
        language = detect_language(f"{question} {answer}")
    return language


def _claims(statement: Statement) -> bool:
    """Whether a sentence says something that a passage could bear out."""
    if statement.text.endswith(("?", ":")) or _NOT_CLAIMED.match(statement.text):
        return False
    return bool(
        len(statement.terms) >= _LEAST_TERMS
        or statement.quantities
        or statement.moments
        or statement.negations
    )


def _judged(each: Prepared, *, french: bool, given: bool) -> Judgement:
    if each.crowded:
        words = (
            "La phrase contient trop de chiffres pour être vérifiée."
            if french
            else "The sentence holds too many figures to be checked."
        )
        return Judgement(each.start, each.end, "unchecked", 0.5, None, words)
    if each.evidence is None:
        words = (
            "Rien à vérifier dans cette phrase." if french else "Nothing to check in this sentence."
        )
        return Judgement(each.start, each.end, "unchecked", 0.5, None, words, claims=False)
    if each.passage is None:
        words = "Aucun passage n'a été donné." if french else "No passage was given."
        if given:
            words = "Aucun passage ne parle de cela." if french else "No passage speaks of this."
        return Judgement(each.start, each.end, "unsupported", 0.0, None, words)
    learned = model()
    score = learned.probability(each.evidence.row())
    outcome: Outcome = "unchecked"
    if score >= learned.supported:
        outcome = "supported"
    elif score < learned.unsupported:
        outcome = "unsupported"
    words = reason(each.evidence, outcome, french=french)
    return Judgement(each.start, each.end, outcome, round(score, 4), each.passage, words)


def _without_markers(answer: str, passages: Sequence[Passage]) -> tuple[str, list[tuple[int, int]]]:
    """The answer with blanks for its citation markers, and which passage is cited where."""
    ranks = {passage.id: rank for rank, passage in enumerate(passages)}
    numbered = {str(rank + 1): rank for rank in range(len(passages))}
    cited: list[tuple[int, int]] = []
    pieces: list[str] = []
    place = 0
    for match in _MARKER.finditer(answer):
        given = [each.strip() for each in re.split(r"[,;]|\s(?:et|and)\s", match["names"])]
        known = [_rank(each, ranks, numbered) for each in given]
        shaped = all(re.fullmatch(r"(?:passages?\s)?[a-zA-Z]{0,3}\d{1,3}", each) for each in given)
        if not shaped and any(each is None for each in known):
            continue
        cited += [(match.start(), rank) for rank in known if rank is not None]
        pieces += [answer[place : match.start()], " " * (match.end() - match.start())]
        place = match.end()
    pieces.append(answer[place:])
    return "".join(pieces), cited


def _rank(name: str, ranks: dict[str, int], numbered: dict[str, int]) -> int | None:
    if name in ranks:
        return ranks[name]
    return numbered.get(re.sub(r"^(?:passages?\s*|p)", "", name, flags=re.IGNORECASE))

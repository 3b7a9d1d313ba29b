"""On which side of a question a text stands: allowed or forbidden, paid or free, accepted or refused.

`stances.txt` has a question, a side and patterns of plain letters on each line. A negation before a word
puts it on the other side: "the bread is charged" is held against "the bread is free", "not rejected" is not
held against "accepted".
"""

import re
from functools import lru_cache
from importlib.resources import files

from centaure.answering.groundedness.alignment import Alignment
from centaure.answering.groundedness.evidence import Evidence, Finding
from centaure.answering.groundedness.markers import negations
from centaure.answering.groundedness.sources import SourceStatement
from centaure.answering.groundedness.statements import Statement, Term
from centaure.answering.groundedness.text import plain

_REACH = 32
_ELSEWHERE, _RESTRICTED = 0.6, 0.4
"""What the other side tells in another clause, and where only a part is spoken of."""
_BEFORE, _AFTER = 25, 12
"""Letters around the telling words of a clause that belong to it."""
_CUT = re.compile(r"[,;.:()]\s|\s(?:et|and|mais|but)\s")


def _read() -> dict[str, re.Pattern[str]]:
    written = files("centaure.answering.groundedness").joinpath("stances.txt").read_text("utf-8")
    kinds: dict[str, dict[str, list[str]]] = {}
    for line in written.splitlines():
        question, side, pattern = line.split(" ", 2)
        name = "for" if side == "+" else "against"
        kinds.setdefault(question, {}).setdefault(name, []).append(pattern.replace(" ", r"\s"))
    return {
        question: re.compile(
            r"(?<![\w-])(?:"
            + "|".join(f"(?P<side_{name}>{'|'.join(parts)})" for name, parts in sides.items())
            + r")(?!\w)"
        )
        for question, sides in kinds.items()
    }


_PATTERNS = _read()


@lru_cache(maxsize=8192)
def stances(text: str) -> tuple[tuple[str, bool, int, int], ...]:
    """Question, side, first and last offset of each word that takes one."""
    flat = plain(text)
    denials = [(each.start, each.end) for each in negations(text) if not each.lexical]
    found: list[tuple[str, bool, int, int]] = []
    for question, pattern in _PATTERNS.items():
        for match in pattern.finditer(flat):
            side = match.lastgroup == "side_for"
            denied = any(_denies(flat, start, end, match) for start, end in denials)
            found.append((question, side != denied, *match.span()))
    return tuple(found)


def _denies(flat: str, start: int, end: int, match: re.Match[str]) -> bool:
    """Whether a negation bears on a word: it holds it, or stands before it in its clause."""
    if start <= match.start() < end:
        return match.end() < end
    between = flat[end : match.start()]
    return end <= match.start() and len(between) <= _REACH and not _CUT.search(between)


def compare_stances(
    evidence: Evidence, said: Statement, source: SourceStatement, alignment: Alignment
) -> None:
    """Whether a sentence stands on the other side than its source: in the clause nearest to it, or in all."""
    ours, whole = sides(said.text), sides(source.text)
    if not ours or not whole:
        return
    narrow = _narrow(said) or _narrow(source)
    clause = sides(source.text, _nearest_clause(source, alignment))
    for question, mine in ours.items():
        theirs = clause.get(question) or whole.get(question)
        if theirs and not mine.keys() & theirs.keys():
            value = 1.0 if question in clause else _ELSEWHERE
            value *= _RESTRICTED if narrow else 1.0
            one, other = next(iter(mine.values())), next(iter(theirs.values()))
            evidence.against("stance", value, Finding("opposite", one, other, 0.8 * value))


def _narrow(text: Statement) -> bool:
    """Whether a text takes a side for a part only: "only", "except"."""
    return "only" in text.marks["quantity"] or "except" in text.marks["condition"]


def _nearest_clause(source: SourceStatement, alignment: Alignment) -> tuple[int, int]:
    """The stretch of a source around the clause that shares most with the sentence."""
    held = {stem for stem in alignment.stems if stem}
    clauses: dict[int, list[Term]] = {}
    for term in source.terms:
        clauses.setdefault(term.clause, []).append(term)
    if not clauses:
        return 0, len(source.text)
    best = max(
        clauses.values(),
        key=lambda terms: sum(each.weight for each in terms if each.stem in held),
    )
    return best[0].start - _BEFORE, best[-1].start + len(best[-1].word) + _AFTER


def sides(text: str, within: tuple[int, int] | None = None) -> dict[str, dict[bool, str]]:
    """The sides that a text, or a stretch of it, takes on each question, each with its first word."""
    first, last = within or (0, len(text))
    found: dict[str, dict[bool, str]] = {}
    for question, side, start, end in stances(text):
        if first <= start < last:
            found.setdefault(question, {}).setdefault(side, text[start:end])
    return found

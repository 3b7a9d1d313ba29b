"""Marks of a whole sentence against those of its window: weaker than what `operators` finds word by word."""

from collections.abc import Sequence

from centaure.answering.groundedness.alignment import Alignment
from centaure.answering.groundedness.evidence import Evidence, Finding
from centaure.answering.groundedness.markers import GROUPS, difference, implied
from centaure.answering.groundedness.severity import MODAL
from centaure.answering.groundedness.sources import SourceStatement
from centaure.answering.groundedness.statements import Statement

_OTHER = 0.3
"""What a change of modal verbs tells that `MODAL` does not have."""
_CHANGED_ONLY = frozenset({"sameness"})
"""Kinds of which one that is only said, or left out, means nothing."""
_SCOPED = frozenset({"only"})
"""Classes that mean nothing away from their word."""


def compare_polarity(
    evidence: Evidence,
    said: Statement,
    window: Sequence[SourceStatement],
    alignment: Alignment,
) -> None:
    """Whether one text denies and the other does not."""
    source = window[0]
    matched = {stem for stem in alignment.stems if stem}
    ours = len(said.negations)
    theirs = sum(
        _touches(each.start, each.end, source, matched, lexical=each.lexical)
        for each in source.negations
    )
    if (ours - theirs) % 2:
        side = "said" if ours > theirs else "source"
        if implied(source.text if side == "said" else said.text):
            return
        evidence.against("negation differs", 1.0, Finding("negation", "", side, 0.3))


def _touches(start: int, end: int, source: Statement, matched: set[str], *, lexical: bool) -> bool:
    """Whether a negation bears on a word that the sentence has too."""
    inside = [term for term in source.terms if start <= term.start < end]
    after = [term for term in source.terms if term.start >= end][:2]
    before = [term for term in source.terms if term.start < start][-1:]
    heads = [*inside, *after, *before] if lexical else ([*inside, *after[:1]] or after)
    if not heads:
        return True
    return any(term.stem in matched for term in heads)


def compare_marks(evidence: Evidence, said: Statement, window: Sequence[SourceStatement]) -> None:
    """Obligations, conditions, quantifiers: changed, added or left out."""
    first, near = window[0].marks, _closeness(evidence)
    restricted = restricts(said, window[0])
    counted = any(each.unit == "times" for each in said.quantities)
    for group in GROUPS:
        if counted and group == "period":
            continue
        source = first[group] - _SCOPED
        everything = source.union(*(each.marks[group] - _SCOPED for each in window[1:]))
        found = difference(group, said.marks[group] - _SCOPED, source)
        wider = difference(group, said.marks[group] - _SCOPED, everything)
        if found.changed and wider.changed and not (restricted and group == "modality"):
            told = near * (MODAL.get(found.changed, _OTHER) if group == "modality" else 1.0)
            evidence.against(f"{group} changed", told, Finding(group, *found.changed, 0.6 * told))
        if group in _CHANGED_ONLY:
            continue
        extra = found.added or (found.changed[0] if found.changed else "")
        if wider.added or (extra and wider.changed):
            evidence.against(
                f"{group} added", near, Finding(f"{group} added", wider.added or extra, weight=0.3)
            )
        missing = found.dropped or (found.changed[1] if found.changed else "")
        if missing:
            evidence.against(
                f"{group} dropped", near, Finding(f"{group} dropped", "", missing, 0.25)
            )
    _unconditional(evidence, said, window)


def restricts(said: Statement, source: Statement) -> bool:
    """Whether one allows only what the other forbids but for it: "only A may", "nobody may, except A"."""
    ours, theirs = said.marks, source.marks
    one = "only" in ours["quantity"] or "except" in ours["condition"]
    other = "only" in theirs["quantity"] or "except" in theirs["condition"]
    return (one and (other or "if" in theirs["condition"])) or (other and "if" in ours["condition"])


def _unconditional(evidence: Evidence, said: Statement, window: Sequence[SourceStatement]) -> None:
    """Whether a sentence says "in any case" where the source does not; the more, where it has a condition."""
    source = frozenset[str]().union(*(each.marks["condition"] for each in window))
    if "even" not in said.marks["condition"] or "even" in source:
        return
    limited = source or any("only" in each.marks["quantity"] for each in window)
    shown = min(source, default="")
    finding = Finding("condition" if shown else "condition added", "even", shown, 0.9)
    evidence.against("unconditional", 1.0 if limited else 0.6, finding)


def _closeness(evidence: Evidence) -> float:
    """How much a difference in a small word tells: little where all is worded otherwise."""
    return max(evidence.values["covered first"] ** 2, 0.1)

"""The right value beside the wrong fact: figures, dates and names that the source binds to other words."""

from collections.abc import Sequence

from centaure.answering.groundedness.alignment import Alignment
from centaure.answering.groundedness.comparison import bears_moment, bears_quantity
from centaure.answering.groundedness.evidence import Evidence, Finding
from centaure.answering.groundedness.quantities import Quantity
from centaure.answering.groundedness.sources import Sources, SourceStatement
from centaure.answering.groundedness.statements import Statement

_NEAR = 60
_OTHER_CLAUSE = 40


def compare_pairs(
    evidence: Evidence, said: Statement, source: SourceStatement, alignment: Alignment
) -> None:
    """Whether the words beside a figure, a date or a name stand beside another one in the source."""
    worst, shown = 0.0, ""
    positions = {
        term.stem: [other.start for other in source.terms if other.stem == term.stem]
        for term in source.terms
    }
    for start, end, ours, others in _rivals(said, source):
        votes: list[float] = []
        for term, stem in zip(said.terms, alignment.stems, strict=True):
            distance = min(abs(term.start - end), abs(start - term.start))
            if stem is None or distance > _NEAR or start <= term.start < end:
                continue
            place = positions.get(stem, [])
            mine = _nearest(source.text, place, ours)
            theirs = _nearest(source.text, place, others)
            votes.append(float(theirs < mine))
        if votes:
            share = sum(votes) / len(votes)
            if share > worst:
                worst, shown = share, said.text[start:end]
    if worst > 0.34:
        evidence.against("mispaired", worst, Finding("pairing", shown, weight=0.6 * worst))


def compare_places(
    evidence: Evidence, said: Statement, sources: Sources, alignment: Alignment
) -> None:
    """How much worse than the best the statements that hold a figure or a date cover the rest."""
    if not alignment.worth:
        return
    best = max(alignment.worth.values())
    for each in (*said.quantities, *said.moments):
        if isinstance(each, Quantity):
            if each.light:
                continue
            bearing = [
                n
                for n, o in enumerate(sources.statements)
                if bears_quantity(each, o.quantities).grade >= 0.9
            ]
        else:
            bearing = [
                n
                for n, o in enumerate(sources.statements)
                if bears_moment(each, o.moments).grade >= 0.9
            ]
        if not bearing:
            continue
        nearest = max(alignment.worth.get(number, 0.0) for number in bearing)
        gap = min(max(best - nearest, 0.0), 1.0)
        evidence.against(
            "apart", gap, Finding("pairing", said.text[each.start : each.end], weight=gap)
        )


def _rivals(
    said: Statement, source: SourceStatement
) -> list[tuple[int, int, list[tuple[int, int]], list[tuple[int, int]]]]:
    """For each figure or date of a sentence, where the source has it, and where it has others of its kind."""
    found: list[tuple[int, int, list[tuple[int, int]], list[tuple[int, int]]]] = []
    borne = {
        id(each): {
            id(other) for other in source.quantities if bears_quantity(each, [other]).grade >= 0.9
        }
        for each in said.quantities
    }
    known = {number for numbers in borne.values() for number in numbers}
    for each in said.quantities:
        mine = [(o.start, o.end) for o in source.quantities if id(o) in borne[id(each)]]
        rivals = [
            (o.start, o.end)
            for o in source.quantities
            if o.unit == each.unit and id(o) not in known
        ]
        if mine and rivals:
            found.append((each.start, each.end, mine, rivals))
    dated = {
        id(each): {
            id(other) for other in source.moments if bears_moment(each, [other]).grade >= 0.9
        }
        for each in said.moments
    }
    known = {number for numbers in dated.values() for number in numbers}
    for each in said.moments:
        mine = [(o.start, o.end) for o in source.moments if id(o) in dated[id(each)]]
        rivals = [
            (o.start, o.end) for o in source.moments if o.parts == each.parts and id(o) not in known
        ]
        if mine and rivals:
            found.append((each.start, each.end, mine, rivals))
    names = {each.key for each in said.names}
    if not names:
        return found
    mine_by = {each.key: (each.start, each.end) for each in source.names}
    rivals = [(each.start, each.end) for each in source.names if each.key not in names]
    found.extend(
        (each.start, each.end, [mine_by[each.key]], rivals)
        for each in said.names
        if each.key in mine_by and rivals
    )
    return found


def _nearest(text: str, places: Sequence[int], spans: Sequence[tuple[int, int]]) -> float:
    """How near two things stand in a source; what stands between them in another clause is further."""
    best = float("inf")
    for place in places:
        for start, end in spans:
            first, last = (end, place) if place >= end else (place, start)
            between = text[first:last]
            crossed = sum(between.count(mark) for mark in (",", ";", ":", "(", " et ", " and "))
            best = min(best, len(between) + _OTHER_CLAUSE * crossed)
    return best

"""Dates of a sentence, looked for in its window, beside it and in the rest."""

from collections.abc import Sequence

from centaure.answering.groundedness.comparison import bears_moment
from centaure.answering.groundedness.evidence import Evidence, Finding
from centaure.answering.groundedness.figures import dressed
from centaure.answering.groundedness.sources import Sources, SourceStatement
from centaure.answering.groundedness.statements import Statement


def compare_moments(
    evidence: Evidence,
    said: Statement,
    window: Sequence[SourceStatement],
    near: Sequence[SourceStatement],
    sources: Sources,
) -> None:
    """Count each date that the window does not bear out."""
    if not said.moments:
        return
    inside = [each for source in window for each in source.moments]
    above = [each for source in window if source.above for each in source.around.moments]
    texts = {id(each): source.text for source in (*window, *near) for each in source.moments}
    everywhere = [each for source in sources.statements for each in source.moments]
    years = {each.year for each in everywhere}
    for each in said.moments:
        written = said.text[each.start : each.end]
        borne = bears_moment(each, [*inside, *above])
        source, text = borne.source, texts.get(id(borne.source), "")
        shown = text[source.start : source.end] if source is not None and text else ""
        if borne.clash:
            around = dressed(text, source) if source is not None and text else ""
            finding = Finding("bound", dressed(said.text, each), around)
            evidence.against("number narrowed", 0.8, finding)
            continue
        if borne.grade >= 0.9 or (borne.grade >= 0.5 and each.year in years and each.day is None):
            continue
        beside = bears_moment(each, [one for source in near for one in source.moments])
        if beside.grade >= 0.9:
            evidence.against("date elsewhere", 0.4, Finding("elsewhere", written, weight=0.3))
        elif borne.grade >= 0.5:
            fitting = 0.2 if each.year in years else 0.6
            evidence.against("date wrong", fitting, Finding("date", written, shown, 0.5))
        elif bears_moment(each, everywhere).grade >= 0.9:
            evidence.against("date elsewhere", 1.0, Finding("elsewhere", written, shown, 0.8))
            if inside:
                evidence.against("date wrong", 0.6, Finding("date", written, shown, 0.9))
        else:
            evidence.against("date wrong", 1.0, Finding("date", written, shown, 1.2))

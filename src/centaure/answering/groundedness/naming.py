"""Names and references of a sentence, looked for in what stands behind it and in the rest."""

from collections.abc import Iterable, Sequence

from centaure.answering.groundedness.alignment import Alignment
from centaure.answering.groundedness.evidence import Evidence, Finding
from centaure.answering.groundedness.names import Name, expands, reference_keys
from centaure.answering.groundedness.sources import Sources, SourceStatement
from centaure.answering.groundedness.statements import Statement, Term
from centaure.answering.groundedness.words import same


def compare_names(
    evidence: Evidence,
    said: Statement,
    window: Sequence[SourceStatement],
    near: Sequence[SourceStatement],
    sources: Sources,
) -> None:
    found = said.names
    if not found:
        return
    inside = {word for source in window for word in (*source.words, *source.around.words)}
    beside = {word for source in near for word in source.words}
    stems = {stem for source in window for stem in source.stems}
    by_start = {term.start: term.stem for term in said.terms}
    references = frozenset[str]().union(
        *(reference_keys(source.text + " " + source.above) for source in window)
    )
    for each in found:
        written = said.text[each.start : each.end]
        if each.reference:
            if each.key in references:
                continue
            elsewhere = each.key in sources.references
            evidence.against("reference missing", 0.6 if elsewhere else 1.0,
                Finding("elsewhere" if elsewhere else "name", written, weight=1.1))  # fmt: skip
            continue
        stem = by_start.get(each.start, each.key)
        if _held(each, inside) or stem in stems or same(stem, each.key, said.language) & stems:
            continue
        if written.isupper() and _spelled_out(each, sources):
            continue
        if _initial(each, said, inside):
            continue
        if _held(each, beside):
            evidence.against("name elsewhere", 0.3, Finding("elsewhere", written, weight=0.2))
        elif _held(each, sources.words):
            evidence.against("name elsewhere", 1.0, Finding("elsewhere", written, weight=0.8))
        else:
            evidence.against("name missing", 1.0, Finding("name", written, weight=1.0))


def compare_roles(
    evidence: Evidence, said: Statement, sources: Sources, alignment: Alignment
) -> None:
    """A name that the source has elsewhere, where the rest of the sentence stands beside another name."""
    names = [each for each in said.names if not each.reference]
    others = [term for term in said.terms if all(term.start != each.start for each in names)]
    if not names or not others or not alignment.worth:
        return
    home = _home(said, others, sources, alignment)
    if home is None:
        return
    around = [
        each
        for each in sources.statements
        if each.passage == home.passage and abs(each.place - home.place) <= 1
    ]
    inside = {word for each in around for word in (*each.words, *each.around.words)}
    rivals = [each for each in home.names if not each.reference and each.start]
    missing = [each for each in names if not _held(each, inside)]
    if missing and len(missing) == len(names) and rivals:
        written = said.text[missing[0].start : missing[0].end]
        shown = home.text[rivals[0].start : rivals[0].end]
        evidence.against("role taken", 1.0, Finding("opposite", written, shown, 0.8))


def _home(
    said: Statement, others: Sequence[Term], sources: Sources, alignment: Alignment
) -> SourceStatement | None:
    """The statement that has most of the weight of a sentence's words, its names left out."""
    best, most = None, 0.0
    for number in alignment.worth:
        stems = sources.statements[number].stems
        weight = sum(
            term.weight
            for term in others
            if term.stem in stems or same(term.stem, term.word, said.language) & stems
        )
        if weight > most:
            best, most = sources.statements[number], weight
    return best


def _held(name: Name, words: Iterable[str]) -> bool:
    """Whether words hold a name, or its plural or possessive."""
    held = words if isinstance(words, (set, frozenset)) else set(words)
    key = name.key
    return key in held or key.removesuffix("s") in held or f"{key}s" in held


def _spelled_out(name: Name, sources: Sources) -> bool:
    return expands(name.key, (word for each in sources.statements for word in each.words))


def _initial(name: Name, said: Statement, inside: Iterable[str]) -> bool:
    """Whether the word is part of a long name whose acronym the source has."""
    group = [each for each in said.names if abs(each.start - name.start) < 80]
    initials = "".join(each.key[0] for each in group)
    return len(initials) >= 3 and any(word in initials for word in inside if 3 <= len(word) <= 6)

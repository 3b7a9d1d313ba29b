"""What small words do to the telling words near them, compared where both texts have the same telling word.

"Les chiens sont admis" and "les chiens ne sont pas admis" share a word that only one of them denies. A
negation, a modal verb or a quantifier is held against the other text through the words in its reach, so that
one in another part of a long sentence says nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from centaure.answering.groundedness.alignment import Alignment, akin
from centaure.answering.groundedness.evidence import Evidence, Finding
from centaure.answering.groundedness.markers import Mark, found_marks, implied
from centaure.answering.groundedness.markings import restricts
from centaure.answering.groundedness.severity import MODAL, QUANTITY
from centaure.answering.groundedness.sources import SourceStatement
from centaure.answering.groundedness.statements import Statement, Term
from centaure.answering.groundedness.words import forms, opposite

_BEFORE = {"modality": 3, "negation": 1, "quantity": 0, "condition": 0}
_AFTER = {"modality": 2, "negation": 2, "quantity": 1, "condition": 6}
"""How many telling words of its clause a mark reaches, before it and after it."""
_ADJECTIVAL = (
    "obligat", "facultat", "interdit", "requis", "possible", "autoris", "permis", "optional",
    "required", "mandatory", "allowed", "compulsory", "forbidden", "prohibited", "voluntary",
    "recommand", "necess", "permitted", "recommended", "exig", "indispensable", "impose", "oblige",
    "conseill", "excl",
)  # fmt: skip
_SUBJECTS = ("no", "none", "neither", "aucun", "nul", "nobody", "nothing", "personne", "rien")
"""Negations that deny the noun after them and its verb."""
_STRONG = 0.7
_BOTH_DENY = 0.4
"""What a difference counts where each text denies something."""


@dataclass(frozen=True, slots=True)
class _Pair:
    """A word of a sentence, the word of the source that stands for it, and whether it says the opposite."""

    said: Term
    sources: tuple[Term, ...]
    opposed: bool
    exact: bool


def compare_operators(
    evidence: Evidence,
    said: Statement,
    window: Sequence[SourceStatement],
    alignment: Alignment,
) -> None:
    """Negations, modal verbs, quantifiers and exceptions that bear on words which both texts have."""
    source = window[0]
    pairs = _pairs(said, source, alignment)
    ours, theirs = _reaches(said), _reaches(source)
    _negation(evidence, said, window, pairs, theirs)
    restricted = restricts(said, source)
    for group, table in (("modality", MODAL), ("quantity", QUANTITY)):
        _classes(evidence, group, table, pairs, ours, theirs, restricted=restricted)
    _exceptions(evidence, said, pairs, ours, theirs)


def _pairs(said: Statement, source: SourceStatement, alignment: Alignment) -> list[_Pair]:
    found: list[_Pair] = []
    for term, stem in zip(said.terms, alignment.stems, strict=True):
        if stem is not None:
            held = tuple(each for each in source.terms if each.stem == stem)
            if held:
                kin = stem[:4] == term.stem[:4] or stem in forms(said.language).get(term.stem, ())
                found.append(_Pair(term, held, opposed=False, exact=kin))
            continue
        against = opposite(term.stem, said.language)
        held = tuple(
            each
            for each in source.terms
            if any(akin(each.stem, stem) for stem in against)
            and not any(akin(each.stem, stem) for stem in said.stems)
        )
        if held:
            found.append(_Pair(term, held, opposed=True, exact=True))
    return found


_Reach = dict[int, set[tuple[str, str]]]
"""For each telling word, by its place: the marks that reach it, as kind and class."""


def _reaches(text: Statement) -> _Reach:
    found: _Reach = {}
    for mark in found_marks(text.text):
        if mark.group not in _AFTER:
            continue
        for term in _reached(mark, text.text, text.terms):
            found.setdefault(term.start, set()).add((mark.group, mark.name))
    for each in text.quantities:
        if each.unit == "" and each.high > 0:
            after = [t for t in text.terms if each.end <= t.start < each.end + 25][:1]
            for term in after:
                found.setdefault(term.start, set()).add(("quantity", "number"))
    return found


def _reached(mark: Mark, text: str, terms: Sequence[Term]) -> list[Term]:
    """The telling words that a mark bears on: inside it, then those after it, of its clause first."""
    inside = [each for each in terms if mark.start <= each.start < mark.end]
    after = [each for each in terms if each.start >= mark.end]
    before = [each for each in terms if each.start < mark.start]
    stop = _clause_end(text, mark.end)
    near = [each for each in after if each.start < stop][: _AFTER[mark.group]]
    written = text[mark.start : mark.end].lower()
    back: list[Term] = []
    if mark.group == "modality" and any(stem in written for stem in _ADJECTIVAL):
        start = _clause_start(text, mark.start)
        back = [each for each in before if each.start >= start][-_BEFORE["modality"] :]
    if mark.group == "negation":
        subject = written.startswith(_SUBJECTS) and not written.startswith(("not", "non"))
        around = inside if written.startswith(("ne", "n'", "n’")) and not subject else []
        return around or near[: 2 if subject else 1] or before[-2:]
    return [*inside, *near, *back]


def _clause_end(text: str, start: int) -> int:
    ends = [
        place for sign in (", ", "; ", ". ", " : ", " (") if (place := text.find(sign, start)) >= 0
    ]
    return min(ends, default=len(text))


def _clause_start(text: str, end: int) -> int:
    return max((text.rfind(sign, 0, end) for sign in (", ", "; ", ". ", " : ", " (")), default=0)


def _negation(
    evidence: Evidence,
    said: Statement,
    window: Sequence[Statement],
    pairs: Sequence[_Pair],
    theirs_reach: _Reach,
) -> None:
    """A word that one text denies and the other does not, the less, the less of what is denied they share."""
    source = window[0]
    ours, theirs = _denials(said), _denials(source)
    beside = [(each, {t.stem for terms in _denials(each) for t in terms}) for each in window[1:]]
    mine = {term.start for terms in ours for term in terms}
    other = {term.start for terms in theirs for term in terms}
    by_said = {pair.said.start: pair for pair in pairs}
    by_source = {each.start: pair for pair in pairs for each in pair.sources}
    restricted = restricts(said, source) or _excepted(pairs, mine, theirs_reach)
    hinted = (implied(source.text), implied(said.text))
    found: list[tuple[float, _Pair]] = []
    for reach, known, rest, theirs_known, elsewhere in (
        (ours, by_said, theirs, by_source, hinted[0]),
        (theirs, by_source, ours, by_said, hinted[1]),
    ):
        open_ = elsewhere or any(_unsettled(terms, theirs_known, mine, other) for terms in rest)
        for terms in reach:
            held = [known[term.start] for term in terms if term.start in known]
            turned = [
                pair
                for pair in held
                if _turned(pair, mine, other) and not _agreed(pair, mine, beside)
            ]
            if not turned or any(_same_side(pair, mine, other) for pair in held):
                continue
            value = len(turned) / len(terms) * (1.0 if any(p.exact for p in turned) else 0.6)
            found.append((value * (_BOTH_DENY if open_ or restricted else 1.0), turned[0]))
    worst, shown = max(found, key=lambda each: each[0], default=(0.0, None))
    if shown is not None and not shown.opposed:
        side = "said" if shown.said.start in mine else "source"
        evidence.against("denied", worst, Finding("negation", shown.said.word, side, 0.9 * worst))
    for pair in pairs:
        if pair.opposed and _turned(pair, mine, other) and not _agreed(pair, mine, beside):
            value = evidence.values["covered first"] ** 2
            value *= _BOTH_DENY if ours or theirs else 1.0
            finding = Finding("opposite", pair.said.word, pair.sources[0].word, 0.9 * value)
            evidence.against("opposed", value, finding)


def _excepted(pairs: Sequence[_Pair], ours: set[int], theirs: _Reach) -> bool:
    """Whether a sentence denies something of what the source excepts."""
    return bool(ours) and any(
        ("condition", "except") in theirs.get(each.start, ())
        for pair in pairs
        for each in pair.sources
    )


def _unsettled(
    terms: Sequence[Term], known: dict[int, _Pair], ours: set[int], theirs: set[int]
) -> bool:
    """Whether nothing that a negation reaches is denied by the other text too."""
    held = [known[term.start] for term in terms if term.start in known]
    return not any(_same_side(pair, ours, theirs) for pair in held)


def _same_side(pair: _Pair, ours: set[int], theirs: set[int]) -> bool:
    """Whether both texts say the same of a pair, wherever the source has the word."""
    mine = pair.said.start in ours
    return all((mine == (each.start in theirs)) != pair.opposed for each in pair.sources)


def _denials(text: Statement) -> list[list[Term]]:
    """The telling words that each negation reaches."""
    found = [
        _reached(mark, text.text, text.terms)
        for mark in found_marks(text.text)
        if mark.group == "negation"
    ]
    return [terms for terms in found if terms]


def _agreed(pair: _Pair, ours: set[int], beside: Sequence[tuple[Statement, set[str]]]) -> bool:
    """Whether another statement of the window says of a word what the sentence says of it."""
    stems = {pair.said.stem, *(each.stem for each in pair.sources)}
    mine = pair.said.start in ours
    return any(
        bool(stems & text.stems) and (bool(stems & denied) == mine) != pair.opposed
        for text, denied in beside
    )


def _turned(pair: _Pair, ours: set[int], theirs: set[int]) -> bool:
    """Whether one text says of a pair what the other denies."""
    mine = pair.said.start in ours
    return all((mine != (each.start in theirs)) != pair.opposed for each in pair.sources)


def _denied(reach: _Reach, start: int) -> bool:
    return any(group == "negation" for group, _ in reach.get(start, ()))


def _names(reach: _Reach, group: str, starts: Iterable[int]) -> set[str]:
    return {
        name for start in starts for kind, name in reach.get(start, ()) if kind == group
    } or {""}  # fmt: skip


def _telling(names: set[str]) -> set[str]:
    """Classes without the future, which says nothing beside another."""
    return names - {"future"} or names


def _classes(  # noqa: PLR0913, PLR0917 - a kind of marks, its table, and both texts
    evidence: Evidence,
    group: str,
    table: dict[tuple[str, str], float],
    pairs: Iterable[_Pair],
    ours: _Reach,
    theirs: _Reach,
    *,
    restricted: bool,
) -> None:
    """The worst difference of a kind over the words that both texts have."""
    worst, shown = 0.0, ("", "")
    for pair in pairs:
        mine = _names(ours, group, [pair.said.start])
        other = _names(theirs, group, [each.start for each in pair.sources])
        mine, other = _telling(mine), _telling(other)
        if mine & other:
            continue
        value, names = min(
            (table.get((one, two), 0.0), (one, two)) for one in mine for two in other
        )
        if not pair.exact:
            value *= 0.7
        if restricted and names[0] != "all":
            value *= _BOTH_DENY
        if value > worst:
            worst, shown = value, names
    if worst:
        kind = group if all(shown) else f"{group} added" if shown[0] else f"{group} dropped"
        near = max(worst, evidence.values["covered first"] ** 2)
        place = "here" if worst >= _STRONG else "near"
        evidence.against(f"{group} {place}", worst * near, Finding(kind, *shown, 0.9 * worst))


def _exceptions(
    evidence: Evidence, said: Statement, pairs: Iterable[_Pair], ours: _Reach, theirs: _Reach
) -> None:
    """What the source excepts and the sentence says like the rest."""
    marks = said.marks
    if marks["condition"] & {"except"} or marks["quantity"] & {"only"}:
        return
    excepted = [
        pair
        for pair in pairs
        if all(("condition", "except") in theirs.get(each.start, ()) for each in pair.sources)
        and not _denied(ours, pair.said.start)
    ]
    if excepted:
        value = min(0.4 + 0.3 * len(excepted), 1.0)
        word = excepted[0].said.word
        evidence.against("excepted", value, Finding("excepted", word, "", 0.6 * value))

"""What a text tells of who is who beside the names: relatives, given names that share a surname."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from centaure.guardrails.personal_data.names.apart import KIN, told_apart
from centaure.guardrails.personal_data.names.lists import Known, cues, known_of
from centaure.guardrails.personal_data.names.lists import gender_of as gender_of_flags
from centaure.guardrails.personal_data.names.matching import Form
from centaure.guardrails.personal_data.names.people import Relatives
from centaure.guardrails.personal_data.names.runs import separators

_GIVEN = int(Known.GIVEN)
_RELATIVE = re.compile(
    r"(?<![a-z-])(?:(?P<m>fils|freres?|peres?|epoux|maris?|neveux?|oncles?|garcons?|veuf|brothers?|fathers?"
    r"|husbands?|uncles?|nephews?|sons|(?:grand|beau)-(?:pere|frere|fils)"
    r"|(?:(?:his|her|their|the|my|our|a|an|eldest|youngest|elder|younger|only|'s) son|son of)(?![a-z]))"
    r"|(?P<w>filles?|soeurs?|meres?|epouses?|femmes?|nieces?|tantes?|veuves?|daughters?|sisters?|mothers?"
    r"|wife|wives|aunts?|widows?|belle-[a-z]+|grand-mere)"
    r"|(?P<e>conjointe?s?|cousine?s?|jum(?:eaux?|elles?)|homonymes?|twins?|namesakes?|in-law"
    r"|siblings?|spouses?|fratrie))(?![a-z])"
)
_REACH = 32
_CLAUSE = re.compile(r"[\n;!?|]")
_KIN_BEFORE = re.compile(
    rf"(?<![a-z]){KIN},? (?:(?:pre)?nommee? |appelee? |named |called )?[\"'«]?$"
)
_AND = re.compile(r" (?:et|and|&|ou|or|/|puis|avec|with) | ?& ?|/")
_PARTICLE = r"(?i:(?:de|du|des|le|la|les|von|van|der|den|da|do|dos|di|del|el|al|ben|bin|e|y) |d')"
_MORE = re.compile(rf" {_PARTICLE}{{0,3}}([A-Z\u00c0-\u00de](?:['-]?[^\W\d_]{{2,}}|\.))")
_MORE_SMALL = re.compile(rf" {_PARTICLE}{{1,3}}([a-z]{{3,}})")
_BEFORE = re.compile(
    r"(?<!\w)(?:(?:Le|La|Les|Du|Des|El|Al|Ben|Bin|Van|Von|Mac|LE|LA|VAN|EL|BEN) )+$"
)
_LISTED = re.compile(r", ")


@dataclass(frozen=True, slots=True)
class Told:
    """What a text tells of its mentions, in their order.

    Attributes:
        forms: the name of each.
        marks: what tells each from all other mentions, the same whenever the text is read.
        apart: pairs that name different people.
        relatives: surnames whose bearers have relatives in the text.
    """

    forms: list[Form]
    marks: list[str]
    apart: list[tuple[int, int]]
    relatives: Relatives


def read_together(
    text: str, low: str, places: Sequence[tuple[int, int, Form]], births: Sequence[tuple[int, str]]
) -> Told:
    """What the text tells of some mentions.

    Args:
        text: as `Normalised.text`.
        low: the same in lower case without accents.
        places: of the mentions, in order, each with its name.
        births: where dates of birth begin, and their digits, in order.
    """
    if not places:
        return Told([], [], [], {})
    print_of_text = hashlib.sha256(low.encode("utf-8", "replace")).hexdigest()[:16]
    spans = [(start, end) for start, end, _ in places]
    forms = [
        _cut_off(text, low, start, end, form)
        for (start, end), form in zip(spans, _sharing(low, places), strict=True)
    ]
    return Told(
        [_kin(low, start, form) for (start, _), form in zip(spans, forms, strict=True)],
        [f"{print_of_text}:{start}" for start, _ in spans],
        list(told_apart(low, spans, births)),
        _relatives(low, spans, forms),
    )


def _cut_off(text: str, low: str, start: int, end: int, form: Form) -> Form:
    """A name with what follows it and may be more of it: `Claire` of `Claire de La Tour`."""
    if form.plural or form.suffix:
        return form
    small = len(form.names) == 1 and text[start:end].islower()
    before = _BEFORE.search(text[max(0, start - 12) : start])
    if before and form.names and text[start].isupper():
        form = replace(form, names=(f"{before.group().lower()}{form.names[0]}", *form.names[1:]))
    found = _MORE.match(text, end) or (_MORE_SMALL.match(low, end) if small else None)
    if found is None:
        return form
    rest, word = low[end : found.end()].strip(), low[found.start(1) : found.end(1)]
    known = known_of(word)
    if rest == word and (
        known & int(Known.WORD) or word in separators() or word in cues("civility")
    ):
        return form
    return replace(form, suffix=rest)


def _kin(low: str, start: int, form: Form) -> Form:
    if len(form.names) > 1 or form.civil or form.plural:
        return form
    return replace(form, kin=form.kin or bool(_KIN_BEFORE.search(low[max(0, start - 40) : start])))


def _sharing(low: str, places: Sequence[tuple[int, int, Form]]) -> list[Form]:
    """The forms, given names with the surname that they share: `Jean, Luc et Marie Martin`."""
    forms = [form for *_, form in places]
    joined = False
    for at in range(len(places) - 2, -1, -1):
        between = low[places[at][1] : places[at + 1][0]]
        linked = _AND.fullmatch(between) or (joined and _LISTED.fullmatch(between))
        form, after = forms[at], forms[at + 1]
        joined = bool(linked) and len(after.names) > 1 and _is_given(form)
        if _in_doubt(form, after, between):
            forms[at] = replace(form, kin=True)
        if joined and known_of("".join(after.names[:1])) & _GIVEN:
            gender = gender_of_flags(known_of("".join(form.names)))
            forms[at] = Form((*form.names, *after.names[-1:]), gender)
        elif linked and form.plural and form.gender and len(after.names) == 1:
            forms[at] = replace(form, plural=False)
    return forms


def _in_doubt(form: Form, after: Form, between: str) -> bool:
    """Whether a surname may stand before its given name: `Martin, Luc`."""
    return _LISTED.fullmatch(between) is not None and _is_given(form) and _is_given(after)


def _is_given(form: Form) -> bool:
    alone = len(form.names) == 1 and not form.civil and not form.title
    return alone and bool(known_of("".join(form.names)) & _GIVEN)


def _relatives(
    low: str, spans: Sequence[tuple[int, int]], forms: Sequence[Form]
) -> dict[str, frozenset[str]]:
    made: dict[str, frozenset[str]] = {}
    for (start, end), form in zip(spans, forms, strict=True):
        found = frozenset(_kinds(low, start, end))
        if found:
            surname = "".join(form.names[-1:])
            made[surname] = made.get(surname, frozenset()) | found
    for (one, form), (other, after) in pairwise(zip(spans, forms, strict=True)):
        if other[0] - one[1] < _REACH and len(form.names) == 1 and form.plural and form.gender:
            surname = "".join(after.names[-1:])
            made[surname] = made.get(surname, frozenset()) | {form.gender}
    return made


def _kinds(low: str, start: int, end: int) -> Iterator[str]:
    """Which relatives are spoken of right before or after a mention."""
    before = _CLAUSE.split(low[max(0, start - _REACH) : start])[-1]
    after = _CLAUSE.split(low[end : end + _REACH])[0]
    for piece in (before, after):
        for found in _RELATIVE.finditer(piece):
            kind = str(found.lastgroup)
            yield "" if kind == "e" else kind

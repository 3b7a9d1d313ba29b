"""Where sentences begin and end in French and English text.

A sentence ends at ".", "!", "?" or "…" with what closes it (quotes, brackets), unless the point
belongs to an abbreviation, an initial or a number, or the text goes on in lower case. Lines matter as
well: list items, rows of a table and blank lines separate, and a line that goes on in lower case
after another was only wrapped.
"""

import re
from collections.abc import Iterator

# Abbreviations are written without their last point, in lower case.
_COMMON = (
    "dr drs pr prof sr jr cf ch coll env exp ibid max min approx op.cit sept oct nov dec etc vs pp"
)
_FRENCH = """
mme mmes mlle mlles mgr ste col cdt lt app bd boul cons éd fasc p.ex p.-ex préc réf resp sect suiv tél
trad c.-à-d c.à.d n.b s.a s.a.s s.a.r.l j.-c av.j.-c janv févr avr juil déc obs parag
"""
_ENGLISH = """
mr mrs ms gen lt i.e e.g inc ltd co corp bros llc intl dept ref viz u.s u.k u.n e.u a.m p.m b.c a.d
ph.d d.c n.b feb apr aug
"""
_ABBREVIATIONS = {
    "fr": frozenset(f"{_COMMON} {_FRENCH} inc ltd corp u.s".split()),
    "en": frozenset(f"{_COMMON} {_ENGLISH} mme mlle s.a".split()),
    "simple": frozenset(f"{_COMMON} {_FRENCH} {_ENGLISH}".split()),
}
# These end a sentence as often as not; the next word decides (upper case: a new sentence).
_MAY_END = """
etc u.s u.k u.n e.u a.m p.m b.c a.d d.c ph.d inc ltd co corp llc s.a s.a.s s.a.r.l j.-c av.j.-c jr sr
max min bros ibid suiv
"""
_ABBREVIATIONS_THAT_MAY_END = frozenset(_MAY_END.split())
_NUMBERED = "no nos nr num art p pp s v r n fig vol chap sect tab al ann"
_BEFORE_NUMBER = frozenset(_NUMBERED.split())

_CLOSING = "»”’\"')\\]}"
# Possessive, and never begun inside a run: a page of dots or of spaces is read once.
_END = re.compile(
    rf"(?:(?<![.!?…])(?P<mark>[.!?…]++)(?P<close>(?:\s?»|[{_CLOSING}])*+)(?=\s)"
    r"|(?<![ \t])(?P<lines>[ \t]*+\n))\s*+"
)
_LAST_WORD = re.compile(r"[^\s(«“\"'’\[]*$")
_LIST_MARK = re.compile(r"(?:[-–—•●▪◦‣*✓➢]|\(?\d{1,3}[.)°]|\(?[a-zA-Z][.)])\s")
_NUMBER_MARK = re.compile(r"\s*\(?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5})$")
_OPENING = "«“\"'‘([{¿¡"
_POINTED_CAPITALS = re.compile(r"(?:[A-Z]\.)+[A-Z]")
_LONGEST_ABBREVIATION = 24


def sentences(text: str, language: str) -> list[tuple[int, int]]:
    """The sentences of `text` as (start, end) offsets, in order, without the white space around them.

    Every character that is not white space is in exactly one of them.

    Args:
        text: Any text; blank lines, list items and rows joined by " | " separate.
        language: "fr", "en" or "simple", which knows the abbreviations of both.
    """
    found: list[tuple[int, int]] = []
    start = len(text) - len(text.lstrip())
    for boundary, following in _boundaries(text, start, language):
        end = boundary
        while end > start and text[end - 1].isspace():  # form feeds and their like
            end -= 1
        if end > start:
            found.append((start, end))
            start = following
    end = len(text.rstrip())
    if end > start:
        found.append((start, end))
    return found


def next_mark(text: str, place: int = 0) -> re.Match[str] | None:
    """What may end a sentence, from an offset on, with the white space after it."""
    return _END.search(text, place)


def sentence_end(text: str, start: int, mark: re.Match[str], language: str) -> int | None:
    """Where the sentence that began at `start` ends, if `mark` ends it; the text goes on after the mark."""
    following = mark.end()
    if mark["mark"] is None:
        end = mark.start()
        return end if _line_ends(text, start, end, following) else None
    end = mark.end("close")
    ends = _ends(text, start, mark, language)
    if not ends and "\n" in text[end:following]:
        ends = _line_ends(text, start, end, following)
    return end if ends else None


def _boundaries(text: str, start: int, language: str) -> Iterator[tuple[int, int]]:
    """Each end of a sentence, with the start of the next one."""
    for mark in _END.finditer(text):
        if mark.end() >= len(text):
            return
        end = sentence_end(text, start, mark, language)
        if end is not None:
            yield end, mark.end()
            start = mark.end()


def _ends(text: str, start: int, match: re.Match[str], language: str) -> bool:
    """Whether the mark ends a sentence, given what stands before and after it."""
    following = text[match.end()]
    if following in _OPENING:
        after = text[match.end() : match.end() + 4].lstrip(_OPENING + " \u00a0\u202f")[:1]
    else:
        after = following
    if after.islower():
        return False
    if match["mark"] != ".":
        return match["mark"][-1] != "…" or not after.isdigit()
    if match["close"]:
        return True
    if _NUMBER_MARK.fullmatch(text, start, match.start()):
        return False  # the mark of a list item: "1. Définition"
    before = text[max(start, match.start() - _LONGEST_ABBREVIATION) : match.start()]
    return _point_ends(_last_word(before), after, language)


def _point_ends(word: str, after: str, language: str) -> bool:
    """Whether a point ends a sentence, between `word` and the character `after`, not lower case."""
    lowered = word.lower()
    if lowered in _BEFORE_NUMBER and after.isdigit():
        return False
    if word == "MM" or (len(word) == 1 and word.isupper()):
        return False  # "MM. Durand et Petit"; an initial: "J. Martin", "M. Durand"
    if lowered in _ABBREVIATIONS_THAT_MAY_END or _POINTED_CAPITALS.fullmatch(word):
        return after.isupper() or not after.isalnum()
    return lowered not in _ABBREVIATIONS[language]


def _last_word(before: str) -> str:
    match = _LAST_WORD.search(before)
    return match.group() if match else ""


def _line_ends(text: str, start: int, end: int, following: int) -> bool:
    """Whether the end of a line ends a sentence: not where the line was only wrapped."""
    if text.count("\n", end, following) > 1:
        return True
    if _LIST_MARK.match(text, following):
        return True
    line = text[max(text.rfind("\n", start, end) + 1, start) : end]
    next_end = text.find("\n", following)
    next_line = text[following : next_end if next_end >= 0 else len(text)]
    if " | " in line or " | " in next_line:
        return True
    if line.endswith((":", ";")):
        return True
    return not text[following].islower()

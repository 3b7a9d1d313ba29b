"""Further mentions of people whom a text has named: `dufour`, `C. Dufour`, `DUFOUR Claire`, `Dufour's`."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from centaure.guardrails.personal_data.names.lists import Known, cues, known_of
from centaure.guardrails.personal_data.names.matching import Person, core_of, parts_of, pieces_of

_WORD = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")
_IS_WORD = int(Known.WORD)
_AFTER = re.compile(r"(?:'s)? ([a-z]+)")
_PARTICLES = re.compile(r"\b(?:(?:le|la|les|de|du|des|van|von|der|den|el|al|ben|dos|da|di) ){1,2}$")
_SHORTEST = 3
_BETWEEN = frozenset([" ", "-"])


@dataclass(frozen=True, slots=True)
class Parts:
    """What is looked for.

    Attributes:
        words: parts of names, without their particles.
        together: words that stand in one name with each.
        with_particles: those that have some, by their last word: `la tour` and `de la tour` of `tour`.
    """

    words: frozenset[str]
    together: dict[str, frozenset[str]]
    with_particles: dict[str, tuple[str, ...]]


def parts_to_look_for(people: Iterable[Person], found: Iterable[str]) -> Parts:
    """The parts by which the people found and those known before may be named again."""
    whole: set[str] = set()
    together: dict[str, frozenset[str]] = {}
    for names in [*(person.names for person in people), *map(parts_of, found)]:
        whole.update(names)
        cores = frozenset(pieces_of(names))
        for core in cores:
            together[core] = together.get(core, frozenset()) | cores
    held = {core_of(part) for part in whole}
    pieces = {
        piece for part in held if "-" in part and not known_of(part) for piece in part.split("-")
    }
    words = frozenset(
        part for part in held | pieces if len(part) >= _SHORTEST or part in _short(held)
    )
    longer: dict[str, tuple[str, ...]] = {}
    for part in sorted(whole, key=len, reverse=True):
        if " " in part:
            longer[core_of(part)] = (*longer.get(core_of(part), ()), part)
    return Parts(words, together, longer)


def _short(held: set[str]) -> set[str]:
    """Names of two letters are looked for too, unless they are words: `Vu`, `Ly`, not `An`, `Le`."""
    words = cues("particle") | cues("link") | cues("never") | cues("article")
    return {one for one in held if len(one) == 2 and one not in words}


def carried(
    text: str, low: str, parts: Parts, taken: Sequence[tuple[int, int]]
) -> Iterator[tuple[int, int]]:
    """Places that repeat a part of a name, those side by side joined, outside of what is taken.

    A part that is also a word of the language counts in lower case only between cues of a person.

    Args:
        text: as `Normalised.text`.
        low: the same in lower case without accents.
        parts: as `parts_to_look_for` gives them.
        taken: places that are found already, in order.
    """
    if not parts.words:
        return
    start = end = -1
    last = ""
    held = (-1, -1)
    for here, stop in _free(low, parts.words, taken):
        word = low[here:stop]
        if end >= 0 and low[end:here] in _BETWEEN and word in parts.together.get(last, ()):
            end, last = stop, word
            continue
        if not _names(text, low, here, stop):
            held = here, stop
            continue
        if end >= 0:
            yield _with_particles(text, low, start, parts), end
        last = word
        start, end = held[0] if held[0] >= 0 and low[held[1] : here] in _BETWEEN else here, stop
    if end >= 0:
        yield _with_particles(text, low, start, parts), end


def _free(
    low: str, parts: frozenset[str], taken: Sequence[tuple[int, int]]
) -> Iterator[tuple[int, int]]:
    """Words that are parts of names, outside of what is taken."""
    places = iter(taken)
    place = next(places, None)
    for found in _WORD.finditer(low):
        if found.group() not in parts and "'" not in found.group():
            continue
        here, stop = found.span()
        while place is not None and place[1] <= here:
            place = next(places, None)
        word = found.group()
        here += _elision(word, parts)
        if word.endswith("'s"):
            stop -= 2
        free = place is None or stop <= place[0]
        if free and low[here:stop] in parts and not _apart(low, here, stop):
            yield here, stop


def _elision(word: str, parts: frozenset[str]) -> int:
    cut = word.find("'") + 1
    return cut if 0 < cut <= 3 and word not in parts else 0


def _apart(low: str, start: int, end: int) -> bool:
    """Whether the word is a part of an address or an identifier."""
    before, after = low[start - 1 : start], low[end : end + 1]
    if (
        (before and before in "@_\\#.-")
        or before.isdigit()
        or (after and after in "@_\\-")
        or after.isdigit()
    ):
        return before != "-" or low[start - 2 : start - 1] not in ("\n", "", " ")
    return after == "." and low[end + 1 : end + 2].isalnum()


def _names(text: str, low: str, start: int, end: int) -> bool:
    """Whether a word that is a part of somebody's name names somebody here."""
    word = low[start:end]
    small = text[start].islower()
    ordinary = (
        bool(known_of(word) & _IS_WORD) or word in cues("date") or word in cues("thing-after")
    )
    before = low[max(0, start - 30) : start].split()
    last = before[-1].strip("«\"'(:,;") if before else ""
    if last in cues("thing-before") or (
        last in cues("particle") and len(before) > 1 and before[-2] in cues("thing-before")
    ):
        return False
    after = _AFTER.match(low, end)
    following = after.group(1) if after else ""
    if small and end - start < _SHORTEST:
        return False
    if following in cues("never") and not small and following not in cues("verb"):
        return False
    if not ordinary or last in cues("article") or following in cues("thing-after"):
        return not ordinary
    spoken = (
        following in cues("verb")
        or last in cues("civility")
        or last in cues("call")
        or last in cues("kin")
    )
    if small:
        return spoken and last not in cues("verb")
    begins = (
        not before
        or low[max(0, start - 2) : start].strip(" ") in ("\n", ".", "!", "?", "-", "•")
        or (before[-1][-1:] in ".!?")
    )
    return not begins or spoken or following == "" or last in cues("link")


def _with_particles(text: str, low: str, start: int, parts: Parts) -> int:
    """Where a surname begins with its particle: `Le Meur`, in lower case only as somebody bears it."""
    word = _WORD.match(low, start)
    for part in parts.with_particles.get(word.group() if word else "", ()):
        begins = start - len(part) + len(word.group()) if word else start
        if begins >= 0 and low.startswith(part, begins) and not low[begins - 1 : begins].isalnum():
            return begins
    found = _PARTICLES.search(low[max(0, start - 12) : start])
    if found and text[start - len(found.group())].isupper():
        return start - len(found.group())
    return start

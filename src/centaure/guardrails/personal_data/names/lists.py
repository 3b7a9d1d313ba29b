"""Lists of given names, surnames, places and common words; read when the first text asks for them."""

from enum import IntFlag
from functools import cache
from importlib.resources import files

_FOLDER = files(__name__.rpartition(".")[0]).joinpath("lists")


class Known(IntFlag):
    """What the lists know of a word; a given name is USUAL where the lists of France have it."""

    NOTHING = 0
    GIVEN = 1
    FAMILY = 2
    MAN = 4
    WOMAN = 8
    PLACE = 16
    WORD = 32
    USUAL = 64


_LETTERS = {
    "g": Known.GIVEN,
    "f": Known.FAMILY,
    "m": Known.MAN,
    "w": Known.WOMAN,
    "p": Known.PLACE,
}
_GIVEN, _FAMILY, _WORD = int(Known.GIVEN), int(Known.FAMILY), int(Known.WORD)
_BOTH = int(Known.MAN | Known.WOMAN)


def known_of(word: str) -> int:
    """What the lists know of a word, given in lower case without accents: flags of `Known`.

    A hyphenated name is known by its first part: `jean-marc`, `anne-gaelle`.
    """
    lists = _lists()
    found = lists.get(word)
    if found is None and "-" in word:
        first, _, last = word.partition("-")
        one, other = lists.get(first, 0), lists.get(last, 0)
        found = one & (_GIVEN | _BOTH) if one & other & _GIVEN else one & other & _FAMILY
        found |= one & other & _WORD
    return found or 0


def cues(name: str) -> frozenset[str]:
    """The words of a section of `cues.txt`: what stands around names and tells of them."""
    return _cues()[name]


@cache
def _cues() -> dict[str, frozenset[str]]:
    held: dict[str, frozenset[str]] = {}
    for line in _FOLDER.joinpath("cues.txt").read_text("utf-8").splitlines():
        name, colon, words = line.partition(":")
        if colon and not line.startswith("#"):
            held[name] = held.get(name, frozenset()) | frozenset(words.split())
    return held


@cache
def _lists() -> dict[str, int]:
    """Each word of the lists, with the flags of `Known` as a plain number, which is faster to test."""
    held: dict[str, int] = {}
    for name in ("french.txt", "france.txt", "world.txt"):
        for line in _FOLDER.joinpath(name).read_text("utf-8").splitlines():
            if line.startswith("#"):
                continue
            letters, *names = line.split()
            flags = sum(int(_LETTERS[letter]) for letter in letters)
            if "g" in letters and name != "world.txt":
                flags |= int(Known.USUAL)
            for one in names:
                held[one] = held.get(one, 0) | flags
    for line in _FOLDER.joinpath("words.txt").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            for one in line.split():
                held[one] = held.get(one, 0) | _WORD
    return held


def gender_of(flags: int) -> str:
    """`m` or `w` where the lists give a name to men or to women alone, else nothing."""
    found = flags & _BOTH
    return "m" if found == int(Known.MAN) else "w" if found == int(Known.WOMAN) else ""

"""Placeholders as language models write them back."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import takewhile

from centaure.guardrails.pseudonyms.placeholders import (
    ACRONYMS,
    BREAKS,
    KINDS,
    PREFIXES,
    Placeholder,
)

INVISIBLE = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufeff")


class _Signs:
    """Some signs, and all that they begin with."""

    def __init__(self, signs: Iterable[str]) -> None:
        self.all = frozenset(signs)
        self.beginnings = {sign[:size] for sign in self.all for size in range(1, len(sign))}


_PAIRS = {
    "[": "]", "<": ">", "{": "}", "(": ")", "【": "】", "［": "］", "〔": "〕", "⟨": "⟩",
    "\\[": "\\]", "&lt;": "&gt;", "&#91;": "&#93;", "%5b": "%5d", "%3c": "%3e", "%7b": "%7d",
}  # fmt: skip
_OPENING, _CLOSING = _Signs(_PAIRS), _Signs(_PAIRS.values())
STARTS = frozenset(opening[0] for opening in _PAIRS)
_MARKUP = frozenset("*_`~")
_NO_MARKS: frozenset[str] = frozenset()
_TO = _Signs(("à", "to", "-", "–", "…", "..", "..."))
_MOST_DIGITS = 6
_LIST = 2
"""Digits after a comma that may go on with a list of numbers, `PERSON_1,2`: more are something else."""
_MOST_FILLING = 6
_AHEAD = 40
"""Characters after a placeholder whose closing bracket is missing, among which it may stand further on."""


class More(Exception):
    """The text ends where what follows decides."""


@dataclass(frozen=True, slots=True)
class Written:
    """A placeholder as a text writes it.

    Attributes:
        start, end: its place, with the brackets that belong to it.
        placeholder: which.
        pair: the brackets taken away with it that may have stood around the value itself, such as `()`.
        inner: the same place without these.
        ending: what was written inside its brackets after it, such as `'s`.
        encoded: its brackets were written as in a URL.
    """

    start: int
    end: int
    placeholder: Placeholder
    pair: str = ""
    inner: tuple[int, int] = (0, 0)
    ending: str = ""
    encoded: bool = False


def read(text: str, at: int, before: str, *, over: bool) -> Written | None:
    """The placeholder that begins at a character, however a model has written it.

    Args:
        text: a text, or what has come of it.
        at: where it would begin.
        before: what stands there before it, as much as is known.
        over: nothing follows `text`.

    Raises:
        More: what follows decides; never where `over`.
    """
    return _Reader(text, over).read(at, before)


@dataclass(frozen=True, slots=True)
class _Core:
    """Kind and number: their place, the letters of the kind, what joins them, and which they are."""

    start: int
    end: int
    word: str
    joint: str
    placeholder: Placeholder
    spaced: bool

    @property
    def word_is_whole(self) -> bool:
        """Whether it is one word: those of prose, `adresse IP_1`, may stand together by chance."""
        return (
            not self.spaced or self.word.lower() == self.placeholder.label.replace("_", "").lower()
        )


def _in_round_brackets(core: _Core, before: str) -> bool:
    """Whether round brackets belong to a placeholder: not those of a function or of a link."""
    if before[-1:].isalnum() or before[-1:] in ("]", "_"):
        return False
    return core.joint == "_" or core.word.isupper()


class _Reader:
    def __init__(self, text: str, over: bool) -> None:
        self.text = text
        self.over = over

    def at(self, place: int) -> str:
        """The character at a place; empty past the end."""
        if place < len(self.text):
            return self.text[place]
        if self.over:
            return ""
        raise More

    def read(self, start: int, before: str) -> Written | None:
        opening = self._token(start, _OPENING)
        return self._bracketed(start, opening, before) if opening else self._bare(start, before)

    def _bracketed(self, start: int, opening: str, before: str) -> Written | None:
        inside = start + len(opening)
        double = len(opening) == 1 and self._token(inside, _OPENING) == opening
        core = self._core(self._filling(inside + double, _MARKUP))
        if core is None:
            return None
        ending = self._ending(core.end)
        place = self._filling(core.end + len(ending), _MARKUP)
        closing = self._token(place, _CLOSING)
        if double:
            return self._doubled(start, opening, core, place, closing)
        if not closing:
            return self._unclosed(start, opening, core)
        if (opening == "\\[") != (closing == "\\]"):
            return None
        if opening == "(" and not _in_round_brackets(core, before):
            return None
        exact = opening == "[" and (core.start, core.end) == (inside, place)
        pair = "" if exact else opening + closing
        end, inner = place + len(closing), (core.start, core.end)
        encoded = opening.startswith("%")
        return Written(start, end, core.placeholder, pair, inner, ending, encoded)

    def _doubled(
        self, start: int, opening: str, core: "_Core", place: int, closing: str
    ) -> Written | None:
        if not closing or self._token(place + 1, _CLOSING) != closing:
            return None
        pair, end = opening + closing, place + 2
        return Written(start, end, core.placeholder, pair, (start + 1, end - 1))

    def _unclosed(self, start: int, opening: str, core: "_Core") -> Written | None:
        """`[PERSON_1 has left`: its bracket was lost, unless one further on closes it."""
        if opening not in ("[", "<", "{") or core.joint != "_" or not self._apart(core.end):
            return None
        for place in range(core.end, core.end + _AHEAD):
            letter = self.at(place)
            if letter in _CLOSING.all:
                return None
            if letter in ("", "\n", "[", "<", "{"):
                break
        inner = (start + len(opening), core.end)
        return Written(start, core.end, core.placeholder, opening, inner)

    def _bare(self, start: int, before: str) -> Written | None:
        """Without brackets: it must look like no word of everyday prose."""
        if before[-1:].isalnum() or before[-1:] in ("_", "-", "\\", "@"):
            return None
        core = self._core(start)
        if core is None:
            return None
        if not core.word_is_whole:
            return None
        end = core.end
        if not self._apart(end) or self._ranged(end) or not self._stands_alone(core):
            return None
        if self.at(end) == "]" and not _opened(before):
            return Written(start, end + 1, core.placeholder, "]", (start, end))
        return Written(start, end, core.placeholder, "", (start, end))

    def _stands_alone(self, core: "_Core") -> bool:
        if core.word.isupper():
            if core.joint == "_":
                return True
            if core.word.lower() in ACRONYMS or core.joint not in ("", " "):
                return False
            return not self._counted(core.end)
        if core.joint != "_":
            return False
        if core.word[:1].isupper():
            return True
        return not self._named(core.end)

    def _named(self, end: int) -> bool:
        """`person_1 = 3`, `person_1(` or `"person_1": 3`: a name in a program or a key."""
        quoted = self.at(end) in ('"', "'")
        place = end + 1 if quoted else end
        if self.at(place) == "(":
            return True
        sign = self.at(self._filling(place, _NO_MARKS))
        return sign == "=" or (quoted and sign == ":")

    def _counted(self, end: int) -> bool:
        """`PERSON 1 OF 3`, `PERSON 1 / 3`: one of so many."""
        for place in range(end, end + _MOST_FILLING + 4):
            letter = self.at(place)
            if letter.isdecimal():
                return True
            if letter in ("", "\n", ".", ","):
                return False
        return False

    def _ranged(self, end: int) -> bool:
        """`PERSON_1 to 3`: several, of whom only the first is named."""
        if self.at(end) and self.at(end) in "-–…":
            return self.at(end + 1).isdecimal()
        place = self._filling(end, _NO_MARKS)
        sign = self._token(place, _TO)
        if not sign:
            return False
        first = last = self._filling(place + len(sign), _NO_MARKS)
        while last - first < _MOST_DIGITS and self.at(last).isdecimal():
            last += 1
        return last > first and self.at(last) in _CLOSING.all

    def _core(self, start: int) -> "_Core | None":
        """Kind and number from a place on."""
        spelt, place, end = "", start, start
        while True:
            letter = self.at(place)
            if letter in INVISIBLE and spelt:
                place += 1
                continue
            plain = _plain(letter)
            if plain and spelt + plain in PREFIXES:
                spelt += plain
                end = place = place + 1
                continue
            if spelt in BREAKS and letter and (letter in "_-\\'’" or letter.isspace()):
                place += 1
                if place - end <= _MOST_FILLING:
                    continue
            break
        if spelt not in KINDS:
            return None
        joint, place = self._joint(end)
        if joint is None:
            return None
        first = place
        while place - first <= _MOST_DIGITS and self.at(place).isdecimal():
            place += 1
        if not 0 < place - first <= _MOST_DIGITS:
            return None
        placeholder = Placeholder(KINDS[spelt], int(self.text[first:place]))
        word = "".join(letter for letter in self.text[start:end] if letter.isalpha())
        spaced = any(letter.isspace() for letter in self.text[start:end])
        return _Core(start, place, word, joint, placeholder, spaced)

    def _joint(self, place: int) -> tuple[str | None, int]:
        """What stands between a kind and its number, without spaces round it: `_`, `-`, ` ` ..."""
        signs, first, spaced = "", place, False
        while True:
            letter = self.at(place)
            if letter and letter in "_-:#°":
                signs += letter
            elif letter.isspace():
                spaced = True
            elif letter not in INVISIBLE and letter != "\\":
                break
            place += 1
            if place - first > _MOST_FILLING:
                return None, place
        if signs in ("", "_", "-", ":", "#", "_#"):
            return signs[:1] or (" " if spaced else ""), place
        return None, place

    def _ending(self, place: int) -> str:
        letter = self.at(place)
        if letter and letter in "'’" and self.at(place + 1) == "s":
            return letter + "s"
        return "s" if letter == "s" else ""

    def _apart(self, place: int) -> bool:
        """Whether a placeholder without closing bracket ends here: a plural may follow, no more digits."""
        letter = self.at(place)
        if letter == "s":
            letter = self.at(place + 1)
        if letter in (".", "/"):
            return not self.at(place + 1).isdecimal()
        if letter in (",", ":"):
            digits = [place + 1 + at for at in range(_LIST + 1)]
            seen = sum(1 for _ in takewhile(lambda at: self.at(at).isdecimal(), digits))
            return seen == 0 or seen > _LIST
        return not (letter.isalnum() or letter == "_")

    def _filling(self, place: int, marks: frozenset[str]) -> int:
        """Past spaces, emphasis and what no screen shows."""
        first = place
        while place - first < _MOST_FILLING:
            letter = self.at(place)
            if not letter or not (letter in marks or letter in INVISIBLE or letter.isspace()):
                break
            place += 1
        return place

    def _token(self, place: int, signs: _Signs) -> str:
        """The longest of some signs that stands at a place, in lower case; empty: none."""
        seen = self.at(place).lower()
        found = seen if seen in signs.all else ""
        while seen in signs.beginnings and (letter := self.at(place + len(seen))):
            seen += letter.lower()
            found = seen if seen in signs.all else found
        return found


def _opened(before: str) -> bool:
    """Whether a bracket of this line is still open."""
    line = before.rpartition("\n")[2]
    return line.count("[") > line.count("]")


def _plain(letter: str) -> str:
    """A letter without case and accent; empty for all else."""
    if not letter.isalpha():
        return ""
    return unicodedata.normalize("NFKD", letter)[0].lower()

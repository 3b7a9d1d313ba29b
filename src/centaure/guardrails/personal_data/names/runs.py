"""Runs of words of a text that could be a name: `Mme Claire DUFOUR`, `J.-P. de La Tour`, `Dufour, Claire`."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

from centaure.guardrails.personal_data.names.lists import Known, cues, known_of
from centaure.guardrails.personal_data.names.tokens import Token

_NAME = int(Known.GIVEN | Known.FAMILY)
_GIVEN = int(Known.GIVEN)
_FAMILY = int(Known.FAMILY)
_ONLY_WORD = int(Known.WORD)
_PLACE = int(Known.PLACE)
_USUAL = int(Known.USUAL)
_LONGEST = 6
_FULL = 2
_PARTICLES = 3
_ABBREVIATED = frozenset(["m", "me", "pr", "mm"])


@dataclass(slots=True)
class Run:
    """Words that could be a name.

    Attributes:
        tokens: at least one; particles among them.
        civility: the word of civility before, or empty.
        role: whether a word for a role or a relative stands before it, with a capital.
        label: whether the word before, with a capital, is the label of a field: `NOM Dufour`.
        inverted: a comma stands between surname and given name.
    """

    tokens: list[Token]
    civility: str = ""
    role: bool = False
    label: bool = False
    inverted: bool = False
    start: int = field(init=False)
    end: int = field(init=False)

    def __post_init__(self) -> None:
        self.start, self.end = self.tokens[0].start, self.tokens[-1].end

    @property
    def names(self) -> list[Token]:
        """Its words but the particles."""
        return [token for token in self.tokens if token.capital] or self.tokens


@cache
def separators() -> frozenset[str]:
    """Words that are no part of a name even with a capital, unless other words say so."""
    names = "never greeting org thing-before role kin date nation closing thing-after article link"
    made = frozenset[str]().union(*(cues(name) for name in names.split()))
    return made | frozenset(word for word in cues("label-name") if not known_of(word) & _NAME)


def runs_of(text: str, tokens: list[Token]) -> Iterator[Run]:
    """The runs of a text, in its order; they do not overlap.

    Args:
        text: as `Normalised.text`.
        tokens: of `tokens_of`.
    """
    reader = _Reader(text, tokens)
    opening = _Opening()
    at = 0
    while at < len(tokens):
        token = tokens[at]
        if text[opening.end : token.start].strip(". "):
            opening = _Opening()
        opened = reader.opening(at, opening)
        if opened is not None:
            opening = opened
            at += 1
            continue
        stop, inverted = reader.extended(at, opening.civility)
        kept = reader.trimmed(at, stop, opening.civility)
        if kept:
            yield Run(kept, opening.civility, opening.role, opening.label, inverted)
        opening = _Opening()
        at = stop


@dataclass(frozen=True, slots=True)
class _Opening:
    """What stands before a name and tells of it; `end` is past its last character."""

    civility: str = ""
    role: bool = False
    label: bool = False
    end: int = 0


class _Reader:
    def __init__(self, text: str, tokens: list[Token]) -> None:
        self.text = text
        self.tokens = tokens

    def opening(self, at: int, held: _Opening) -> _Opening | None:
        """What a word that begins no name tells of the next; nothing where it may begin one."""
        token = self.tokens[at]
        word = token.word
        if word in cues("civility") or word in cues("civility-plural"):
            if self._titles(at):
                return _Opening(civility=word, end=token.end)
            if not token.capital or (
                word in cues("abbreviated") and word != "me" and not token.initial
            ):
                return _Opening()
        if not token.capital:
            return None if held.civility else _Opening()
        if self._separates(at, held.civility):
            role = word in cues("role") or word in cues("kin")
            return _Opening(role=role, label=word in cues("label-name"), end=token.end)
        if word in cues("label-name") and not held.civility and not token.known & _NAME:
            return _Opening(label=True, end=token.end)
        return None

    def extended(self, at: int, civility: str) -> tuple[int, bool]:
        """Past the last token of the run that begins at one, and whether a comma inverts it."""
        stop = at + 1
        inverted = False
        while stop < len(self.tokens) and stop - at < _LONGEST:
            last, after = self.tokens[stop - 1], self.tokens[stop]
            gap = self.text[last.end : after.start]
            if gap == ", " and not inverted and _inverts(self.tokens[at:stop], after):
                inverted = True
            elif not _joins(gap, last, after):
                break
            if not self._goes_on(at, stop, civility) or self._begins_another(at, stop):
                break
            stop += 1
        return stop, inverted

    def trimmed(self, at: int, stop: int, civility: str) -> list[Token]:
        """A run without particles at its end; nothing where no more than initials or a particle is left."""
        kept = self.tokens[at:stop]
        while kept and not kept[-1].capital:
            kept.pop()
        if all(one.initial for one in kept):
            return []
        if len(kept) == 1 and kept[0].word in cues("particle") and not civility:
            return []
        return kept

    def _titles(self, at: int) -> bool:
        """Whether a word of civility stands before a name, and is no initial, pronoun or common word."""
        token, after = self.tokens[at], self.tokens[at + 1 : at + 2]
        if self.text[token.end : token.end + 1] == "." and token.word not in cues("abbreviated"):
            return False
        rest = self.text[token.end : token.end + 4].lstrip(". ")
        if not after or not rest or not (after[0].capital or rest[0].islower()):
            return False
        near = after[0].start - token.end
        if token.word in _ABBREVIATED and not token.upper and not token.initial:
            return near <= 2
        return near <= 4 or rest[0].islower()

    def _separates(self, at: int, civility: str) -> bool:
        """Whether a word with a capital that could begin a name begins none."""
        token = self.tokens[at]
        if token.word not in separators() or (token.initial and self.text[token.end - 1] == "."):
            return False
        if token.word in cues("never"):
            return True
        if token.word in cues("particle"):
            return not self._particle_begins(at, civility)
        return not civility and not self._opens(at)

    def _particle_begins(self, at: int, civility: str) -> bool:
        """Whether a particle with a capital begins a name: `Mme Le Meur`, `LE DANTEC`, not `Le Petit`."""
        token, after = self.tokens[at], self.tokens[at + 1 : at + 2]
        if not after or not after[0].capital or self.text[token.end : after[0].start].strip():
            return False
        if after[0].word in separators() or after[0].known & _ONLY_WORD:
            return False
        accented = not self.text[token.start : token.end].isascii()
        return bool(civility) or (token.upper and after[0].upper) or accented

    def _opens(self, at: int) -> bool:
        """Whether a word that is none of a name all the same begins one: `April Young`, not `Rue Dupont`."""
        token, after = self.tokens[at], self.tokens[at + 1 : at + 2]
        if not token.known & _GIVEN or not after or self.text[token.end : after[0].start] != " ":
            return False
        if any(
            token.word in cues(name) for name in ("thing-before", "link", "greeting", "closing")
        ):
            return False
        return (
            after[0].capital
            and bool(after[0].known & _FAMILY)
            and after[0].word not in separators()
        )

    def _goes_on(self, at: int, stop: int, civility: str) -> bool:
        """Whether the token at `stop`, which stands beside a run, belongs to it."""
        last, after = self.tokens[stop - 1], self.tokens[stop]
        if after.word in cues("particle") and not after.initial:
            return self._particle_joins(at, stop, civility)
        if not after.capital:
            return False
        if after.word in separators():
            return self._is_surname(stop) or (stop - at > 1 and last.word in cues("particle"))
        if after.known == _ONLY_WORD and not civility and not _gives(last):
            return False
        if not after.initial or self.text[after.end - 1] == ".":
            return not (after.initial and last.known == _ONLY_WORD)
        beyond = self.tokens[stop + 1 : stop + 2]
        return bool(beyond) and beyond[0].capital and beyond[0].start == after.end + 1

    def _begins_another(self, at: int, stop: int) -> bool:
        """Whether the next person's name follows at once: `Paul Martin Claire Roy`, `ROY Luc PETIT Anne`."""
        held, after, beyond = (
            self.tokens[at:stop],
            self.tokens[stop],
            self.tokens[stop + 1 : stop + 2],
        )
        if len(held) < _FULL or not after.capital or not all(one.capital for one in held):
            return False
        if not beyond or self.text[after.end : beyond[0].start] != " " or not beyond[0].capital:
            return False
        first, last = held[0], held[-1]
        if first.upper and not last.upper and after.upper and not beyond[0].upper:
            return bool(last.known & _GIVEN)
        given = after.known & _USUAL and not after.known & _FAMILY
        named = bool(first.known & _GIVEN and last.known & _FAMILY and given)
        return named and bool(beyond[0].known & _FAMILY or not beyond[0].known)

    def _particle_joins(self, at: int, stop: int, civility: str) -> bool:
        """Whether particles from `stop` on join what stands before them to a name after them."""
        last, here = self.tokens[stop - 1], stop
        while here < len(self.tokens) and here - stop < _PARTICLES and self._follows(here, stop):
            here += 1
        particles, after = self.tokens[stop:here], self.tokens[here : here + 1]
        if not particles or not after or not self._is_name(particles[-1], after[0]):
            return False
        name = after[0]
        if any(len(one.word) == 1 and one.word != "d" for one in particles):
            return bool(last.known & _FAMILY and name.known & _FAMILY)
        sure = all(one.word in cues("sure-particle") for one in particles)
        if sure or particles[0].capital or any(not one.capital for one in self.tokens[at:stop]):
            return True
        if last.known & _USUAL and any(one.capital for one in particles):
            return True
        known = bool(last.known & _GIVEN) and not last.known & _ONLY_WORD
        return bool(civility) or (known and not name.known & _PLACE)

    def _is_name(self, particle: Token, token: Token) -> bool:
        """Whether a token right after a particle may be the name that it belongs to."""
        gap = self.text[particle.end : token.start]
        return (
            token.capital
            and gap in (" ", "'")
            and (particle.capital or token.word not in separators())
        )

    def _follows(self, here: int, stop: int) -> bool:
        """Whether a token is a particle, and stands right after the one before."""
        token = self.tokens[here]
        if token.initial or token.word not in cues("particle"):
            return False
        return here == stop or self.text[self.tokens[here - 1].end : token.start] in (" ", "'")

    def _is_surname(self, stop: int) -> bool:
        """Whether a word for a place, a day or a thing is a surname: `Mark Lane`, not `Mark Lane Ltd`."""
        last, after = self.tokens[stop - 1], self.tokens[stop]
        if not after.known & _NAME or after.word in cues("never") or not _gives(last):
            return False
        beyond = self.tokens[stop + 1 : stop + 2]
        named = beyond and beyond[0].start == after.end + 1 and beyond[0].word in cues("org")
        return not named and self.text[after.end : after.end + 2] != " &"


def _joins(gap: str, last: Token, after: Token) -> bool:
    if last.initial and gap in ("", " ", "-"):
        return True
    if last.word == "d" and gap == "'":
        return True
    return gap == " " or (gap in ("  ", "   ") and (last.upper or after.upper))


def _inverts(held: list[Token], after: Token) -> bool:
    """Whether a comma stands between surname and given name: `LEMOINE, Jeanne`, `BRANDT, W.`."""
    return (
        all(one.upper or not one.capital for one in held)
        and after.capital
        and not after.upper
        and (after.initial or bool(after.known & _GIVEN) or not after.known)
    )


def _gives(last: Token) -> bool:
    """Whether a surname may follow: after a given name or an initial."""
    return bool(last.known & _GIVEN) or last.initial or (not last.known and "-" in last.word)

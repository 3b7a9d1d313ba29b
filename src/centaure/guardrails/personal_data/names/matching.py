"""Whether a name as it is written may be somebody's: only where no reader would think of another person."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from centaure.guardrails.normalisation import folded
from centaure.guardrails.personal_data.names.lists import Known, cues, known_of

_WRITTEN = re.compile(r"[^\s,.]+(?:\.-[^\s,.]+)*\.?")
_GIVEN, _USUAL = int(Known.GIVEN), int(Known.USUAL)
_KEPT = frozenset(
    ["le", "la", "les", "ben", "bin", "ibn", "bint", "el", "al", "abu", "bou", "ould"]
)
"""Particles without which a surname is another one: `Roy` is not `Le Roy`."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody whom a conversation names.

    Attributes:
        number: in the conversation, from 1, in the order of the first mention.
        names: the parts of the longest form met, in lower case without accents; an initial is one letter,
            a surname has its particles.
        gender: `m`, `w` or empty, as a civility or the given name tells.
        shared: a couple or a family.
        title: known by a title of office and a surname alone: `Dr Martin`.
        suffix: what tells them from a namesake: `jr`, `pere`.
        place: the only place of a text that names them, where only the place tells; empty for most.
        closed: no further mention is taken for them: either nobody can tell who is meant at `place`, or
            somebody with a fuller name took their place.
    """

    number: int
    names: tuple[str, ...]
    gender: str = ""
    shared: bool = False
    title: bool = False
    suffix: str = ""
    place: str = ""
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """A name as one mention writes it.

    Attributes:
        names: its parts, as `Person.names` has them.
        gender: as the civility or the given name tells.
        plural: it names a couple or a family.
        title: a title of office stands before it: `Dr`, `Maître`.
        suffix: what tells it from a namesake: `Jr`, `père`.
        kin: a word for a relative stands before it: `son fils Paul`.
    """

    names: tuple[str, ...]
    gender: str = ""
    plural: bool = False
    title: bool = False
    suffix: str = ""
    kin: bool = False

    @property
    def civil(self) -> bool:
        """Whether it is a surname after a word of civility."""
        return len(self.names) == 1 and bool(self.gender or self.title)


def parts_of(name: str) -> tuple[str, ...]:
    """The parts of a written name that tell people apart: particles stay with their surname."""
    parts: list[str] = []
    held: list[str] = []
    for word in _WRITTEN.findall(folded(name)):
        plain = word.replace(".", "").removesuffix("'s")
        linking = len(plain) > 1 or (bool(parts) and "." not in word)
        if linking and plain in cues("particle"):
            held.append(plain)
        elif plain:
            parts.append(" ".join([*held, plain]))
            held = []
    return (*parts, *held) or (folded(name),)


def core_of(part: str) -> str:
    """The last word of a part, without its particles: `tour` of `de la tour`."""
    return part.rpartition(" ")[2].removeprefix("d'")


def size_of(names: tuple[str, ...]) -> int:
    """How much a name tells: two for a part, one for an initial."""
    return sum(1 + (len(name) > 1) for name in names)


def pieces_of(names: tuple[str, ...]) -> Iterator[str]:
    """The words of a name of more than a letter, and those of double names."""
    for name in names:
        if len(name) > 1:
            core = core_of(name)
            yield core
            if "-" in core:
                yield from core.split("-")


def fits(form: Form, person: Person, *, whatever_suffix: bool = False) -> bool:
    """Whether a form may name a person of whom as much is known, or more."""
    if form.plural or person.shared:
        return form.plural == person.shared and form.names == person.names
    if form.suffix != person.suffix and not whatever_suffix:
        return False
    if form.gender and person.gender and form.gender != person.gender:
        return False
    if len(form.names) == 1:
        return _short_fits(form, person)
    return len(person.names) > 1 and _same(form.names, person.names)


def _short_fits(form: Form, person: Person) -> bool:
    """The same of a name of one part."""
    part = form.names[0]
    if len(person.names) > 1:
        if form.kin:
            return False
        given = part == person.names[-1 if _is_inverted(person.names) else 0]
        return by_surname(form, person.names) or (given and not form.civil)
    if form.civil and (person.gender or person.title) and form.title != person.title:
        return False
    surname = "".join(person.names)
    return part == surname or (not form.civil and _without_particles(part, surname))


def _is_inverted(names: tuple[str, ...]) -> bool:
    """Whether the surname stands first: only the last part is a given name."""
    return bool(known_of(names[-1]) & _GIVEN) and not known_of(names[0]) & _GIVEN


def by_surname(form: Form, names: tuple[str, ...]) -> bool:
    """Whether a form of one part is the surname of a full name.

    A bare `Thomas` is more likely somebody's given name than Claire Thomas, and `M. Roy` nobody whose
    surname only holds his: Claire Roy-Petit, Jean Le Roy.
    """
    (part,) = form.names
    last = names[0] if _is_inverted(names) else names[-1]
    if form.civil:
        return part in (last, names[-1])
    if known_of(part) & _USUAL:
        return False
    double = part in last.split("-") and not known_of(last) & _USUAL
    first_of_two = len(names) > 2 and part in names[1:] and not known_of(part) & _GIVEN
    return part == last or double or first_of_two or _without_particles(part, last)


def _without_particles(part: str, surname: str) -> bool:
    """Whether a surname is written without particles that people leave out: `Tour`, de La Tour."""
    if " " in part or core_of(surname) != part:
        return False
    return surname.partition(" ")[0] not in _KEPT


def _same(names: tuple[str, ...], others: tuple[str, ...]) -> bool:
    """Whether two full names are one person's, in either order, given names perhaps as initials."""
    if names == others:
        return True
    if len(names) == len(others):
        if _aligned(names, others):
            return True
        turned = (others[-1:] + others[:-1], others[1:] + others[:1])
        return any(_aligned(names, each) and not _either_way(names, each) for each in turned)
    shorter, longer = sorted((names, others), key=len)
    if shorter == longer[-len(shorter) :] and not known_of(shorter[0]) & _USUAL:
        return True  # two surnames, without the given name
    between = longer[len(shorter) - 1 : -1]
    return (
        all(len(part) == 1 for part in between)
        and shorter[-1] == longer[-1]
        and _aligned(shorter[:-1], longer[: len(shorter) - 1], whole=False)
    )


def _aligned(names: tuple[str, ...], others: tuple[str, ...], *, whole: bool = True) -> bool:
    pairs = list(zip(names, others, strict=True))
    if not all(_alike(one, other) for one, other in pairs):
        return False
    return not whole or any(one == other and len(one) > 1 for one, other in pairs)


def _either_way(names: tuple[str, ...], turned: tuple[str, ...]) -> bool:
    """Whether each part that both write out may be a given name: Paul Martin is not Martin Paul."""
    both = [one for one, other in zip(names, turned, strict=True) if one == other and len(one) > 1]
    return all(known_of(part) & _GIVEN for part in both)


def _alike(part: str, other: str) -> bool:
    """A part and itself, or its initial: `j` of `jean`, `j-p` of `jean-paul`."""
    if part == other:
        return True
    shorter, longer = sorted((part, other), key=len)
    initials = "-".join(piece[:1] for piece in longer.split("-"))
    return shorter == initials and shorter != longer

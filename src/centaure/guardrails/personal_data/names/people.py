"""Which mentions name the same person: never a wrong one, at the price of one person under two numbers."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from centaure.guardrails.normalisation import folded
from centaure.guardrails.personal_data.names.lists import Known, cues, known_of

_MANY = 50


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody whom a conversation names.

    Attributes:
        number: in the conversation, from 1, in the order of the first mention.
        names: the parts of the longest form met, in lower case without accents; an initial is one letter.
        gender: `m`, `w` or empty, as a civility or the given name tells.
        shared: several people bear this name, and whom its mentions mean cannot be told.
    """

    number: int
    names: tuple[str, ...]
    gender: str = ""
    shared: bool = False


def person_named(name: str, number: int = 1) -> Person:
    """A person known by nothing but a written name: `Claire Dufour`."""
    return Person(number, parts_of(name))


@dataclass(frozen=True, slots=True)
class Form:
    """A name as one mention writes it.

    Attributes:
        names: its parts, as `Person.names` has them.
        gender: as the civility or the given name tells.
        plural: it names a couple or a family.
        title: a title of office stands before it: `Dr`, `Maître`.
        suffix: what tells it from a namesake: `Jr`, `père`.
    """

    names: tuple[str, ...]
    gender: str = ""
    plural: bool = False
    title: bool = False
    suffix: str = ""


def parts_of(name: str) -> tuple[str, ...]:
    """The parts of a written name that tell people apart: without particles, `Dr`'s dot or possessive."""
    parts = folded(name).replace(".", " ").replace(",", " ").replace("d'", " ").split()
    particles = cues("particle")
    kept = tuple(part.removesuffix("'s") for part in parts if part not in particles)
    return kept or tuple(parts)


def group(
    forms: Sequence[Form], known: Iterable[Person] = (), apart: Iterable[tuple[int, int]] = ()
) -> tuple[list[int], tuple[Person, ...]]:
    """The number of the person whom each form names, and everybody known after them.

    Longer forms are placed first: `Dufour` names Claire Dufour wherever she is the only Dufour of the
    conversation, and somebody of whom no more can be said where there are two.

    Args:
        forms: in the order of the text.
        known: the people of the turns before.
        apart: pairs of places in `forms` that name different people, as the text tells.

    Returns:
        Numbers, as many as `forms`; the people of `known`, completed, and the new ones.
    """
    register = _Register(known)
    old = set(register.people)
    others, namesakes = _others(forms, apart)
    placed: dict[Form, int] = {}
    numbers: dict[int, int] = {}
    first: dict[int, int] = {}
    for at in sorted(range(len(forms)), key=lambda at: (-_size(forms[at].names), at)):
        form = forms[at]
        if at in namesakes:
            number = register.new(form)
        else:
            if form not in placed:
                avoided = {placed[one] for one in others.get(form, ()) if one in placed}
                placed[form] = register.place(form, avoided)
            number = placed[form]
        numbers[at] = number
        first[number] = min(at, first.get(number, at))
    return _renumbered([numbers[at] for at in range(len(forms))], register.people, old, first)


def _others(
    forms: Sequence[Form], apart: Iterable[tuple[int, int]]
) -> tuple[dict[Form, set[Form]], set[int]]:
    """The forms that name other people than each form does, and the places of namesakes written alike."""
    others: dict[Form, set[Form]] = {}
    namesakes: set[int] = set()

    def part(one: Form, other: Form) -> None:
        others.setdefault(one, set()).add(other)
        others.setdefault(other, set()).add(one)

    for one, other in apart:
        if forms[one] == forms[other]:
            namesakes |= {one, other}
        else:
            part(forms[one], forms[other])
    alike: dict[tuple[str, ...], list[Form]] = {}
    for form in dict.fromkeys(forms):
        alike.setdefault(form.names, []).append(form)
    for same in alike.values():
        titled = len(same[0].names) == 1 and any(one.title for one in same)
        civil = any(one.gender and not one.title for one in same)
        for at, form in enumerate(same):
            for other in same[:at]:
                ranks = (form.title, form.gender), (other.title, other.gender)
                if form.suffix != other.suffix or (titled and civil and ranks[0] != ranks[1]):
                    part(form, other)
    return others, namesakes


class _Register:
    """The people of a conversation, found by the parts of their names."""

    def __init__(self, known: Iterable[Person]) -> None:
        self.people: dict[int, Person] = {}
        self._by_part: dict[str, list[int]] = {}
        for person in known:
            self._keep(person)

    def new(self, form: Form) -> int:
        """The number of somebody whom no other mention names."""
        number = max(self.people, default=0) + 1
        self._keep(Person(number, form.names, form.gender))
        return number

    def place(self, form: Form, avoided: Collection[int] = ()) -> int:
        """The number of a person, who is new where nobody or more than one fits but the `avoided`."""
        near = (one for one in self._near(form) if one.number not in avoided)
        fitting = [one for one in near if _fits(form, one)]
        exact = [one for one in fitting if set(form.names) <= set(one.names)]
        shared = [one for one in exact if one.shared]
        apart = [one for one in exact or fitting if not one.shared]
        same = [one for one in apart if one.names == form.names and one.gender in ("", form.gender)]
        chosen = shared[:1] or (apart if len(apart) == 1 else same[:1])
        if not chosen:
            number = max(self.people, default=0) + 1
            self._keep(Person(number, form.names, form.gender, form.plural or bool(apart)))
            return number
        person = chosen[0]
        if not person.shared:
            names = max(person.names, form.names, key=_size)
            self._keep(replace(person, names=names, gender=person.gender or form.gender))
        return person.number

    def _keep(self, person: Person) -> None:
        self.people[person.number] = person
        for part in _pieces(person.names):
            numbers = self._by_part.setdefault(part, [])
            if person.number not in numbers[-_MANY:]:
                numbers.append(person.number)

    def _near(self, form: Form) -> list[Person]:
        """Those who share a part with a form; of very many the first, who are no fewer than two."""
        found = (
            number for part in _pieces(form.names) for number in self._by_part.get(part, [])[:_MANY]
        )
        return [self.people[number] for number in dict.fromkeys(found)]


def _pieces(names: tuple[str, ...]) -> Iterator[str]:
    """The parts of a name of more than a letter, and those of double names."""
    for name in names:
        if len(name) > 1:
            yield name
            if "-" in name:
                yield from name.split("-")


def _fits(form: Form, person: Person) -> bool:
    if form.gender and person.gender and form.gender != person.gender:
        return False
    if (form.plural and not person.shared) or _turned(form.names, person.names):
        return False
    shorter, longer = sorted((form.names, person.names), key=_size)
    left = list(longer)
    whole = 0
    for part in shorter:
        match = next((other for other in left if part == other), None)
        whole += match is not None and len(part) > 1
        match = match or next((other for other in left if _alike(part, other)), None)
        if match is None:
            return False
        left.remove(match)
    return whole > 0 or (len(shorter) == 1 and len(shorter[0]) > 1 and "-" not in shorter[0])


def _turned(names: tuple[str, ...], others: tuple[str, ...]) -> bool:
    """Whether two names are each other's reverse and either order may be right: Paul Martin, Martin Paul."""
    if len(names) != 2 or names == others or names != others[::-1]:
        return False
    return all(known_of(name) & Known.GIVEN for name in names)


def _alike(part: str, other: str) -> bool:
    """An initial and its name, or a surname and the double one that holds it; `Anne` is not `Anne-Marie`."""
    if len(part) == 1 or len(other) == 1:
        return part[:1] == other[:1]
    longer, shorter = (other, part) if "-" in other else (part, other)
    return shorter in longer.split("-") and not known_of(longer) & Known.GIVEN


def _size(names: tuple[str, ...]) -> int:
    """How much a name tells: two for a part, one for an initial."""
    return sum(1 + (len(name) > 1) for name in names)


def _renumbered(
    numbers: list[int], people: dict[int, Person], old: set[int], first: dict[int, int]
) -> tuple[list[int], tuple[Person, ...]]:
    """New people counted in the order of their first mention, after those who were known."""
    fresh = sorted((number for number in people if number not in old), key=lambda one: first[one])
    start = max(old, default=0) + 1
    now = {number: number for number in old} | {one: start + at for at, one in enumerate(fresh)}
    kept = sorted(
        (replace(one, number=now[one.number]) for one in people.values()), key=lambda p: p.number
    )
    return [now[number] for number in numbers], tuple(kept)

"""Which mentions name the same person: never a wrong one, at the price of one person under two numbers."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import count

from centaure.guardrails.personal_data.names.matching import (
    Form,
    Person,
    by_surname,
    fits,
    parts_of,
    pieces_of,
    size_of,
)

__all__ = ["Form", "Person", "Relatives", "group", "parts_of", "person_named"]

Relatives = Mapping[str, Collection[str]]
"""Surnames whose bearers have relatives in the text, and what these may be: `m`, `w`, empty for either."""
_EITHER = frozenset(["m", "w", ""])


def person_named(name: str, number: int = 1) -> Person:
    """A person known by nothing but a written name: `Claire Dufour`."""
    return Person(number, parts_of(name))


def group(
    forms: Sequence[Form],
    known: Iterable[Person] = (),
    apart: Iterable[tuple[int, int]] = (),
    places: Sequence[str] = (),
    relatives: Relatives | None = None,
) -> tuple[list[int], tuple[Person, ...]]:
    """The number of the person whom each form names, and everybody known after them.

    Longer forms are placed first: `Dufour` names Claire Dufour where she is the only one of the
    conversation who can be meant. Where there are two, each such mention has a number of its own. Whoever
    was known before keeps their name: with more of it they are somebody new, whom shorter forms then mean.

    Args:
        forms: in the order of the texts.
        known: the people of the turns before.
        apart: pairs of places in `forms` that name different people, as the text tells.
        places: what tells each mention from all others and is the same when the text is read again;
            empty: nothing does.
        relatives: surnames that others may bear too.

    Returns:
        Numbers, as many as `forms`; the people of `known`, completed, and the new ones.
    """
    register = _Register(known, forms, relatives or {})
    marks = list(places) or [""] * len(forms)
    others, namesakes = _others(forms, apart)
    numbers: dict[int, int] = {}
    where: dict[Form, list[int]] = {}
    for at, form in enumerate(forms):
        if at in namesakes:
            numbers[at] = register.alone(form, marks[at], closed=False)
        else:
            where.setdefault(form, []).append(at)
    for form in sorted(where, key=lambda form: (-size_of(form.names), -_told(form))):
        found = register.place(form, others.get(form, frozenset()))
        for at in where[form]:
            numbers[at] = found or register.alone(form, marks[at], closed=True)
    register.supersede()
    first = {number: at for at, number in sorted(numbers.items(), reverse=True)}
    return _renumbered(
        [numbers[at] for at in range(len(forms))], register.people, register.old, first
    )


def _told(form: Form) -> int:
    """How much stands beside the parts of a name: what tells more is placed first."""
    return bool(form.gender) + form.title + bool(form.suffix) + form.kin


def _others(
    forms: Sequence[Form], apart: Iterable[tuple[int, int]]
) -> tuple[dict[Form, set[Form]], set[int]]:
    """The forms that name other people than each form does, and the places of namesakes written alike."""
    others: dict[Form, set[Form]] = {}
    namesakes: set[int] = set()
    for one, other in apart:
        if forms[one] == forms[other]:
            namesakes |= {one, other}
        else:
            others.setdefault(forms[one], set()).add(forms[other])
            others.setdefault(forms[other], set()).add(forms[one])
    return others, namesakes


class _Register:
    """The people of a conversation, found by the words of their names."""

    def __init__(
        self, known: Iterable[Person], forms: Sequence[Form], relatives: Relatives
    ) -> None:
        self.people: dict[int, Person] = {}
        self._by_part: dict[str, dict[int, None]] = {}
        self._placed: dict[Form, int] = {}
        self._marked: dict[tuple[str, tuple[str, ...]], int] = {}
        for person in known:
            self._keep(person)
        self.old = set(self.people)
        self._numbers = count(max(self.people, default=0) + 1)
        self._forms: dict[str, dict[Form, None]] = {}
        for form in forms:
            for part in pieces_of(form.names):
                self._forms.setdefault(part, {})[form] = None
        self._plural = {form.names: form.gender for form in forms if form.plural}
        self._plural |= {one.names: one.gender for one in self.people.values() if one.shared}
        self._relatives = relatives

    def alone(self, form: Form, mark: str, *, closed: bool) -> int:
        """The number of somebody whom only one place names; the same when that place is read again."""
        number = self._marked.get((mark, form.names)) if mark else None
        return number or self._new(form, mark, closed=closed)

    def place(self, form: Form, others: Collection[Form]) -> int | None:
        """The number of the one who is meant, new where nobody fits; None where several may be."""
        avoided = {self._placed[one] for one in others if one in self._placed}
        fitting = [
            one
            for one in self._near(form)
            if one.number not in avoided
            and not self._superseded(one)
            and size_of(one.names) >= size_of(form.names)
            and fits(form, one)
        ]
        if len(form.names) == 1 and not form.plural:
            if self._several(form, fitting) or self._has_suffixed(form):
                return None
            fitting = [one for one in fitting if not self._may_be_a_relative(form, one)]
            if form.civil and any(len(one.names) > 1 for one in fitting):
                fitting = [one for one in fitting if len(one.names) > 1 or _form_of(one).civil]
        if len(fitting) > 1:
            return None
        if not fitting or self._claimed(form, fitting[0], others):
            number = self._new(form)
        else:
            number = self._completed(fitting[0], form)
        self._placed[form] = number
        return number

    def supersede(self) -> None:
        """Close those of earlier turns whom somebody with a fuller name has replaced."""
        for number in sorted(set(self.people) - self.old) if self.old else ():
            for one in self._near(Form(self.people[number].names)):
                self._superseded(one)

    def _superseded(self, person: Person) -> bool:
        """Whether a fuller name of this turn is the one that an earlier turn left out."""
        if person.number not in self.old or person.shared or person.place:
            return False
        form = _form_of(person)
        fuller = [
            one
            for one in self._near(form)
            if size_of(one.names) > size_of(person.names) and fits(form, one)
        ]
        if len(fuller) != 1 or fuller[0].number in self.old:
            return False
        if len(form.names) == 1 and (
            self._several(form, fuller) or self._may_be_a_relative(form, fuller[0])
        ):
            return False
        if self._claimed(form, fuller[0], ()):
            return False
        self._keep(replace(person, closed=True))
        return True

    def _several(self, form: Form, fitting: Sequence[Person]) -> bool:
        """Whether a surname alone may be anybody's of a family that the text speaks of."""
        gender = self._plural.get(form.names)
        if gender is not None:
            return not form.civil or (bool(gender) and gender == form.gender)
        named = any(len(one.names) > 1 and by_surname(form, one.names) for one in fitting)
        return named and not form.civil and form.names[0] in self._relatives

    def _has_suffixed(self, form: Form) -> bool:
        """Whether somebody whom a suffix tells from namesakes may be meant too."""
        return not form.suffix and any(
            one.suffix and fits(form, one, whatever_suffix=True) for one in self._near(form)
        )

    def _may_be_a_relative(self, form: Form, person: Person) -> bool:
        """Whether a surname after a civility may be that of a relative of the person who is named in full."""
        if len(person.names) == 1 or not form.civil:
            return False
        kin = _EITHER if form.names in self._plural else self._relatives.get(form.names[0], ())
        return bool(kin) and (not form.gender or form.gender in kin or "" in kin)

    def _claimed(self, form: Form, person: Person, others: Collection[Form]) -> bool:
        """Whether another form that cannot be this one would fit the person as well."""
        found = [self._forms[part] for part in pieces_of(form.names) if part in self._forms]
        rivals = min(found, key=len) if found else ()
        return any(
            rival != form and (rival in others or _excludes(form, rival)) and fits(rival, person)
            for rival in rivals
        )

    def _completed(self, person: Person, form: Form) -> int:
        if form.gender and not person.gender:
            self._keep(replace(person, gender=form.gender))
        return person.number

    def _new(self, form: Form, mark: str = "", *, closed: bool = False) -> int:
        number = next(self._numbers)
        title = form.title and len(form.names) == 1
        self._keep(
            Person(number, form.names, form.gender, form.plural, title, form.suffix, mark, closed)
        )
        return number

    def _keep(self, person: Person) -> None:
        self.people[person.number] = person
        if person.place:
            self._marked[person.place, person.names] = person.number
        if person.closed:
            return
        for part in pieces_of(person.names):
            self._by_part.setdefault(part, {})[person.number] = None

    def _near(self, form: Form) -> list[Person]:
        """Those who share the rarest word of a form."""
        found = [self._by_part.get(part, {}) for part in pieces_of(form.names)]
        near = [self.people[number] for number in (min(found, key=len) if found else ())]
        return [one for one in near if not one.closed]


def _form_of(person: Person) -> Form:
    return Form(person.names, person.gender, person.shared, person.title, person.suffix)


def _excludes(form: Form, rival: Form) -> bool:
    """Whether two forms cannot be one person, by what stands beside the names."""
    if form.gender and rival.gender and form.gender != rival.gender:
        return True
    return form.civil and rival.civil and form.title != rival.title


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

"""The values that the placeholders of one conversation stand for."""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from itertools import islice
from typing import Any

from centaure.guardrails.normalisation import folded
from centaure.guardrails.personal_data.names import Person
from centaure.guardrails.policy import Label
from centaure.guardrails.pseudonyms.placeholders import Placeholder

CONTEXT = 24
"""Letters and digits before a value by which the form that stood there is known again."""
_ENOUGH = 16
START = "^"
_MOST_FORMS = 200
_BY_CHARACTERS = frozenset(
    {
        Label.PHONE, Label.IBAN, Label.CARD, Label.NIR, Label.SIRET, Label.SIREN, Label.VAT,
        Label.PASSPORT_OR_ID, Label.LICENCE_PLATE, Label.BANK_ACCOUNT,
    }
)  # fmt: skip
"""Kinds of which spaces and signs are no part: `FR76 3000` is `fr763000`."""


_FRENCH = 11
"""Digits of a French telephone number with its country code."""


def context_after(context: str, text: str) -> str:
    """The context at the end of a piece of text, from that at its beginning, at first `START`."""
    seen = list(islice((letter for letter in reversed(text) if letter.isalnum()), CONTEXT))
    return (context + folded("".join(reversed(seen))))[-CONTEXT:]


@dataclass(slots=True)
class Kept:
    """What one placeholder stands for.

    Attributes:
        placeholder: which.
        value: as it is put back where nothing tells how it was written.
        forms: contexts and how the value was written after them, in the order of the texts.
        pairs: brackets that stood around the value itself.
        person: who it is, of a placeholder for somebody.
        literal: the value is no personal data, but words that look like a placeholder.
    """

    placeholder: Placeholder
    value: str
    forms: list[tuple[str, str]] = field(default_factory=list)
    pairs: set[str] = field(default_factory=set)
    person: Person | None = None
    literal: bool = False

    def form(self, context: str, used: set[int]) -> int | None:
        """The form that stood after a context, one that is not `used` before others; None: none did."""
        best, chosen = 0, None
        for at, (known, _) in enumerate(self.forms):
            size = _common_end(known, context)
            if size < _ENOUGH and not size == len(known) == len(context):
                continue
            better = size > best or (size == best and chosen in used and at not in used)
            if better:
                best, chosen = size, at
        return chosen

    def data(self) -> dict[str, Any]:
        """As a vault seals it."""
        person = self.person
        return {
            "placeholder": [self.placeholder.label, self.placeholder.number],
            "value": self.value,
            "forms": self.forms,
            "pairs": sorted(self.pairs),
            "literal": self.literal,
            "person": person and asdict(person),
        }

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> "Kept":
        """What `data` gave."""
        label, number = data["placeholder"]
        person = None
        if data["person"]:
            told: dict[str, Any] = dict(data["person"])
            told["names"] = tuple(told["names"])
            person = Person(**told)
        forms = [(context, form) for context, form in data["forms"]]
        placeholder = Placeholder(Label(label), number)
        return cls(placeholder, data["value"], forms, set(data["pairs"]), person, data["literal"])


class Pseudonyms:
    """The placeholders of one conversation. It belongs to one person, and is never shared.

    Attributes:
        kept: what each stands for.
        changed: those that a vault does not have yet as they are.
        new: those that it does not have at all.
    """

    def __init__(self, kept: Iterable[Kept] = ()) -> None:
        self.kept = {one.placeholder: one for one in kept}
        self.changed: set[Placeholder] = set()
        self.new: set[Placeholder] = set()
        self._known = {(one.placeholder.label, _key(one)): one for one in self.kept.values()}
        self._persons = {one.person.number: one for one in self.kept.values() if one.person}
        self._last: dict[Label, int] = {}
        for one in self.kept:
            self._last[one.label] = max(one.number, self._last.get(one.label, 0))

    def only(self, placeholders: Iterable[str]) -> "Pseudonyms":
        """Those of some placeholders, such as `[PERSON_1]`, alone."""
        wanted = set(placeholders)
        return Pseudonyms(one for one in self.kept.values() if str(one.placeholder) in wanted)

    def people(self) -> tuple[Person, ...]:
        """Who was named so far, by number."""
        return tuple(one.person for _, one in sorted(self._persons.items()) if one.person)

    def of(self, label: Label, value: str) -> Kept:
        """The placeholder of a value, always the same however it is spaced; a new one at first."""
        key = (label, _same(label, value))
        if key not in self._known:
            self._known[key] = self._new(label, value)
        return self._known[key]

    def of_text(self, label: Label, text: str) -> Kept:
        """The placeholder of what only looks like one of this kind."""
        key = (label, "\0" + text)
        if key not in self._known:
            kept = self._known[key] = self._new(label, text)
            kept.literal = True
        return self._known[key]

    def of_person(self, person: Person, written: str) -> Kept:
        """The placeholder of somebody, whatever the form of the name; a new one at first."""
        kept = self._persons.get(person.number)
        if kept is None:
            kept = self._persons[person.number] = self._new(Label.PERSON, written)
        if kept.person != person:
            kept.person = person
            self.changed.add(kept.placeholder)
        if _fullness(written) > _fullness(kept.value):
            kept.value = written
            self.changed.add(kept.placeholder)
        return kept

    def learn(self, people: Iterable[Person]) -> None:
        """What more is known of those who have a placeholder."""
        for person in people:
            kept = self._persons.get(person.number)
            if kept is not None and kept.person != person:
                kept.person = person
                self.changed.add(kept.placeholder)

    def remember(self, mentions: Iterable[tuple[Placeholder, str, str, str]]) -> None:
        """How the values of one text were written: placeholder, context, form, and brackets around it."""
        seen: dict[tuple[Placeholder, str, str], int] = {}
        for placeholder, context, written, pair in mentions:
            kept = self.kept[placeholder]
            if pair and pair not in kept.pairs:
                kept.pairs.add(pair)
                self.changed.add(placeholder)
            same = (placeholder, context, written)
            seen[same] = seen.get(same, 0) + 1
            known = kept.forms.count((context, written))
            if known < seen[same] and len(kept.forms) < _MOST_FORMS:
                kept.forms.append((context, written))
                self.changed.add(placeholder)

    def saved(self) -> None:
        """A vault has them all."""
        self.changed.clear()
        self.new.clear()

    def _new(self, label: Label, value: str) -> Kept:
        number = self._last[label] = self._last.get(label, 0) + 1
        kept = Kept(Placeholder(label, number), value)
        self.kept[kept.placeholder] = kept
        self.changed.add(kept.placeholder)
        self.new.add(kept.placeholder)
        return kept


def _key(kept: Kept) -> str:
    """A person is known by number, not by value."""
    if kept.literal:
        return "\0" + kept.value
    return "" if kept.person else _same(kept.placeholder.label, kept.value)


def _same(label: Label, value: str) -> str:
    plain = unicodedata.normalize("NFKC", value).casefold()
    if label in _BY_CHARACTERS:
        plain = "".join(letter for letter in plain if letter.isalnum())
        french = label is Label.PHONE and len(plain) == _FRENCH and plain.startswith("33")
        return "0" + plain[2:] if french else plain
    return " ".join(plain.split())


def _fullness(written: str) -> tuple[int, bool, int]:
    """A form with more names is fuller; then one with capitals, of which not all are."""
    names = [part for part in written.replace(".", " ").split() if len(part) > 1]
    return len(names), written not in (written.lower(), written.upper()), 0


def _common_end(one: str, other: str) -> int:
    size = 0
    for left, right in zip(reversed(one), reversed(other), strict=False):
        if left != right:
            break
        size += 1
    return size

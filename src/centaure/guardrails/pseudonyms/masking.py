"""Personal data of a text, replaced by placeholders or by something that says less."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from centaure.guardrails.normalisation import normalise
from centaure.guardrails.personal_data.finding import Found, find_in_all
from centaure.guardrails.policy import Label, Treatment
from centaure.guardrails.pseudonyms.conversation import START, Pseudonyms, context_after
from centaure.guardrails.pseudonyms.generalising import generalised
from centaure.guardrails.pseudonyms.placeholders import Placeholder
from centaure.guardrails.pseudonyms.restoring import candidates

EVERYTHING: Mapping[Label, Treatment] = dict.fromkeys(Label, Treatment.MASK)


@dataclass(frozen=True, slots=True)
class Span:
    """A value that was replaced.

    Attributes:
        start, end: its place in the original.
        label: its kind.
        placeholder: what stands for it.
    """

    start: int
    end: int
    label: Label
    placeholder: str


@dataclass(frozen=True, slots=True)
class Masked:
    """A text whose personal data was replaced.

    Attributes:
        text: with placeholders.
        spans: what they stand for, in the order of the text.
        blocked: kinds in it that may not go out at all.
    """

    text: str
    spans: tuple[Span, ...]
    blocked: tuple[Label, ...] = ()


def mask(
    text: str, pseudonyms: Pseudonyms, treatments: Mapping[Label, Treatment] = EVERYTHING
) -> Masked:
    """Replace personal data, the same value by the same placeholder throughout the conversation.

    What looks like a placeholder already becomes the value of another one: nobody can write one down to
    be told what it stands for, and it comes back as it was.

    Args:
        text: as somebody or a document wrote it.
        pseudonyms: of the conversation; new values are added to them.
        treatments: what is done about each kind; one that is missing is masked.
    """
    return mask_all([text], pseudonyms, treatments)[0]


def mask_all(
    texts: Sequence[str],
    pseudonyms: Pseudonyms,
    treatments: Mapping[Label, Treatment] = EVERYTHING,
) -> list[Masked]:
    """Several texts of a conversation: somebody whom one of them names is known in all of them."""
    found = find_in_all([normalise(text) for text in texts], pseudonyms.people())
    places = [
        _places(text, one, pseudonyms, treatments) for text, one in zip(texts, found, strict=True)
    ]
    pseudonyms.learn(found[0].persons.people if found else ())
    return [
        _replaced(text, here, pseudonyms, treatments)
        for text, here in zip(texts, places, strict=True)
    ]


@dataclass(frozen=True, slots=True, order=True)
class _Place:
    """A place that will be replaced; without a placeholder it is generalised or stays."""

    start: int
    end: int
    label: Label
    placeholder: Placeholder | None = None


def _places(
    text: str, found: Found, pseudonyms: Pseudonyms, treatments: Mapping[Label, Treatment]
) -> list[_Place]:
    looks_like = [
        _Place(one.start, one.end, one.placeholder.label, kept.placeholder)
        for one in candidates(text)
        if (kept := pseudonyms.of_text(one.placeholder.label, text[one.start : one.end]))
    ]
    taken = {at for place in looks_like for at in range(place.start, place.end)}
    people = {one.number: one for one in found.persons.people}
    named = {(one.start, one.end): people[one.person] for one in found.persons.mentions}
    places = looks_like
    for finding in found.findings:
        if not taken.isdisjoint(range(finding.start, finding.end)):
            continue
        label = Label(finding.label)
        treatment = treatments.get(label, Treatment.MASK)
        value = text[finding.start : finding.end]
        placeholder = None
        if treatment is Treatment.MASK:
            person = named.get((finding.start, finding.end)) if label is Label.PERSON else None
            kept = pseudonyms.of_person(person, value) if person else pseudonyms.of(label, value)
            placeholder = kept.placeholder
        places.append(_Place(finding.start, finding.end, label, placeholder))
    return sorted(places, key=lambda place: place.start)


def _replaced(
    text: str,
    places: Sequence[_Place],
    pseudonyms: Pseudonyms,
    treatments: Mapping[Label, Treatment],
) -> Masked:
    context, at = START, 0
    parts: list[str] = []
    spans: list[Span] = []
    mentions: list[tuple[Placeholder, str, str, str]] = []
    blocked: list[Label] = []
    for place in places:
        treatment = treatments.get(place.label, Treatment.MASK)
        if place.placeholder is None and treatment is Treatment.BLOCK:
            blocked.append(place.label)
            continue
        value = text[place.start : place.end]
        if place.placeholder is not None:
            instead = str(place.placeholder)
        elif treatment is Treatment.GENERALISE:
            instead = generalised(place.label, value)
        else:
            continue
        before = text[at : place.start]
        context = context_after(context, before)
        if place.placeholder is not None:
            pair = text[max(place.start - 1, 0) : place.start] + text[place.end : place.end + 1]
            mentions.append((place.placeholder, context, value, pair))
        context = context_after(context, instead)
        parts += [before, instead]
        spans.append(Span(place.start, place.end, place.label, instead))
        at = place.end
    pseudonyms.remember(mentions)
    return Masked("".join([*parts, text[at:]]), tuple(spans), tuple(dict.fromkeys(blocked)))

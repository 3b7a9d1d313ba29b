"""All personal data of a text, each place once."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from centaure.guardrails.normalisation import Normalised
from centaure.guardrails.personal_data.accounts import accounts
from centaure.guardrails.personal_data.addresses import addresses
from centaure.guardrails.personal_data.codes import ibans, vat_numbers
from centaure.guardrails.personal_data.dates import dates_of_birth
from centaure.guardrails.personal_data.documents import identity_documents
from centaure.guardrails.personal_data.health import health
from centaure.guardrails.personal_data.identifiers import identifiers
from centaure.guardrails.personal_data.masked import masked_values
from centaure.guardrails.personal_data.names import Person, Persons, find_persons_in
from centaure.guardrails.personal_data.online import emails, network_addresses
from centaure.guardrails.personal_data.plates import plates
from centaure.guardrails.personal_data.reading import Candidate, Reading
from centaure.guardrails.personal_data.scanned import scanned
from centaure.guardrails.personal_data.user_names import user_names
from centaure.guardrails.policy import Label
from centaure.guardrails.verdicts import Finding

CHECK = "personal-data"

_RECOGNISERS: tuple[Callable[[Reading], Iterable[Candidate]], ...] = (
    emails,
    identifiers,
    ibans,
    vat_numbers,
    accounts,
    masked_values,
    scanned,
    network_addresses,
    user_names,
    identity_documents,
    plates,
    dates_of_birth,
    addresses,
    health,
)


def find(text: Normalised, known: Sequence[Person] = ()) -> list[Finding]:
    """Personal data of every label, in the order of the text; no two findings overlap.

    Args:
        text: as checks read it.
        known: people named earlier in the conversation.

    Returns:
        Findings of check `personal-data` with offsets of the original; the label is one of `Label`.
    """
    return find_with_people(text, known).findings


@dataclass(frozen=True, slots=True)
class Found:
    """Personal data of a text, and who it names.

    Attributes:
        findings: in the order of the text; no two overlap.
        persons: who is named, and where; a mention that something surer covers is no finding.
    """

    findings: list[Finding]
    persons: Persons


def find_with_people(text: Normalised, known: Sequence[Person] = ()) -> Found:
    """The same as `find`, and which findings labelled PERSON name the same one."""
    return find_in_all([text], known)[0]


def find_in_all(texts: Sequence[Normalised], known: Sequence[Person] = ()) -> list[Found]:
    """The same of several texts that are read together: somebody whom one names is known in all."""
    structured = [find_structured(text) for text in texts]
    found = find_persons_in(list(zip(texts, structured, strict=True)), known)
    return [
        Found(_apart([*findings, *_named(persons)]), persons)
        for findings, persons in zip(structured, found, strict=True)
    ]


def _named(persons: Persons) -> Iterator[Finding]:
    for one in persons.mentions:
        yield Finding(one.start, one.end, CHECK, Label.PERSON, one.score, one.rule)


def find_structured(text: Normalised) -> list[Finding]:
    """All but names: what has digits, a form or a context to be known by."""
    reading = Reading(text.text)
    return _apart(
        _finding(text, candidate) for recognise in _RECOGNISERS for candidate in recognise(reading)
    )


def _finding(text: Normalised, candidate: Candidate) -> Finding:
    start, end = text.span(candidate.start, candidate.end)
    return Finding(start, end, CHECK, candidate.label, candidate.score, candidate.rule)


def _apart(findings: Iterable[Finding]) -> list[Finding]:
    """The surest of those that overlap, and of equals the longest."""
    kept: dict[int, Finding] = {}
    taken: set[int] = set()
    for one in sorted(findings, key=lambda each: (-each.score, each.start - each.end, each.start)):
        places = range(one.start, one.end)
        if taken.isdisjoint(places):
            taken.update(places)
            kept[one.start] = one
    return [kept[start] for start in sorted(kept)]

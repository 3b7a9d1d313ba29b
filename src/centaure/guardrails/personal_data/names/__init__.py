"""Names of persons, found in French and English texts without a model, and who is who among them."""

from collections.abc import Sequence

from centaure.guardrails.normalisation import Normalised
from centaure.guardrails.personal_data.names.finding import (
    Mention,
    Persons,
    find_persons,
    find_persons_in,
)
from centaure.guardrails.personal_data.names.matching import Person
from centaure.guardrails.personal_data.names.people import person_named
from centaure.guardrails.policy import Label
from centaure.guardrails.verdicts import Finding

__all__ = [
    "Mention",
    "Person",
    "Persons",
    "find_names",
    "find_persons",
    "find_persons_in",
    "person_named",
]

_CHECK = "personal-data"


def find_names(
    text: Normalised, structured: Sequence[Finding] = (), known: Sequence[Person] = ()
) -> list[Finding]:
    """The mentions of `find_persons` as findings labelled PERSON, with offsets of the original."""
    return [
        Finding(one.start, one.end, _CHECK, Label.PERSON, one.score, one.rule)
        for one in find_persons(text, structured, known).mentions
    ]

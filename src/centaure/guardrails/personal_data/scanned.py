"""Identifiers in which a scan, or a hurried hand, put a letter for a digit: `O6 l2 34 56 78`."""

import re
from collections.abc import Iterable, Iterator

from centaure.guardrails.personal_data.codes import ibans
from centaure.guardrails.personal_data.cues import Kind
from centaure.guardrails.personal_data.identifiers import identifiers
from centaure.guardrails.personal_data.reading import Candidate, Reading
from centaure.guardrails.policy import Label

_TAKEN_FOR = {"O": "0", "o": "0", "Q": "0", "l": "1", "I": "1", "|": "1"}
_LETTER = re.compile(
    r"(?<![A-Za-z0-9])[OoQlI|](?=[ .]?\d)|(?<=\d)[OoQlI|](?![A-Za-z|])|(?<=\d[ .])[OoQlI|](?=[ .]\d)"
    r"|(?<=\d)[OQlI](?=[OQlI]\d)"
)
_KINDS = {
    Label.PHONE: Kind.PHONE,
    Label.CARD: Kind.CARD,
    Label.IBAN: Kind.IBAN,
    Label.NIR: Kind.NIR,
    Label.SIRET: Kind.SIRET,
    Label.SIREN: Kind.SIREN,
    Label.VAT: Kind.VAT,
    Label.BANK_ACCOUNT: Kind.ACCOUNT,
}


def scanned(reading: Reading) -> Iterable[Candidate]:
    """What would be an identifier with digits for the letters that look like them, where a word names it."""
    if not reading.has_digits:
        return
    places = [found.start() for found in _LETTER.finditer(reading.text)]
    if not places:
        return
    letters = list(reading.text)
    for place in places:
        letters[place] = _TAKEN_FOR[letters[place]]
    mended = Reading("".join(letters))
    for one in _in(mended):
        kind = _KINDS.get(one.label)
        mends = any(one.start <= place < one.end for place in places)
        if mends and kind and reading.cues.says(one.start, kind, 40):
            yield Candidate(one.start, one.end, one.label, min(one.score, 0.86), "scanned.1")


def _in(mended: Reading) -> Iterator[Candidate]:
    yield from identifiers(mended)
    yield from ibans(mended)

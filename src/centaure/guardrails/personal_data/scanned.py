"""Identifiers in which a scan, or a hurried hand, put a letter for a digit: `O6 l2 34 56 78`."""

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from centaure.guardrails.personal_data.codes import ibans
from centaure.guardrails.personal_data.cues import Kind
from centaure.guardrails.personal_data.identifiers import identifiers
from centaure.guardrails.personal_data.reading import Candidate, Reading
from centaure.guardrails.policy import Label

_TAKEN_FOR = str.maketrans("OoQlI", "00011")
_LETTER = re.compile(
    r"(?<![A-Za-z0-9])[OoQlI](?=[ .]?\d)|(?<=\d)[OoQlI](?![A-Za-z])|(?<=\d[ .])[OoQlI](?=[ .]\d)"
    r"|(?<=\d)[OQlI](?=[OQlI]\d)"
)
_MOST, _FEW = 60, 8
"""Letters of a text that are looked at, and letters of a part beyond which nothing was scanned there."""
_BEFORE, _AFTER = 100, 50
"""Characters around a letter among which an identifier and its word stand."""
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
    done = 0
    for found in islice(_LETTER.finditer(reading.text), _MOST):
        place = found.start()
        if place < done:
            continue
        base, end = max(0, place - _BEFORE), place + _AFTER
        part = reading.text[base:end]
        if len(_LETTER.findall(part)) > _FEW:
            continue
        mended = Reading(_LETTER.sub(lambda one: one.group().translate(_TAKEN_FOR), part))
        for one in _in(mended):
            kind = _KINDS.get(one.label)
            covers = one.start <= place - base < one.end
            if covers and kind and mended.cues.says(one.start, kind, 40):
                done = base + one.end
                yield Candidate(
                    base + one.start, done, one.label, min(one.score, 0.86), "scanned.1"
                )


def _in(mended: Reading) -> Iterator[Candidate]:
    yield from identifiers(mended)
    yield from ibans(mended)

"""Cards and accounts of which some digits are crossed out: `4970 10** **** 1234`."""

import re
from collections.abc import Iterable

from centaure.guardrails.personal_data.cues import Kind
from centaure.guardrails.personal_data.reading import Candidate, Reading
from centaure.guardrails.policy import Label

_MARKS = ("*", "X", "x", "•", "#", "●")
_CARD = re.compile(
    r"(?<![\w*•●#])[\dXx*•●#]{4}[ \-.]?[\dXx*•●#]{4,6}[ \-.]?[\dXx*•●#]{4,5}(?:[ \-.]?[\dXx*•●#]{2,4})?"
    r"(?![\w*•●#])"
)
_IBAN = re.compile(
    r"(?<![A-Za-z0-9])[A-Z]{2}[\dX*•●]{2}(?:[ \-]?[\dX*•●#]{2,4}){3,8}[ \-]?[\dX*•●#]{0,3}(?![\w*•●#])"
)
_ENOUGH = 4
"""Marks of a value that is crossed out in part."""


def masked_values(reading: Reading) -> Iterable[Candidate]:
    """Cards and IBANs with at least two digits and four marks instead of others, where a word names them."""
    text = reading.text
    if not reading.has_digits or not any(mark in text for mark in _MARKS):
        return
    for pattern, label, kind in ((_IBAN, Label.IBAN, Kind.IBAN), (_CARD, Label.CARD, Kind.CARD)):
        for found in pattern.finditer(text):
            written = found.group()
            marks = sum(map(written.count, _MARKS))
            digits = sum(map(str.isdigit, written))
            if marks >= _ENOUGH and digits > 1 and reading.cues.nearest(found.start(), 50) is kind:
                yield Candidate(found.start(), found.end(), label, 0.83, "crossed-out.1")

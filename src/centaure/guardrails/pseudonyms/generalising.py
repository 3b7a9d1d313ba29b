"""Personal data told less exactly: what is left names nobody."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

from centaure.guardrails.policy import Label

_YEAR = re.compile(r"(?<!\d)(1[89]\d\d|20\d\d)(?!\d)")
_TOWN = re.compile(r"(?<!\d)\d{4,5}\s+([^\W\d][^\n,;\d]{1,60})")
_NETWORK = re.compile(r"^(\d{1,3}\.\d{1,3})\.\d{1,3}\.\d{1,3}$")
_HIDDEN = "[…]"


def generalised(label: Label, value: str) -> str:
    """What may be said instead of a value: a decade of birth, a town, the first digits of a number."""
    return _HOW.get(label, lambda _: _HIDDEN)(value)


def _age(value: str) -> str:
    years = _YEAR.findall(value)
    if not years:
        return _HIDDEN
    decade = int(years[-1]) // 10 * 10
    last = min(decade + 9, datetime.now(UTC).year)
    return f"{decade}-{last}"


def _town(value: str) -> str:
    town = _TOWN.search(value)
    return town[1].strip() if town else _HIDDEN


def _initials(value: str) -> str:
    names = [part for part in re.split(r"[\s\-]+", value) if part[:1].isalpha()]
    return " ".join(f"{part[0].upper()}." for part in names) or _HIDDEN


def _domain(value: str) -> str:
    _, at, domain = value.rpartition("@")
    return f"…@{domain}" if at else _HIDDEN


def _first_digits(value: str) -> str:
    """`06 12 34 56 78` as `06 .. .. .. ..`."""
    kept: list[str] = []
    seen = 0
    for letter in value:
        seen += letter.isdecimal()
        kept.append("." if letter.isdecimal() and seen > 2 else letter)
    return "".join(kept) if seen > 2 else _HIDDEN


def _network(value: str) -> str:
    known = _NETWORK.match(value)
    return f"{known[1]}.x.x" if known else _HIDDEN


def _country(value: str) -> str:
    return f"{value[:2].upper()}…" if value[:2].isalpha() else _HIDDEN


_HOW: dict[Label, Callable[[str], str]] = {
    Label.PERSON: _initials,
    Label.EMAIL: _domain,
    Label.PHONE: _first_digits,
    Label.IBAN: _country,
    Label.VAT: _country,
    Label.ADDRESS: _town,
    Label.DATE_OF_BIRTH: _age,
    Label.IP: _network,
}

"""Whether an identifier's check digits agree; python-stdnum is loaded when one is first asked about."""

from importlib import import_module
from typing import Protocol, cast

_RIB_LETTERS = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "12345678912345678923456789")


class _Standard(Protocol):
    def is_valid(self, number: str) -> bool: ...


class _Iban(Protocol):
    def is_valid(self, number: str, *, check_country: bool) -> bool: ...


def valid(standard: str, number: str) -> bool:
    """Whether a number agrees with a module of python-stdnum: `fr.nir`, `be.vat`."""
    return cast("_Standard", import_module(f"stdnum.{standard}")).is_valid(number)


def iban(number: str) -> bool:
    """The checksum of ISO 13616 and the form of the country; its banks' own keys are not asked."""
    standard = cast("_Iban", import_module("stdnum.iban"))
    return standard.is_valid(number, check_country=False)


def luhn(digits: str) -> bool:
    """The checksum of ISO/IEC 7812-1, of cards and of French registered numbers."""
    if not digits.isdecimal():
        return False
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def rib(account: str) -> bool:
    """The key of a French account: bank (5), branch (5), account (11, letters too), key (2)."""
    digits = account.upper().translate(_RIB_LETTERS)
    if len(digits) != 23 or not digits.isdecimal():
        return False
    bank, branch, number, key = digits[:5], digits[5:10], digits[10:21], digits[21:]
    return (89 * int(bank) + 15 * int(branch) + 3 * int(number) + int(key)) % 97 == 0

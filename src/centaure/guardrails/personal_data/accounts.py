"""Bank accounts that only the words before them tell: sort codes, account numbers, RIB with letters."""

import re
from collections.abc import Iterable, Iterator

from centaure.guardrails.personal_data.check_digits import rib
from centaure.guardrails.personal_data.reading import Candidate, Reading
from centaure.guardrails.personal_data.runs import Window
from centaure.guardrails.policy import Label

_NAMED = re.compile(
    r"(?<![a-z])(?:(?<!customer )(?<!user )(?<!client )(?<!email )acc(?:oun)?t?(?:[ _]number| num| no| n°"
    r"| details)?s?"
    r"|a/c(?: no)?|acct|(?:numero|n ?°|no) ?de compte(?: bancaire)?|compte(?: bancaire"
    r"| courant)?(?: n°| numero)?"
    r"|rib|bban"
    r"|livret(?: [ab]| bleu| jeune)?(?: n°| numero)?|(?:pel|cel|ldds?)(?: n°| numero)?"
    r"|kontonummer|cuenta|conto)(?:[ :.,#()\"'=/\-]|(?:is|est|the|le|no|n°|number|ending"
    r"|in)(?![a-z])){0,12}$"
)
_SORT = re.compile(
    r"(?<![a-z])(?:sort[ \-_]?codes?|sort(?= )|s/c|routing(?: number| no)?|aba|blz|bsb"
    r"|transit)(?:[ :.#()\"'=/,]|is|no){0,8}$"
)
_SORT_HEAD = re.compile(r"sort[ \-]?codes?|routing(?: number)?|bsb")
_ACCOUNT_HEAD = re.compile(
    r"(?:bank )?(?:account|acct|a/c)(?: number| no\.?)?|(?:n° de |numero de )?compte(?: bancaire)?|rib"
)
_PAIR = re.compile(
    r"(?<![\w\-])(\d\d([\- ])\d\d\2\d\d)((?:[ ,/|:;()]|and|a/c|acc(?:oun)?t|no\.?"
    r"|number){1,14})(\d{8})(?![\w\-])"
)
"""A British sort code and the account after it."""
_REVERSED = re.compile(
    r"(?<![\w\-])(\d{8})([ ,/|(;]|sort(?: ?code)?|:){1,9}(\d\d([\- ])\d\d\4\d\d)(?![\w\-])"
)
"""The same, the account first."""
_LETTERED = re.compile(
    r"(?<![a-z])(?:compte(?: bancaire| courant)?(?: n°| numero)?|ccp(?: n°| numero)?)[ :]{1,3}"
    r"(\d{10}[a-z]|\d{7} ?[a-z](?: ?\d{3})?|\d\d \d{3} \d\d ?[a-z](?: ?\d{3})?)(?!\w)"
)
"""A French account with its letter, a postal one with the number of its centre."""
_POSTAL = re.compile(
    r"(?<![a-z])(?:postfinance|comptes? postal|comptes? de cheques postaux|ccp|postkonto|postal account)"
    r"(?: n°| no\.?| numero)?[ :]{1,3}(\d\d-\d{1,6}-\d)(?![\w\-])"
)
_MENTIONS = (
    "livret",
    "pel ",
    "cel ",
    "ldd",
    "acc",
    "sort",
    "a/c",
    "acct",
    "compte",
    "rib",
    "rout",
    "bsb",
    "konto",
    "cuenta",
    "conto",
)
_RIB = re.compile(
    r"(?<![A-Za-z0-9])\d{5}[ |\-]{0,3}\d{5}[ |\-]{0,3}(?=[0-9A-Z]{0,10}[A-Z])[0-9A-Z]{11}[ |\-]{0,3}\d\d"
    r"(?![A-Za-z0-9])"
)


def accounts(reading: Reading) -> Iterable[Candidate]:
    """Account numbers and sort codes; those with a key of their own are among the identifiers."""
    if reading.has_digits:
        yield from _french(reading)
    if reading.windows:
        yield from _in_windows(reading)


def _french(reading: Reading) -> Iterator[Candidate]:
    """Accounts with a letter, those of the post, and RIB with letters."""
    for pattern in (_LETTERED, _POSTAL):
        for found in pattern.finditer(reading.low):
            yield Candidate(*found.span(1), Label.BANK_ACCOUNT, 0.9, "account-lettered.1")
    for found in _RIB.finditer(reading.text):
        if rib("".join(filter(str.isalnum, found.group()))):
            yield Candidate(found.start(), found.end(), Label.BANK_ACCOUNT, 0.97, "rib.1")


def _in_windows(reading: Reading) -> Iterator[Candidate]:
    for found in _PAIR.finditer(reading.low):
        yield from _pair(found)
    if not any(word in reading.low for word in _MENTIONS):
        return
    for found in _REVERSED.finditer(reading.low):
        yield Candidate(*found.span(1), Label.BANK_ACCOUNT, 0.9, "account-pair.1")
        yield Candidate(*found.span(3), Label.BANK_ACCOUNT, 0.9, "account-pair.1")
    for window in reading.windows:
        if window.alone and not window.plus and (score := _score(window, reading)):
            yield Candidate(window.start, window.end, Label.BANK_ACCOUNT, score, "account-named.1")


def _pair(found: re.Match[str]) -> Iterator[Candidate]:
    """Both, as one value where only a space parts them."""
    start, end = found.span(4)
    if found.group(3) == " " and found.group(2) == "-":
        yield Candidate(found.start(), end, Label.BANK_ACCOUNT, 0.92, "account-pair.1")
    elif found.group(2) == "-" or any(map(str.isalpha, found.group(3))):
        yield Candidate(*found.span(1), Label.BANK_ACCOUNT, 0.91, "account-pair.1")
        yield Candidate(start, end, Label.BANK_ACCOUNT, 0.91, "account-pair.1")


def _score(window: Window, reading: Reading) -> float:
    size = len(window.digits)
    if not 6 <= size <= 17 or not window.digits.isdecimal():
        return 0.0
    before = reading.low[max(0, window.start - 60) : window.start]
    head = reading.cues.columns.head(window.start)
    if size in (6, 8, 9) and (_SORT_HEAD.fullmatch(head) if head else _SORT.search(before)):
        return 0.9
    if _ACCOUNT_HEAD.fullmatch(head) if head else _NAMED.search(before):
        british = window.sizes == (2, 2, 2, 8)
        french = "compte" in head or "compte" in before[-30:] or "rib" in before[-15:]
        fewest = 10 if french else 7
        if british or (fewest <= size <= 12 and not _dated(window)):
            return 0.88
    return 0.85 if window.sizes == (2, 2, 2, 8) and "account" in before else 0.0


def _dated(window: Window) -> bool:
    return window.sizes in {(2, 2, 4), (4, 2, 2)}

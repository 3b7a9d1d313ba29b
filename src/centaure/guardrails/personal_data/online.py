"""What names a mailbox or a machine on a network: e-mail and IP addresses."""

import re
from collections.abc import Iterable
from ipaddress import AddressValueError, IPv6Address

from centaure.guardrails.personal_data.cues import Kind
from centaure.guardrails.personal_data.reading import Candidate, Reading, words_of
from centaure.guardrails.policy import Label

_SPELT = words_of("arobase arobas dot point")
_BRACKETED = ("(at", "[at", "{at", "(a)", "( at", "[ at")
_LOCAL = re.compile(r"(?:(?<!\w)[Oo]')?[\w.+%&\-]{1,64}$")
_DOMAIN = re.compile(r"(?:[^\W_](?:[\w\-]{0,61}[^\W_])?\.){1,6}[^\W\d_]{2,24}(?![\w@])")
_SCANNED = re.compile(
    r"[^\W_][\w\-]{0,61}(?: ?, ?| \. ?|\. )(?:fr|com|net|org|eu|be|ch|lu|uk|de|it|es)(?!\w)"
)
"""A domain whose dot a scan or a hand made a comma, or set apart."""
_AT = re.compile(r"(?<=[\s\[({\w])[\[({]? ?(?<![a-z])(?:arobase?|chez|at) ?[\])}]?(?=[ \w\[(])")
_DOTTED = re.compile(
    r"\s?([a-z0-9\-]{1,40}(?:\s?[\[({]?\s?(?<![a-z])(?:tiret(?: du bas| bas| du six| haut)?|moins|dash|hyphen"
    r"|underscore|point|dot)(?![a-z])\s?[\])}]?\s?[a-z0-9\-]{1,40}|\.[a-z0-9\-]{1,40}){1,5})"
)
_DICTATED_LOCAL = re.compile(
    r"(?:[a-z0-9.\-_]{1,30}[ ]?[\[({]?(?:tiret(?: du bas| bas| du six| haut)?|moins|dash|hyphen|underscore"
    r"|point|dot)[\])}]?[ ]?){0,5}[a-z0-9.\-_]{1,30}$"
)
_ENDINGS = words_of(
    "fr com net org eu be ch uk io de es it lu ca info biz gouv edu co example test pro bzh re nc"
)
_MAIL_CUE = re.compile(r"(?<![a-z])(?:e-?mail|mel|mail|courriel|adresse|ecri[a-z]+|write)(?![a-z])")
_V4 = re.compile(
    r"(?<![\w.\-])(?=\d{1,3}\.\d)(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d"
    r"|1?\d?\d)(?P<net>/(?:3[0-2]|[12]?\d)(?![\d./]))?(?![\w\-]|\.\w)"
)
_IN_URL = re.compile(r"(?:://|(?<![a-z])(?:ssh|ping|telnet|curl|ftp) )(?:[\w.\-]{1,30}@)?$|\w@$")
_NAMED_IP = re.compile(r"(?<![a-z])(?:ip|ipv4|dns)[\s\"':=]{1,4}$")
_SECTION = re.compile(r"(?:§|(?<![a-z])v\.?|[a-z]-|/)\s?$")
_V6 = re.compile(
    r"(?<![\w:.])(?=[0-9a-fA-F]{0,4}:[0-9a-fA-F:])(?P<address>(?:[0-9a-fA-F]{0,4}:){2,7}"
    r"(?:(?:\d{1,3}\.){3}\d{1,3}|[0-9a-fA-F]{0,4}))(?:/(?:1[01]\d|12[0-8]|\d{1,2})(?![\d./]))?"
    r"(?![\w:]|\.\w)"
)


def emails(reading: Reading) -> Iterable[Candidate]:
    """E-mail addresses, written, spelt out ("point", "dot", "[at]") or dictated ("chez", "arobase")."""
    text = reading.text
    place = text.find("@")
    while place >= 0:
        left, right = place, place + 1
        while place - left < 2 and text[left - 1 : left] == " ":
            left -= 1
        while right - place <= 2 and text[right : right + 1] == " ":
            right += 1
        local = _LOCAL.search(text, max(0, left - 64), left)
        domain = _DOMAIN.match(text, right)
        if local and text[local.start() - 1 : local.start()] == "@":
            local = None
        if local and domain and left < place and right == place + 1:
            ending = domain.group().rpartition(".")[2].lower()
            local = local if ending in _ENDINGS or _asked(reading.low, left) else None
        if local and domain:
            start = local.start() + len(local.group()) - len(local.group().lstrip(".-%_+&"))
            if start < left:
                yield Candidate(start, domain.end(), Label.EMAIL, 0.98, "email.1")
        elif local and (scanned := _SCANNED.match(text, right)) and _asked(reading.low, left):
            yield Candidate(local.start(), scanned.end(), Label.EMAIL, 0.9, "email-scanned.1")
        place = text.find("@", place + 1)
    if not reading.words.isdisjoint(_SPELT) or any(mark in reading.low for mark in _BRACKETED):
        yield from _dictated_emails(text, reading.low)


def _asked(low: str, place: int) -> bool:
    """Whether a word for e-mail stands shortly before a place."""
    return bool(_MAIL_CUE.search(low, max(0, place - 60), place))


def _dictated_emails(text: str, low: str) -> Iterable[Candidate]:
    for found in _AT.finditer(low):
        domain = _DOTTED.match(low, found.end())
        if not domain:
            continue
        local = _DICTATED_LOCAL.search(low[max(0, found.start() - 120) : found.start()].rstrip())
        if not local or not local.group():
            continue
        ending = re.split(r"[^a-z0-9]+", domain.group(1))[-1]
        spelt = bool(re.search(r"point|dot|tiret|underscore|[._]", local.group()))
        marked = "arob" in found.group() or "(" in found.group() or "[" in found.group()
        asked = _MAIL_CUE.search(low, max(0, found.start() - 100), found.start())
        loud = "AT" in text[found.start() : found.end()] and "DOT" in text[slice(*domain.span(1))]
        if ending in _ENDINGS and (spelt or marked or asked or loud):
            offset = max(0, found.start() - 120) + local.start()
            yield Candidate(offset, domain.end(1), Label.EMAIL, 0.93, "email-dictated.1")


def network_addresses(reading: Reading) -> Iterable[Candidate]:
    """IP addresses of both versions; four numbers that are a version or a path of codes are none."""
    if not reading.has_digits:
        return
    for found in _V4.finditer(reading.text):
        bare = found.group().partition("/")[0]
        if score := _v4_score(reading, found.start(), bare, network=bool(found.group("net"))):
            yield Candidate(found.start(), found.end(), Label.IP, score, "ip-v4.1")
    for found in _V6.finditer(reading.text) if reading.text.count(":") > 1 else ():
        if _is_v6(found.group("address")):
            yield Candidate(found.start(), found.end(), Label.IP, 0.95, "ip-v6.1")


def _v4_score(reading: Reading, start: int, address: str, *, network: bool) -> float:
    first, second, *_ = parts = [int(part) for part in address.split(".")]
    zeros = any(len(part) > 1 and part[0] == "0" for part in address.split("."))
    if first in (0, 127) or zeros or address.startswith("255.255."):
        return 0.0
    if network or _IN_URL.search(reading.low, max(0, start - 40), start):
        return 0.95
    near = reading.cues.nearest(start, 30)
    if near is Kind.IP and (
        len(address) > 7 or _NAMED_IP.search(reading.low, max(0, start - 12), start)
    ):
        return 0.95
    if (near is Kind.VERSION and first < 100) or _SECTION.search(
        reading.low, max(0, start - 8), start
    ):
        return 0.0
    private = first == 10 or (first, second) == (192, 168) or (first == 172 and 16 <= second < 32)
    high = (first >= 20 and max(parts[1:]) >= 20) or sum(part >= 100 for part in parts) > 1
    return 0.9 if private or high else 0.0


def _is_v6(written: str) -> bool:
    if written.count(":") < 3 and "::" not in written:
        return False
    if len(written) < 6 or not any(map(str.isdigit, written)):
        return False
    try:
        address = IPv6Address(written)
    except AddressValueError:
        return False
    return not address.is_loopback and not address.is_unspecified

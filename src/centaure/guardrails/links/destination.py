"""Where an address leads, as browsers read it: what cannot be read surely leads nowhere that is allowed."""

import html
import re
from collections.abc import Sequence
from urllib.parse import unquote

_BLANK = re.compile(r"[\x00-\x20\x7f]")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_AUTHORITY = re.compile(r"(?:https?:)?//([^/?#]*)", re.IGNORECASE)
_HOST = re.compile(r"[^\s@:%\\\[\]]+")
_ROUNDS = 3
"""How often an address may be encoded."""


def allowed(address: str, hosts: Sequence[str]) -> bool:
    """Whether an address stays here, or leads to one of the hosts or to what stands below them.

    Args:
        address: of a link or an image, as it is written; entities and percent signs may hide it.
        hosts: the names that are allowed; `*`: every host that is plainly written.
    """
    plain = re.split(r"[?#]", _BLANK.sub("", html.unescape(address)), maxsplit=1)[0]
    for _ in range(_ROUNDS):
        if not _leads(plain, hosts):
            return False
        once = _BLANK.sub("", html.unescape(unquote(plain)))
        if once == plain:
            return True
        plain = once
    return False


def _leads(plain: str, hosts: Sequence[str]) -> bool:
    """Whether an address leads to one of the hosts, or stays here, as it stands."""
    if "\\" in plain:
        return False
    found = _AUTHORITY.match(plain)
    if found is None:
        return _SCHEME.match(plain) is None
    host = _host(found[1])
    return bool(host) and any(
        name == "*" or host == _ascii(name) or host.endswith(f".{_ascii(name)}") for name in hosts
    )


def _host(authority: str) -> str:
    """The host of an authority, its port left out; empty where it is not plainly written."""
    name, _, port = authority.partition(":")
    if (port and not port.isdigit()) or not _HOST.fullmatch(name):
        return ""
    return _ascii(name)


def _ascii(name: str) -> str:
    try:
        return name.strip().rstrip(".").lower().encode("idna").decode()
    except UnicodeError:
        return name.lower() if name.isascii() else ""

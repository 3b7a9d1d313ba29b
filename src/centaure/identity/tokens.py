"""Secrets that Centaure makes: 256 random bits, of which only the SHA-256 is kept.

So much randomness needs no slow hash; whoever reads the database cannot use what is in it.
"""

import hashlib
import hmac
import re
import secrets
from typing import NamedTuple

_PREFIX_ALPHABET = (
    "abcdefghijkmnpqrstuvwxyz23456789"  # nothing that a person reads as something else
)


class KeySecret(NamedTuple):
    """An API key as its owner holds it, `cen_PREFIX_SECRET`; the prefix finds it, the secret proves it."""

    prefix: str
    secret: str

    def __str__(self) -> str:
        return f"cen_{self.prefix}_{self.secret}"


def new_token() -> str:
    """A random token of 43 characters that can stand in an address."""
    return secrets.token_urlsafe(32)


def new_key() -> KeySecret:
    """A random API key."""
    return KeySecret("".join(secrets.choice(_PREFIX_ALPHABET) for _ in range(10)), new_token())


def parse_key(written: str) -> KeySecret | None:
    """The parts of an API key, or None for anything else."""
    found = re.fullmatch(r"cen_([a-z0-9]{10})_([A-Za-z0-9_-]{43})", written, re.ASCII)
    return None if found is None else KeySecret(found[1], found[2])


def fingerprint(token: str) -> bytes:
    """What is kept of a token: its SHA-256."""
    return hashlib.sha256(token.encode(errors="replace")).digest()


def csrf_token(session_token: str) -> str:
    """What a page must repeat in a header: it follows from the cookie, which no other site can read."""
    return hmac.new(session_token.encode(), b"centaure csrf", hashlib.sha256).hexdigest()

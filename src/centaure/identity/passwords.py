"""Passwords: argon2id, off the event loop, and as slow for an unknown user as for a known one."""

import unicodedata

from anyio import CapacityLimiter, to_thread
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from centaure.kit.errors import InvalidInput

SHORTEST = 12
LONGEST = 1000

# RFC 9106, second recommendation: 64 MiB, three passes. The limiter bounds memory to four of them.
_hasher = PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=4)
_limiter = CapacityLimiter(4)
# Checked for nobody's password: the hash of 256 random bits that were thrown away.
_NOBODY = (
    "$argon2id$v=19$m=65536,t=3,p=4$14vi31yrMFZJotHcvo4kNg$"
    "7U8WY/RVNrX38wMLywLU9GDd+AZTj9MDprcfGb9jieY"
)


def refuse_weak(password: str) -> None:
    """Refuse a password that is too short, or absurdly long.

    Raises:
        InvalidInput: with the length to reach.
    """
    if len(_normal(password)) < SHORTEST:
        raise InvalidInput(f"Choose a password of at least {SHORTEST} characters; words are fine.")
    if len(password) > LONGEST:
        raise InvalidInput(f"Choose a password of at most {LONGEST} characters.")


async def hash_password(password: str) -> str:
    """The argon2id hash, with its parameters and salt (PHC string).

    Raises:
        InvalidInput: the password is too weak.
    """
    refuse_weak(password)
    return await to_thread.run_sync(_hasher.hash, _normal(password), limiter=_limiter)


async def matches(stored: str | None, password: str) -> bool:
    """Whether this is the password; with no hash, no, after the same work."""
    found = await to_thread.run_sync(
        _verify, stored or _NOBODY, _normal(password), limiter=_limiter
    )
    return found and stored is not None


def _verify(stored: str, password: str) -> bool:
    try:
        return _hasher.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


def _normal(password: str) -> str:
    """One form for what different keyboards compose differently (NIST SP 800-63B, 5.1.1.2)."""
    return unicodedata.normalize("NFKC", password)

"""How often somebody may fail to sign in, counted in the database for every process at once.

An attempt is counted before its password is checked, whether or not the login exists, and given back
when it succeeds. A burst is allowed, then one attempt each time its share of the window has passed.
"""

import hashlib
import hmac
import ipaddress
import math
from datetime import timedelta

from centaure.identity import repository
from centaure.kit.database import WriteSession

WINDOW = timedelta(minutes=15)
PER_ADDRESS = 100  # an office may share one address
PER_LOGIN_AND_ADDRESS = 10
PER_LOGIN = (
    100  # from everywhere: to close a login to its owner takes ten addresses, and lasts minutes
)


async def take_turn(session: WriteSession, key: bytes, login: str, address: str) -> int:
    """Count an attempt; 0, or the whole seconds to wait before the next.

    The login comes last: an attempt that its address is refused costs the login nothing, so that one
    machine cannot keep somebody out.
    """
    for subject, allowed in _buckets(key, login, address):
        wait = await repository.take_turn(session, subject, allowed, WINDOW)
        if wait:
            return math.ceil(wait.total_seconds())
    return 0


async def give_back_turn(session: WriteSession, key: bytes, login: str, address: str) -> None:
    """Uncount an attempt that succeeded."""
    for subject, allowed in _buckets(key, login, address):
        await repository.give_back_turn(session, subject, allowed, WINDOW)


def _buckets(key: bytes, login: str, address: str) -> tuple[tuple[bytes, int], ...]:
    network = _network(address)
    return (
        (_subject(key, "address", network), PER_ADDRESS),
        (_subject(key, "login and address", f"{network} {login}"), PER_LOGIN_AND_ADDRESS),
        (_subject(key, "login", login), PER_LOGIN),
    )


def _subject(key: bytes, kind: str, value: str) -> bytes:
    return hmac.new(key, f"{kind}:{value}".encode(errors="replace"), hashlib.sha256).digest()


def _network(address: str) -> str:
    """An IPv6 subscriber owns 2^64 addresses: they count as one."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 4:
        return address
    return str(ipaddress.ip_network((int(parsed), 64), strict=False))

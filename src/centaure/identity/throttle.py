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
PER_LOGIN = 10
PER_ADDRESS = 100  # an office may share one address


async def take_turn(session: WriteSession, key: bytes, login: str, address: str) -> int:
    """Count an attempt; 0, or the whole seconds to wait before the next.

    The address comes first: once it is refused it costs the login nothing, so that one machine cannot
    keep somebody out for long.
    """
    wait = await repository.take_turn(session, *_address(key, address), WINDOW)
    wait = wait or await repository.take_turn(session, *_login(key, login), WINDOW)
    return math.ceil(wait.total_seconds())


async def give_back_turn(session: WriteSession, key: bytes, login: str, address: str) -> None:
    """Uncount an attempt that succeeded."""
    await repository.give_back_turn(session, *_address(key, address), WINDOW)
    await repository.give_back_turn(session, *_login(key, login), WINDOW)


def _login(key: bytes, login: str) -> tuple[bytes, int]:
    return _subject(key, "login", login), PER_LOGIN


def _address(key: bytes, address: str) -> tuple[bytes, int]:
    return _subject(key, "address", _network(address)), PER_ADDRESS


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

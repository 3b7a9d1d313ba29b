"""The way to a service of models: over HTTPS, or on this machine."""

import re
from urllib.parse import urlsplit

from centaure.kit.async_outbound import AsyncOutbound
from centaure.kit.errors import InvalidInput
from centaure.kit.outbound import Outbound

REFUSED_TEXT = frozenset({400, 413, 422})
"""Statuses by which services say that they will not take a text."""
_THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})


def service_client(
    address: str, *, key: str, ca_file: str, timeout_s: float, attempts: int
) -> Outbound:
    """A client of the service at this address and of no other; it opens nothing yet.

    Args:
        address: up to the version, such as `https://host/v1`.
        key: sent as a bearer token; empty: none is needed.
        ca_file: certificates to trust besides the system's own; empty: none.
        timeout_s: for the connection, and for each read.
        attempts: how often a request is sent, at most.

    Raises:
        InvalidInput: the address or the key is not one, or texts would travel in clear.
        Unavailable: `ca_file` cannot be read.
    """
    host, headers = check_address(address, key)
    return Outbound(
        hosts=(host,),
        headers=headers,
        ca_file=ca_file or None,
        timeout_s=timeout_s,
        longest_s=timeout_s,
        redirects=False,
        attempts=attempts,
    )


def async_client(address: str, *, key: str, ca_file: str) -> AsyncOutbound:
    """The same for those who wait in an event loop; arguments and errors as in `service_client`."""
    host, headers = check_address(address, key)
    return AsyncOutbound(hosts=(host,), headers=headers, ca_file=ca_file or None)


def check_address(address: str, key: str) -> tuple[str, dict[str, str]]:
    """The host of an address, and the headers that carry the key; opens nothing.

    Raises:
        InvalidInput: as in `service_client`.
    """
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        parts = urlsplit("")
    plain = parts.scheme in {"http", "https"} and not (
        parts.username or parts.password or parts.query or parts.fragment
    )
    if not plain or not parts.hostname:
        raise InvalidInput(
            "Write the address of the service as https://host/v1, and its key in a file."
        )
    if parts.scheme == "http" and parts.hostname not in _THIS_MACHINE:
        raise InvalidInput(
            "What is sent and the key would travel in clear: only this machine may be spoken to "
            "without HTTPS."
        )
    if not re.fullmatch(r"[!-~]*", key):
        raise InvalidInput("The key holds characters that no key has: one line, no spaces.")
    return parts.hostname, {"Authorization": f"Bearer {key}"} if key else {}

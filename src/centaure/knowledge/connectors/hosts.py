"""Which machine the name of a host means."""

import ipaddress


def is_loopback(host: str) -> bool:
    """Whether a host is this machine, by its very name."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False

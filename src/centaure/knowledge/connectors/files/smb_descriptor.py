"""Security descriptors of shares, folders and files, as rights of a place.

The entries of a list count in their order (MS-DTYP 2.5.3.2), and what was granted before a denial stays
granted. Here whoever is shut out before everyone is let in stays out, whatever let them in before: narrower
than the server, never wider. Privileges of administrators and backup programs open nothing.

Entries that depend on anything but who asks (conditions, classes of objects) open nothing, and where they
shut out somebody they shut out all; so does a central access policy, which is nowhere in the list, and a
label against reading up.

Where Samba makes a list of POSIX rights, an entry that grants nothing stands for a denial. So whoever is
named and never granted a right stays out where all others have it.
"""

import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from typing import Protocol

from centaure.knowledge.connectors.files.smb_directory import Meaning
from centaure.knowledge.connectors.files.smb_rpc import Malformed, sid_of
from centaure.knowledge.connectors.port import EVERYONE, PlaceAccess

INFORMATION = 0x55
"""Owner, list, label and central policy (MS-SMB2 2.2.37): READ_CONTROL lets one read them."""

_HEADER = struct.Struct("<BBHIIII")
_SELF_RELATIVE, _LIST_PRESENT, _SYSTEM_LIST_PRESENT = 0x8000, 0x4, 0x10
_INHERIT_ONLY = 0x8
_GENERIC_ALL, _GENERIC_EXECUTE, _GENERIC_READ = 0x10000000, 0x20000000, 0x80000000
_NO_READ_UP = 0x2
_OWNER_RIGHTS = "S-1-3-4"
_UNIX_GROUPS = "S-1-22-2-"
_NOBODY_KNOWN = Meaning(complete=False)

# Types of entries, MS-DTYP 2.4.4.1
_ALLOW, _DENY = 0x00, 0x01
_ALLOW_SOMETIMES = frozenset({0x04, 0x05, 0x09, 0x0B})
_DENY_SOMETIMES = frozenset({0x06, 0x0A, 0x0C})
_NO_ACCESS = frozenset({0x02, 0x03, 0x07, 0x08, 0x0D, 0x0E, 0x0F, 0x10, 0x12})
"""They have something recorded, or describe the file."""
_LABEL, _POLICY = 0x11, 0x13


class Right(Enum):
    """What is asked of a list; the value is every bit of a mask that grants it (MS-DTYP 2.4.3)."""

    READ = 0x1 | _GENERIC_READ | _GENERIC_ALL
    PASS = 0x20 | _GENERIC_EXECUTE | _GENERIC_ALL


class Unclear(Exception):
    """Rights that cannot be understood; the message says why, and goes in brackets into a sentence."""


@dataclass(frozen=True, slots=True)
class Ace:
    """An entry that counts: whom it lets do what, or shuts out ("" is somebody whom it does not say)."""

    allows: bool
    mask: int
    sid: str


@dataclass(frozen=True, slots=True)
class Descriptor:
    """A security descriptor, as far as it says who reads.

    Attributes:
        owner: a SID; "" where none is told.
        entries: in their order; None lets everyone in.
    """

    owner: str
    entries: tuple[Ace, ...] | None


class People(Protocol):
    """Who is behind SIDs: `smb_directory.Directory`."""

    def meanings(self, sids: Iterable[str]) -> Mapping[str, Meaning]:
        """Whom each of them means."""
        ...


def read_descriptor(written: bytes) -> Descriptor:
    """A self-relative SECURITY_DESCRIPTOR (MS-DTYP 2.4.6) of which at least the list was asked for.

    Raises:
        Unclear: it cannot be understood.
    """
    try:
        revision, _, control, owner, _, system, own = _HEADER.unpack_from(written)
        if revision != 1 or not control & _SELF_RELATIVE:
            raise Unclear("they are of an unknown kind")
        if control & _SYSTEM_LIST_PRESENT and system:
            for kind, _, body in _entries(written, system):
                _refuse_policies(kind, body)
        if not control & _LIST_PRESENT:
            raise Unclear("the server gives no list")
        name = sid_of(written[owner:]) if owner else ""
        if not own:
            return Descriptor(name, None)
        entries = [_understood(*entry) for entry in _entries(written, own)]
        return Descriptor(name, tuple(entry for entry in entries if entry is not None))
    except (struct.error, Malformed):
        raise Unclear("they are damaged") from None


def access_of(descriptor: Descriptor, right: Right, people: People, name: str) -> PlaceAccess:
    """Who has a right by a descriptor; nobody, with a problem, where it shuts out somebody unknown.

    Args:
        descriptor: of what.
        right: asked for.
        people: who is behind SIDs.
        name: what a problem calls it.

    Raises:
        PlaceUnavailable: whoever knows the people does not answer.
    """
    if descriptor.entries is None:
        return PlaceAccess((frozenset({EVERYONE}),))
    entries = [
        replace(entry, sid=descriptor.owner if entry.sid == _OWNER_RIGHTS else entry.sid)
        for entry in descriptor.entries
    ]
    counting = [entry for entry in entries if entry.mask & right.value]
    meanings = people.meanings({entry.sid for entry in counting if entry.sid})
    opened: set[str] = set()
    closed: set[str] = set()
    unknown: set[str] = set()
    for entry in counting:
        meaning = meanings.get(entry.sid, _NOBODY_KNOWN)
        if entry.allows:
            opened |= meaning.names
            unknown |= set() if meaning.complete else {entry.sid}
        elif not meaning.complete:
            return _shuts_out(name, entry.sid)
        else:
            closed |= meaning.names
        if EVERYONE in opened or EVERYONE in closed:
            break
    named = {entry.sid for entry in descriptor.entries if entry.allows} - {_OWNER_RIGHTS}
    left_out = people.meanings(named - {entry.sid for entry in counting if entry.allows})
    for sid, meaning in sorted(left_out.items()):
        if not _counts(opened, sid, meaning):
            continue
        if not meaning.complete:
            return _shuts_out(name, sid)
        closed |= {key for key in meaning.names if EVERYONE in opened or key.startswith("user:")}
    if not opened and unknown:
        whom = ", ".join(sorted(filter(None, unknown))[:3]) or "an owner"
        return PlaceAccess.unreadable(
            f"The rights of {name} let in only {whom}, of whom it is not known who that is. Name the "
            "directory that knows them, or let in people whom it knows."
        )
    return PlaceAccess((frozenset(opened),), frozenset(closed - {EVERYONE}))


def _counts(opened: set[str], sid: str, meaning: Meaning) -> bool:
    """Whether an entry that lets somebody do other things only shuts them out.

    Samba writes so whom POSIX rights leave out (acl(5)): a person whatever lets in their groups, a group
    where all others are let in.
    """
    if EVERYONE in meaning.names:
        return False
    if EVERYONE in opened:
        return True
    is_group = sid.startswith(_UNIX_GROUPS) or any(
        key.startswith("group:") for key in meaning.names
    )
    return not is_group and any(key.startswith("group:") for key in opened)


def _shuts_out(name: str, sid: str) -> PlaceAccess:
    whom = f"{sid}, of whom it is not fully known who that is" if sid else "some under a condition"
    return PlaceAccess.unreadable(
        f"The rights of {name} shut out {whom}, so nobody sees it. Shut out accounts and groups that the "
        "server or the directory tells."
    )


def joined(accesses: Iterable[PlaceAccess]) -> PlaceAccess:
    """Whom all of them let in."""
    clauses: dict[frozenset[str], None] = {}
    denied: frozenset[str] = frozenset()
    problem = ""
    for access in accesses:
        clauses |= dict.fromkeys(access.clauses)
        denied |= access.denied
        problem = problem or access.problem
    return PlaceAccess(tuple(clauses), denied, problem)


def _entries(written: bytes, start: int) -> list[tuple[int, int, bytes]]:
    """Type, flags and body of each entry of a list (MS-DTYP 2.4.5, 2.4.4.1)."""
    revision, _, size, count, _ = struct.unpack_from("<BBHHH", written, start)
    end = start + size
    if start < _HEADER.size or revision not in {2, 4} or size < 8 or end > len(written):
        raise Malformed
    found: list[tuple[int, int, bytes]] = []
    at = start + 8
    for _ in range(count):
        if at + 4 > end:
            raise Malformed
        kind, flags, length = struct.unpack_from("<BBH", written, at)
        if length < 8 or at + length > end:
            raise Malformed
        found.append((kind, flags, written[at + 4 : at + length]))
        at += length
    return found


def _understood(kind: int, flags: int, body: bytes) -> Ace | None:
    """An entry, or None where it lets nobody do anything to this one."""
    if flags & _INHERIT_ONLY or kind in _NO_ACCESS or kind in _ALLOW_SOMETIMES:
        return None
    (mask,) = struct.unpack_from("<I", body)
    if kind in {_ALLOW, _DENY}:
        return Ace(kind == _ALLOW, mask, sid_of(body[4:]))
    if kind in _DENY_SOMETIMES:
        return Ace(allows=False, mask=mask, sid="")
    _refuse_policies(kind, body)
    raise Unclear(f"they have an entry of the unknown type {kind}")


def _refuse_policies(kind: int, body: bytes) -> None:
    if kind == _POLICY:
        raise Unclear("a central access policy decides, which only the server can read")
    (mask,) = struct.unpack_from("<I", body)
    if kind == _LABEL and mask & _NO_READ_UP:
        raise Unclear("an integrity label keeps readers out")

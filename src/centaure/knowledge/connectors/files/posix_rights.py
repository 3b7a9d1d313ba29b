"""Owner, group, mode and access control list of files, as rights of a place.

A reader passes every folder on the way, from the source's own down (search permission), and reads the file.
In each, one entry decides: the owner's, else a named user's, else the groups', else that of all others
(acl(5), POSIX 1003.1e draft 17). Where others are let in and a group is not, all its members stay out, the
owner among them: narrower than the system, never wider.

People are known by the names of their accounts, which are their logins; "others" are whoever is signed in.
An account or a group that is shut out and that this machine cannot name closes what others may read: who is
behind the number would be let in among the others.
"""

import errno
import grp
import os
import pwd
import stat
import struct
from collections.abc import Collection, Iterator
from functools import lru_cache

from centaure.knowledge.connectors.port import EVERYONE, PlaceAccess, PlaceGroup

_ATTRIBUTE = "system.posix_acl_access"
_READ, _SEARCH = 4, 1
_PREFIX = "posix/"
_VERSION = 2
_USER_OWNER, _USER, _GROUP_OWNER, _GROUP, _MASK, _OTHER = 0x01, 0x02, 0x04, 0x08, 0x10, 0x20
_NO_LIST = {errno.ENODATA, errno.ENOTSUP}


def folder_access(descriptor: int, name: str, above: PlaceAccess | None) -> PlaceAccess:
    """Who passes an open folder, and those on the way to it."""
    return _joined(above, _access(descriptor, None, name, _SEARCH))


def file_access(holder: int, name: str, above: PlaceAccess) -> PlaceAccess:
    """Who reads a file of an open folder, on the way to which are folders."""
    return _joined(above, _access(holder, name, name, _READ))


def forget_accounts() -> None:
    """Ask the machine again who its accounts and groups are: they come, go and fail to answer."""
    _user.cache_clear()
    _is_known_group.cache_clear()


def posix_groups(named: Collection[str]) -> Iterator[PlaceGroup]:
    """The groups of this machine that rights name; one that is unknown has no members."""
    primary: dict[int, list[str]] = {}
    for account in pwd.getpwall():
        primary.setdefault(account.pw_gid, []).append(account.pw_name)
    for name in named:
        number = name.removeprefix(_PREFIX)
        if not number.isdecimal():
            continue
        try:
            found = grp.getgrgid(int(number))
        except KeyError:
            continue
        members = {*found.gr_mem, *primary.get(int(number), ())}
        yield PlaceGroup(name, found.gr_name, tuple(sorted(members)))


def _joined(above: PlaceAccess | None, own: PlaceAccess) -> PlaceAccess:
    if above is None:
        return own
    clauses = dict.fromkeys((*above.clauses, *own.clauses))
    return PlaceAccess(tuple(clauses), above.denied | own.denied, above.problem or own.problem)


def _access(descriptor: int, inside: str | None, name: str, permission: int) -> PlaceAccess:
    """By an open folder, or by a file inside it: its path could lead elsewhere by now."""
    try:
        if inside is None:
            status = os.fstat(descriptor)
        else:
            status = os.stat(inside, dir_fd=descriptor, follow_symlinks=False)
        if not stat.S_ISDIR(status.st_mode) and not stat.S_ISREG(status.st_mode):
            # A link is open to all by its mode, whatever it leads to.
            return PlaceAccess.unreadable(f"The rights of {name} cannot be read (it was replaced).")
        entries = _entries(descriptor, inside, status)
    except (OSError, struct.error) as error:
        why = error.strerror if isinstance(error, OSError) else "its access control list is damaged"
        return PlaceAccess.unreadable(f"The rights of {name} cannot be read ({why}).")
    return _decided(status, entries, permission)


def _entries(
    descriptor: int, inside: str | None, status: os.stat_result
) -> list[tuple[int, int, int]]:
    """Kind, permissions and number of each entry; the three of the mode where there is no list."""
    try:
        if inside is None:
            written = os.getxattr(descriptor, _ATTRIBUTE)
        else:
            # There is no call that takes a folder and a name, and a file that is closed cannot be opened.
            place = f"/proc/self/fd/{descriptor}/{inside}"
            written = os.getxattr(place, _ATTRIBUTE, follow_symlinks=False)
    except OSError as error:
        if error.errno not in _NO_LIST:
            raise
        mode = stat.S_IMODE(status.st_mode)
        return [
            (_USER_OWNER, mode >> 6 & 7, 0),
            (_GROUP_OWNER, mode >> 3 & 7, 0),
            (_OTHER, mode & 7, 0),
        ]
    if struct.unpack_from("<I", written)[0] != _VERSION:
        raise struct.error
    return [struct.unpack_from("<HHI", written, place) for place in range(4, len(written), 8)]


def _decided(
    status: os.stat_result, entries: list[tuple[int, int, int]], permission: int
) -> PlaceAccess:
    mask = next((bits for kind, bits, _ in entries if kind == _MASK), 7)
    opened: set[str] = set()
    closed: set[str] = set()
    unknown: set[str] = set()
    for kind, bits, number in entries:
        if kind == _USER and number == status.st_uid:
            continue  # the owner's own entry decides
        if kind not in {_USER_OWNER, _USER, _GROUP_OWNER, _GROUP, _OTHER}:
            continue
        granted = bits if kind in {_USER_OWNER, _OTHER} else bits & mask
        key, words = _meant(kind, number, status)
        if granted & permission:
            opened.add(key)
        elif key and key != EVERYONE:
            closed.add(key)
        if not granted & permission and words:
            unknown.add(words)
    if EVERYONE not in opened:
        # Whom no entry opens is out anyway; what is left is who belongs to an open group as well.
        closed = {key for key in closed if key.startswith("user:")}
        in_group = any(key.startswith("group:") for key in opened)
        unknown = {words for words in unknown if in_group and words.startswith("account")}
    if unknown:
        return PlaceAccess.unreadable(
            f"The rights shut out the {', the '.join(sorted(unknown))}, whom this machine does not know, so "
            "nobody sees it. Make the number known here, or take it out of the rights."
        )
    return PlaceAccess((frozenset(opened - {""}),), frozenset(closed))


def _meant(kind: int, number: int, status: os.stat_result) -> tuple[str, str]:
    """Whom an entry means, and in words whom this machine cannot name."""
    if kind == _OTHER:
        return EVERYONE, ""
    if kind in {_USER_OWNER, _USER}:
        number = status.st_uid if kind == _USER_OWNER else number
        key = _user(number)
        return key, "" if key else f"account {number}"
    number = status.st_gid if kind == _GROUP_OWNER else number
    return f"group:{_PREFIX}{number}", "" if _is_known_group(number) else f"group {number}"


@lru_cache(maxsize=4096)
def _is_known_group(number: int) -> bool:
    try:
        grp.getgrgid(number)
    except KeyError:
        return False
    return True


@lru_cache(maxsize=4096)
def _user(number: int) -> str:
    try:
        return f"user:{pwd.getpwuid(number).pw_name}"
    except KeyError:
        return ""

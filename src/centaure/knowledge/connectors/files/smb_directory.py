"""Who is behind the SIDs of rights: names by MS-LSAT, members of groups by MS-SAMR.

A person is a user account of one domain: that of the directory's machine, or the file server's own where no
other is named. An account of any other machine or domain is nobody, whatever its name: two accounts of one
name in two domains are two people. Local groups of the file server are asked of the file server, and may hold
accounts and groups of the domain.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from centaure.knowledge.connectors.files.smb_rpc import (
    Malformed,
    Pipe,
    Refused,
    Values,
    interface,
    number,
    sid,
    text,
)
from centaure.knowledge.connectors.files.smb_session import Machine
from centaure.knowledge.connectors.port import EVERYONE, PlaceGroup

_LSARPC = "lsarpc", "12345778-1234-abcd-ef00-0123456789ab", 0
_SAMR = "samr", "12345778-1234-abcd-ef00-0123456789ac", 1
_SRVSVC = "srvsvc", "4b324fc8-1670-01d3-1278-5a47bf6ee188", 3

# Opnums of MS-LSAT 3.1.4, MS-LSAD 3.1.4, MS-SAMR 3.1.5 and MS-SRVS 3.1.4
_LSA_QUERY_POLICY, _LSA_LOOKUP_SIDS, _LSA_OPEN_POLICY = 7, 15, 44
_SAM_OPEN_DOMAIN, _SAM_OPEN_GROUP, _SAM_GROUP_MEMBERS = 7, 19, 25
_SAM_OPEN_ALIAS, _SAM_ALIAS_MEMBERS, _SAM_CONNECT = 27, 33, 57
_SHARE_INFO = 16

_VIEW_AND_LOOKUP = 0x801  # POLICY_VIEW_LOCAL_INFORMATION and POLICY_LOOKUP_NAMES
_ACCOUNT_DOMAIN = 5
_SAM_LOOKUP_DOMAIN, _DOMAIN_LOOKUP, _GROUP_LIST, _ALIAS_LIST = 0x21, 0x200, 0x10, 0x4
_SHARE_LEVEL = 502

_SOME_NOT_MAPPED, _NONE_MAPPED = 0x107, 0xC0000073
_USER, _GROUP, _ALIAS = 1, 2, 4
_HANDLE = 20
_AT_ONCE = 40
"""SIDs of one lookup: the longest that there are still fit into one request."""
_MOST_KNOWN = 500_000

_BUILTIN = "S-1-5-32"
_UNIX_USERS = "S-1-22-1"
_PRIMARY = "-513"
"""Domain users: whose first group it is may not be among the members that a server tells."""
_ALL_PEOPLE = frozenset({"S-1-1-0", "S-1-5-2", "S-1-5-11"})
"""Everyone, who comes over the network, and authenticated users (MS-DTYP 2.4.2.4)."""
_NO_PEOPLE = frozenset({"S-1-3-0", "S-1-3-1", "S-1-5-7", "S-1-5-18", "S-1-5-19", "S-1-5-20"})
"""Creator owner and group, meant for what is made below; anonymous; the system and its services."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """Whom a SID means.

    Attributes:
        names: `*`, `user:LOGIN` or `group:ID`, as in `PlaceAccess`.
        complete: whether these are all whom it means; what shuts out somebody unknown shuts out all.
    """

    names: frozenset[str] = frozenset()
    complete: bool = True


@dataclass(frozen=True, slots=True)
class _Known:
    """An account of a machine.

    Attributes:
        kind: of account; "unknown" for what cannot be told or counts for nobody.
        name: a person's login, or what people call a group.
        group: identifier of a group.
        members: SIDs of those in a group.
        whole: whether these are all; a directory does not tell those whose first group it is.
    """

    kind: Literal["person", "group", "unknown"]
    name: str = ""
    group: str = ""
    members: tuple[str, ...] = ()
    whole: bool = True


_UNKNOWN = _Known("unknown")


class Directory:
    """Accounts and groups behind SIDs, as they were when first asked for since the last `forget`.

    Used by one thread at a time.
    """

    def __init__(self, server: Machine, domain: Machine | None, suffix: str) -> None:
        """Asks nothing yet.

        Args:
            server: the file server.
            domain: the machine that keeps the accounts of the domain; None for the file server itself.
            suffix: what a login has after the name of an account.
        """
        self._server = server
        self._domain = domain
        self._suffix = suffix
        self._known: dict[str, _Known] = {}
        self._meanings: dict[str, Meaning] = {}
        self._keepers: dict[str, Machine] | None = None

    def forget(self) -> None:
        """Ask anew: accounts and members come and go."""
        self._known.clear()
        self._meanings.clear()
        self._keepers = None

    def meanings(self, sids: Iterable[str]) -> Mapping[str, Meaning]:
        """Whom each of the SIDs means.

        Raises:
            PlaceUnavailable: a machine does not answer.
        """
        asked = set(sids)
        if missing := asked - self._meanings.keys():
            self._learn(missing)
            for one in missing:
                self._meanings[one] = self._meant(one)
        return {one: self._meanings[one] for one in asked}

    def groups(self, named: Collection[str]) -> Iterator[PlaceGroup]:
        """The groups named, by identifier, and those in them; one that cannot be read is left out.

        Raises:
            PlaceUnavailable: a machine does not answer.
        """
        waiting = {name: found for name in named if _is_sid(found := name.rpartition("/")[2])}
        self._learn(waiting.values())
        seen: set[str] = set()
        while waiting:
            name, found = waiting.popitem()
            known = self._known.get(found, _UNKNOWN)
            if known.kind != "group" or known.group != name or name in seen:
                continue
            seen.add(name)
            inside = [self._known.get(member, _UNKNOWN) for member in known.members]
            contained = {
                one.group: member
                for member, one in zip(known.members, inside, strict=True)
                if one.kind == "group"
            }
            waiting |= contained
            users = {one.name for one in inside if one.kind == "person"}
            yield PlaceGroup(name, known.name, tuple(sorted(users)), tuple(sorted(contained)))

    def _meant(self, one: str) -> Meaning:
        if one in _ALL_PEOPLE:
            return Meaning(frozenset({EVERYONE}))
        if one in _NO_PEOPLE:
            return Meaning()
        known = self._known.get(one, _UNKNOWN)
        if known.kind == "person":
            return Meaning(frozenset({f"user:{known.name}"}))
        if known.kind == "unknown":
            return Meaning(complete=False)
        names, complete = {f"group:{known.group}"}, known.whole
        waiting, seen = [*known.members], {one}
        while waiting:
            member = waiting.pop()
            if member in seen or member in _NO_PEOPLE:
                continue
            seen.add(member)
            if member in _ALL_PEOPLE:
                # A group of the port cannot hold everyone.
                names.add(EVERYONE)
                continue
            inner = self._known.get(member, _UNKNOWN)
            complete = complete and inner.kind != "unknown" and inner.whole
            waiting.extend(inner.members)
        return Meaning(frozenset(names), complete)

    def _learn(self, sids: Iterable[str]) -> None:
        """Learn who is behind these SIDs, and behind those of the groups among them."""
        waiting = set(sids)
        while waiting := waiting - self._known.keys() - _ALL_PEOPLE - _NO_PEOPLE:
            if len(self._known) + len(waiting) > _MOST_KNOWN:
                return  # the others stay unknown
            asked: dict[str, tuple[Machine, list[str]]] = {}
            for one in waiting:
                keeper = self._keeper(one)
                if keeper is None:
                    self._known[one] = _UNKNOWN
                else:
                    asked.setdefault(keeper.name, (keeper, []))[1].append(one)
            found: set[str] = set()
            for keeper, some in asked.values():
                for one, known in self._told(keeper, sorted(some)):
                    self._known[one] = known
                    found.update(known.members)
            waiting = found

    def _told(self, keeper: Machine, sids: list[str]) -> Iterator[tuple[str, _Known]]:
        """What the machine that keeps these accounts says of each."""
        try:
            names = looked_up(keeper, sids)
        except Refused:
            names = dict.fromkeys(sids, (0, ""))
        groups = [one for one in sids if names[one][0] in {_GROUP, _ALIAS} and names[one][1]]
        members = members_of(keeper, {one: names[one][0] == _ALIAS for one in groups})
        for one in sids:
            use, name = names[one]
            if use == _USER and name and self._is_person(one, name):
                yield one, _Known("person", name.casefold() + self._suffix)
            elif one in members:
                whole = use == _ALIAS or (self._domain is None and not one.endswith(_PRIMARY))
                yield one, _Known("group", name, f"smb/{keeper.name}/{one}", members[one], whole)
            else:
                yield one, _UNKNOWN

    def _is_person(self, one: str, name: str) -> bool:
        if name.endswith("$"):
            return False  # a computer
        scope = one.rpartition("-")[0]
        if scope == _UNIX_USERS:
            # Samba names an account that is not there by its number.
            return self._domain is None and not name.isdecimal()
        keeper = self._keeper(one)
        return scope != _BUILTIN and keeper is (self._domain or self._server)

    def _keeper(self, one: str) -> Machine | None:
        """The machine that keeps an account or a group; None where none of ours does."""
        scope = one.rpartition("-")[0]
        if scope in {_BUILTIN, _UNIX_USERS}:
            return self._server
        if self._keepers is None:
            self._keepers = {}
            # The domain's comes last: it prevails where the file server is its controller.
            for machine in filter(None, (self._server, self._domain)):
                try:
                    self._keepers[account_domain(machine)] = machine
                except Refused:
                    continue
        return self._keepers.get(scope)


def _is_sid(letters: str) -> bool:
    try:
        sid(letters)
    except Malformed:
        return False
    return True


def account_domain(machine: Machine) -> str:
    """The SID of the domain whose accounts a machine keeps (MS-LSAD 3.1.4.4.4).

    Raises:
        Refused: it does not tell.
        PlaceUnavailable: it does not answer.
    """
    with interface(machine, *_LSARPC) as pipe:
        told = pipe.call(_LSA_QUERY_POLICY, _policy(pipe) + _ACCOUNT_DOMAIN.to_bytes(2, "little"))
        if not told.number():
            raise Refused
        if told.number(2) != _ACCOUNT_DOMAIN:
            raise Malformed
        name = _Name(told)
        has_sid = told.number()
        name.text(told)
        if not has_sid:
            raise Refused
        found = told.sid()
        _succeeded(told)
        return found


def looked_up(machine: Machine, sids: list[str]) -> dict[str, tuple[int, str]]:
    """Kind (SID_NAME_USE, MS-LSAT 2.2.13) and name of each account; 0 and "" of one that is unknown.

    Raises:
        Refused: the machine does not tell.
        PlaceUnavailable: it does not answer.
    """
    found: dict[str, tuple[int, str]] = {}
    with interface(machine, *_LSARPC) as pipe:
        policy = _policy(pipe)
        for start in range(0, len(sids), _AT_ONCE):
            some = sids[start : start + _AT_ONCE]
            found.update(zip(some, _names(pipe, policy, some), strict=True))
    return found


def members_of(machine: Machine, groups: Mapping[str, bool]) -> dict[str, tuple[str, ...]]:
    """SIDs of the members of groups; one whose members the machine does not tell is left out.

    Args:
        machine: that keeps the groups.
        groups: their SIDs, and whether each is an alias (a local group) rather than a global one.

    Raises:
        PlaceUnavailable: the machine does not answer.
    """
    found: dict[str, tuple[str, ...]] = {}
    if not groups:
        return found
    try:
        with interface(machine, *_SAMR) as pipe:
            said = number(1) + text(rf"\\{machine.host}") + number(_SAM_LOOKUP_DOMAIN)
            server = _handle(pipe.call(_SAM_CONNECT, said))
            domains: dict[str, bytes | None] = {}
            for group, is_alias in groups.items():
                scope, _, relative = group.rpartition("-")
                if scope not in domains:
                    domains[scope] = _sam_domain(pipe, server, scope)
                domain = domains[scope]
                if domain is None:
                    continue
                try:
                    members = _members(pipe, domain, scope, int(relative), is_alias=is_alias)
                except Refused:
                    continue
                found[group] = members
    except Refused:
        return found
    return found


def share_descriptor(machine: Machine, share: str) -> bytes:
    """The security descriptor of a share itself (MS-SRVS 2.2.4.26, SHARE_INFO_502_I).

    Raises:
        Refused: the machine does not tell it to this user.
        PlaceUnavailable: it does not answer.
    """
    with interface(machine, *_SRVSVC) as pipe:
        server = text(rf"\\{machine.host}")
        told = pipe.call(_SHARE_INFO, number(1) + server + text(share) + number(_SHARE_LEVEL))
        if told.number() != _SHARE_LEVEL or not told.number():
            raise Refused
        name, _, remark, _, _, _, path, password, _, descriptor = (told.number() for _ in range(10))
        for words in (name, remark, path, password):
            if words:
                told.text()
        if not descriptor:
            raise Refused
        found = told.octets(told.count(1))
        _succeeded(told)
        return found


class _Name:
    """An RPC_UNICODE_STRING (MS-DTYP 2.3.10), whose text comes later."""

    def __init__(self, told: Values) -> None:
        _, _ = told.number(2), told.number(2)
        self._follows = told.number() != 0

    def text(self, told: Values) -> str:
        """Its text, once it is there."""
        return told.text() if self._follows else ""


def _policy(pipe: Pipe) -> bytes:
    attributes = number(24) + number(0) * 5
    return _handle(pipe.call(_LSA_OPEN_POLICY, number(0) + attributes + number(_VIEW_AND_LOOKUP)))


def _names(pipe: Pipe, policy: bytes, sids: list[str]) -> list[tuple[int, str]]:
    said = policy + number(len(sids)) + number(1) + number(len(sids))
    said += b"".join(number(place + 1) for place in range(len(sids)))
    said += b"".join(map(sid, sids))
    said += number(0) + number(0) + b"\1\0\0\0" + number(0)  # no names yet; LsapLookupWksta
    told = pipe.call(_LSA_LOOKUP_SIDS, said)
    _pass_domains(told)
    count, follows = told.number(), told.number()
    shown: list[tuple[int, _Name]] = []
    if follows:
        if told.count(16) != count:
            raise Malformed
        for _ in range(count):
            use = told.number(2)
            # The name is aligned to four, as the pointer in it is.
            padding = told.number(2)
            shown.append((use, _Name(told)))
            _ = padding, told.number()
    names = [(use, name.text(told)) for use, name in shown]
    _ = told.number()
    status = told.number()
    if status == _NONE_MAPPED:
        return [(0, "")] * len(sids)
    if status not in {0, _SOME_NOT_MAPPED}:
        raise Refused
    if len(names) != len(sids):
        raise Malformed
    return names


def _pass_domains(told: Values) -> None:
    """Read past the domains that names refer to (LSAPR_REFERENCED_DOMAIN_LIST, MS-LSAT 2.2.12)."""
    if not told.number():
        return
    count, follows, _ = told.number(), told.number(), told.number()
    if not follows:
        return
    if told.count(12) != count:
        raise Malformed
    domains = [(_Name(told), told.number()) for _ in range(count)]
    for name, has_sid in domains:
        name.text(told)
        if has_sid:
            told.sid()


def _sam_domain(pipe: Pipe, server: bytes, scope: str) -> bytes | None:
    try:
        return _handle(pipe.call(_SAM_OPEN_DOMAIN, server + number(_DOMAIN_LOOKUP) + sid(scope)))
    except Refused:
        return None


def _members(
    pipe: Pipe, domain: bytes, scope: str, relative: int, *, is_alias: bool
) -> tuple[str, ...]:
    opening, access = (_SAM_OPEN_ALIAS, _ALIAS_LIST) if is_alias else (_SAM_OPEN_GROUP, _GROUP_LIST)
    group = _handle(pipe.call(opening, domain + number(access) + number(relative)))
    if is_alias:
        told = pipe.call(_SAM_ALIAS_MEMBERS, group)
        count, follows = told.number(), told.number()
        found: list[str] = []
        if follows:
            if told.count(4) != count:
                raise Malformed
            there = [told.number() for _ in range(count)]
            found = [told.sid() for one in there if one]
    else:
        told = pipe.call(_SAM_GROUP_MEMBERS, group)
        found = [f"{scope}-{one}" for one in _relatives(told)]
    _succeeded(told)
    return tuple(found)


def _relatives(told: Values) -> list[int]:
    """The members of a SAMPR_GET_MEMBERS_BUFFER (MS-SAMR 2.2.5.9), relative to their domain."""
    if not told.number():
        return []
    count, has_members, has_attributes = told.number(), told.number(), told.number()
    found: list[int] = []
    for follows in (has_members, has_attributes):
        if not follows:
            continue
        if told.count(4) != count:
            raise Malformed
        values = [told.number() for _ in range(count)]
        found = found or values
    return found if has_members else []


def _handle(told: Values) -> bytes:
    found = told.octets(_HANDLE)
    _succeeded(told)
    return found


def _succeeded(told: Values) -> None:
    if told.number() != 0:
        raise Refused

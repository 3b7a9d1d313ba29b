"""The users and groups that a source declares, as entries of the directory."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from centaure.identity.names import LONGEST, line
from centaure.kit.database import ReadSession, WriteSession
from centaure.kit.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class DirectoryGroup:
    """A group of a manifest, by its identifier there; the members of what it contains are its own."""

    id: str
    label: str
    contains_groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DirectoryUser:
    """A user of a manifest or a place, by its identifier there, which is the login.

    Attributes:
        name: None where the source says none: an account keeps its own.
        clearance: 0 to 3.
    """

    id: str
    name: str | None
    groups: tuple[str, ...] = ()
    clearance: int | None = None


@dataclass(frozen=True, slots=True)
class Directory:
    """The principals of what a source declares, by its identifiers."""

    users: dict[str, int]
    groups: dict[str, int]


async def upsert_manifest_directory(
    session: WriteSession,
    source_id: int,
    users: Collection[DirectoryUser],
    groups: Collection[DirectoryGroup],
    realm: Literal["group", "place"] = "group",
) -> Directory:
    """Make the directory hold exactly what this source declares, in the session's transaction.

    What its manifest declares and what its place does are two realms, which never meet.

    A user that exists keeps password, roles and state; a new one has no password. Groups belong to the
    source: those of another with the same identifier are others. Memberships, nesting and clearances
    that this source declared before and does not any more are gone; a group that a user or group names
    and that is not declared opens nothing. Identifiers must each be unique among users and groups.

    Args:
        session: as the indexer or the owner.
        source_id: of the source.
        users: declared there.
        groups: declared there.
        realm: of its manifest ("group") or of the place itself.

    Raises:
        InvalidInput: an identifier is empty, too long or surrounded by spaces; nothing was changed.
    """
    for entry in (*users, *groups):
        if line(entry.id, "An identifier of a user or group") != entry.id:
            raise InvalidInput(f"An identifier has no spaces around it: {entry.id!r} has.")
    prefix = f"source:{source_id}/{realm}:"
    accounts = {
        "logins": [user.id for user in users],
        "names": [(user.name or user.id)[:LONGEST] for user in users],
    }
    named = [user for user in users if user.name is not None]
    names = {
        "logins": [user.id for user in named],
        "names": [(user.name or user.id)[:LONGEST] for user in named],
    }
    for statement in (_ADD_USERS, _ADD_ACCOUNTS):
        await session.execute(statement, accounts)
    for statement in (_NAME_ACCOUNTS, _LABEL_USERS):
        await session.execute(statement, names)
    declared = {
        "prefix": prefix,
        "names": [group.id for group in groups],
        "labels": [group.label or group.id for group in groups],
    }
    for statement in (_REMOVE_GROUPS, _ADD_GROUPS):
        await session.execute(statement, declared)
    directory = Directory(
        users=await _ids(session, "user:", [user.id for user in users]),
        groups=await _ids(session, prefix, [group.id for group in groups]),
    )
    memberships = {
        (directory.groups[group], directory.users[user.id])
        for user in users
        for group in user.groups
        if group in directory.groups
    } | {
        (directory.groups[group.id], directory.groups[contained])
        for group in groups
        for contained in group.contains_groups
        if contained in directory.groups
    }
    belonging = {
        "source": source_id,
        "prefix": prefix,
        "groups": [group for group, _ in memberships],
        "members": [member for _, member in memberships],
    }
    claims = {
        "source": source_id,
        "principals": [directory.users[user.id] for user in users if user.clearance is not None],
        "levels": [user.clearance for user in users if user.clearance is not None],
    }
    await session.execute(_REMOVE_MEMBERS, belonging)
    await session.execute(_ADD_MEMBERS, belonging)
    if realm == "group":
        await session.execute(_REMOVE_CLAIMS, claims)
        await session.execute(_ADD_CLAIMS, claims)
    return directory


async def group_of_all(
    session: WriteSession, source_id: int, clauses: Collection[frozenset[int]]
) -> int:
    """The principal of a source whose members are in every clause; made where there is none yet.

    Args:
        session: as the indexer or the owner.
        source_id: of the source.
        clauses: principals of which one is enough, for each clause; one that is empty lets nobody in.
    """
    written = sorted(sorted(clause) for clause in clauses)
    digest = hashlib.sha256(repr(written).encode()).hexdigest()[:40]
    key = f"source:{source_id}/all:{digest}"
    found = await session.value(_GROUP, {"key": key})
    if found is not None:
        return int(found)
    made = await session.value(_MAKE_GROUP, {"key": key, "label": f"all of {len(written)}"})
    if made is None:  # another transaction was first
        return int(await session.value(_GROUP, {"key": key}))
    rows = [(number, member) for number, clause in enumerate(written) for member in clause]
    await session.execute(
        _ADD_CLAUSES,
        {
            "group": made,
            "clauses": len(written),
            "numbers": [number for number, _ in rows],
            "members": [member for _, member in rows],
        },
    )
    return int(made)


async def clauses_of(session: ReadSession, group_id: int) -> tuple[frozenset[int], ...] | None:
    """The clauses of a group made by `group_of_all`; None for any other principal."""
    found = await session.value(_KEY, {"id": group_id})
    if found is None or "/all:" not in str(found):
        return None
    rows = await session.rows(_CLAUSES, {"id": group_id})
    if not rows:
        return (frozenset(),)
    return tuple(
        frozenset(row.member_id for row in rows if row.clause == number)
        for number in range(rows[0].clauses)
    )


async def forget_manifest_directory(session: WriteSession, source_id: int) -> None:
    """Remove what a source declared, when the source goes; its users stay, as accounts."""
    for realm in ("group", "place"):
        await upsert_manifest_directory(session, source_id, (), (), realm)


async def _ids(session: WriteSession, prefix: str, names: list[str]) -> dict[str, int]:
    rows = await session.rows(_IDS, {"prefix": prefix, "names": names})
    return {row.name: row.id for row in rows}


# Rows come in one order everywhere, so that two sources that declare the same users never deadlock.
_ADD_USERS = (
    "insert into principal (kind, key, label)"
    " select 'user', 'user:' || login, name"
    " from unnest(cast(%(logins)s as text[]), cast(%(names)s as text[])) as given(login, name)"
    " order by login on conflict (key) do nothing"
)
_ADD_ACCOUNTS = (
    "insert into user_account (principal_id, login, name)"
    " select principal.id, login, name"
    " from unnest(cast(%(logins)s as text[]), cast(%(names)s as text[])) as given(login, name)"
    " join principal on key = 'user:' || login"
    " order by login on conflict (login) do nothing"
)
_NAME_ACCOUNTS = (
    "update user_account set name = given.name"
    " from unnest(cast(%(logins)s as text[]), cast(%(names)s as text[])) as given(login, name)"
    " where user_account.login = given.login and user_account.name <> given.name"
)
_LABEL_USERS = (
    "update principal set label = name"
    " from unnest(cast(%(logins)s as text[]), cast(%(names)s as text[])) as given(login, name)"
    " where key = 'user:' || login and label <> name"
)
_REMOVE_GROUPS = (
    "delete from principal where kind = 'group' and starts_with(key, %(prefix)s)"
    " and substr(key, length(%(prefix)s) + 1) <> all(cast(%(names)s as text[]))"
)
_ADD_GROUPS = (
    "insert into principal (kind, key, label)"
    " select 'group', %(prefix)s || name, label"
    " from unnest(cast(%(names)s as text[]), cast(%(labels)s as text[])) as given(name, label)"
    " on conflict (key) do update set label = excluded.label where principal.label <> excluded.label"
)
_IDS = (
    "select name, id from unnest(cast(%(names)s as text[])) as given(name)"
    " join principal on key = %(prefix)s || name"
)
_REMOVE_MEMBERS = (
    "delete from group_member using principal"
    " where source_id = %(source)s and principal.id = group_id and starts_with(key, %(prefix)s)"
    " and (group_id, member_id) not in ("
    " select * from unnest(cast(%(groups)s as int[]), cast(%(members)s as int[])))"
)
_ADD_MEMBERS = (
    "insert into group_member (group_id, member_id, source_id)"
    " select group_id, member_id, %(source)s"
    " from unnest(cast(%(groups)s as int[]), cast(%(members)s as int[])) as given(group_id, member_id)"
    " on conflict do nothing"
)
_GROUP = "select id from principal where key = %(key)s"
_KEY = "select key from principal where id = %(id)s"
_MAKE_GROUP = (
    "insert into principal (kind, key, label) values ('group', %(key)s, %(label)s)"
    " on conflict (key) do nothing returning id"
)
_ADD_CLAUSES = (
    "insert into group_clause (group_id, clause, clauses, member_id)"
    " select %(group)s, number, %(clauses)s, member"
    " from unnest(cast(%(numbers)s as int[]), cast(%(members)s as int[])) as given(number, member)"
)
_CLAUSES = "select clause, clauses, member_id from group_clause where group_id = %(id)s"
_REMOVE_CLAIMS = (
    "delete from clearance_claim where source_id = %(source)s"
    " and principal_id <> all(cast(%(principals)s as int[]))"
)
_ADD_CLAIMS = (
    "insert into clearance_claim (source_id, principal_id, level)"
    " select %(source)s, principal_id, level"
    " from unnest(cast(%(principals)s as int[]), cast(%(levels)s as int[])) as given(principal_id, level)"
    " on conflict (principal_id, source_id) do update set level = excluded.level"
    " where clearance_claim.level <> excluded.level"
)

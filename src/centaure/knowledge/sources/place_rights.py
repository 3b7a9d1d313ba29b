"""What a place itself says of who may read: as it is kept beside each file, and the people it names."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import LiteralString

from centaure.identity import (
    DirectoryGroup,
    DirectoryUser,
    is_line,
    upsert_manifest_directory,
)
from centaure.kit.database import ReadSession, WriteSession
from centaure.knowledge.connectors import Item, PlaceAccess, PlaceGroup
from centaure.knowledge.connectors.port import EVERYONE

EVERYONE_ID = 1
LONGEST_LABEL = 200
UNKNOWN = PlaceAccess.unreadable("The place did not say who may read it.")


@dataclass(frozen=True, slots=True)
class PlacePeople:
    """The principals of those whom a place names.

    Attributes:
        numbers: by `*`, `user:LOGIN` and `group:ID`.
        alike: numbers of every account whose login is one of these but for capitals, by `user:LOGIN`
            without capitals: whom the place shuts out stays out in any spelling.
    """

    numbers: Mapping[str, int] = field(default_factory=lambda: {EVERYONE: EVERYONE_ID})
    alike: Mapping[str, tuple[int, ...]] = field(default_factory=dict[str, tuple[int, ...]])

    def clauses(self, access: PlaceAccess) -> tuple[frozenset[int], ...]:
        """The clauses of an access in numbers; whom nobody knows lets nobody in."""
        return tuple(frozenset(self.of(clause)) for clause in access.clauses)

    def closed(self, keys: Iterable[str]) -> Iterator[int]:
        """The numbers of those whom a denial shuts out."""
        for key in keys:
            yield from self.of([key])
            yield from self.alike.get(key.casefold(), ())

    def knows(self, keys: Iterable[str]) -> bool:
        """Whether each of the keys is somebody."""
        return all(key in self.numbers for key in keys)

    def of(self, keys: Iterable[str]) -> Iterable[int]:
        """The numbers of those among the keys who are known."""
        return (self.numbers[key] for key in keys if key in self.numbers)


def written_access(item: Item, *, reports_access: bool) -> str | None:
    """The access of an item as it is kept; one that a place should have given and did not is closed."""
    access = item.access
    if access is None:
        return written(UNKNOWN) if reports_access else None
    return written(access)


def written(access: PlaceAccess) -> str:
    """An access as it is kept; a name that no directory can hold is nobody's, and no denial of nobody."""
    kept = tuple(frozenset(filter(_usable, clause)) for clause in access.clauses)
    if not all(map(_usable, access.denied)):
        access = PlaceAccess.unreadable("It shuts out somebody whose name cannot be kept.")
        kept = access.clauses
    return json.dumps(
        {
            "clauses": [sorted(clause) for clause in kept],
            "denied": sorted(access.denied),
            "problem": _plain(access.problem),
        }
    )


def read_access(written: str) -> PlaceAccess:
    """The access that `written_access` kept."""
    kept = json.loads(written)
    return PlaceAccess(
        tuple(frozenset(clause) for clause in kept["clauses"]),
        frozenset(kept["denied"]),
        kept["problem"],
    )


async def held_access(
    session: ReadSession, source_id: int, path: str
) -> tuple[str, PlaceAccess | None]:
    """Path of the message that carries a file, or its own, and what the place says of who reads that.

    Args:
        session: of somebody who may see the ledger.
        source_id: of the source.
        path: as the ledger has it; of one that it has not, nothing is said.
    """
    row = await session.row(_HOLDER, {"source": source_id, "path": path})
    if row is None:
        return path, None
    return row.path, None if row.access is None else read_access(row.access)


async def named_by_listing(session: ReadSession, source_id: int) -> tuple[set[str], set[str]]:
    """The logins and the groups that the listing's rights name."""
    return await _named(session, _LISTED, source_id)


async def enter_people(
    session: WriteSession, source_id: int, logins: Iterable[str], groups: Iterable[PlaceGroup]
) -> PlacePeople:
    """Put those whom a place names in the directory, in place of those whom it named before."""
    named = set(logins)
    given = list({group.id: group for group in groups if is_line(group.id)}.values())
    belongs: dict[str, list[str]] = {login: [] for login in named}
    for group in given:
        for login in group.users:
            belongs.setdefault(login, []).append(group.id)
    directory = await upsert_manifest_directory(
        session,
        source_id,
        [
            DirectoryUser(login, None, tuple(groups))
            for login, groups in belongs.items()
            if is_line(login)
        ],
        [
            DirectoryGroup(group.id, _plain(group.label)[:LONGEST_LABEL], group.contains)
            for group in given
        ],
        "place",
    )
    return PlacePeople(
        {EVERYONE: EVERYONE_ID}
        | {f"user:{login}": number for login, number in directory.users.items()}
        | {f"group:{group}": number for group, number in directory.groups.items()},
        await accounts_alike(session, named),
    )


async def known_people(session: ReadSession, source_id: int) -> PlacePeople:
    """Those whom the rights that the ledger keeps name, as the directory has them."""
    logins, groups = await _named(session, _KEPT, source_id)
    if not logins and not groups:
        return PlacePeople()
    rows = await session.rows(
        _PEOPLE,
        {
            "logins": sorted(logins),
            "groups": sorted(groups),
            "prefix": f"source:{source_id}/place:",
        },
    )
    numbers = {EVERYONE: EVERYONE_ID} | {row.key: row.id for row in rows}
    return PlacePeople(numbers, await accounts_alike(session, logins))


async def accounts_alike(session: ReadSession, logins: Iterable[str]) -> dict[str, tuple[int, ...]]:
    """Numbers of the accounts that bear one of these logins but for capitals."""
    folded = {login.casefold() for login in logins}
    found: dict[str, tuple[int, ...]] = {}
    if not folded:
        return found
    # Compared here: the database folds capitals by its own rules, which depend on how it was made.
    for row in await session.rows(_ACCOUNTS):
        if (login := row.login.casefold()) in folded:
            key = f"user:{login}"
            found[key] = (*found.get(key, ()), row.principal_id)
    return found


def _usable(key: str) -> bool:
    return key == EVERYONE or is_line(key.partition(":")[2])


def _plain(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)


async def _named(
    session: ReadSession, statement: LiteralString, source_id: int
) -> tuple[set[str], set[str]]:
    logins: set[str] = set()
    groups: set[str] = set()
    for row in await session.rows(statement, {"source": source_id}):
        access = read_access(row.access)
        for key in access.denied.union(*access.clauses):
            kind, _, name = key.partition(":")
            if kind in {"user", "group"} and name:
                (logins if kind == "user" else groups).add(name)
    return logins, groups


_ACCOUNTS = "select login, principal_id from user_account"
_HOLDER = """
    with recursive above(path, parent, access) as (
        select path, parent, access from ledger where source_id = %(source)s and path = %(path)s
        union all
        select holder.path, holder.parent, holder.access from ledger holder
        join above on holder.source_id = %(source)s and holder.path = above.parent
    )
    select path, cast(access as text) as access from above where parent is null
"""
_LISTED = (
    "select distinct cast(access as text) as access from listing"
    " where source_id = %(source)s and access is not null"
)
_KEPT = (
    "select distinct cast(access as text) as access from ledger"
    " where source_id = %(source)s and access is not null"
)
_PEOPLE = (
    "select 'user:' || login as key, principal_id as id from user_account"
    " where login = any(cast(%(logins)s as text[]))"
    " union all"
    " select 'group:' || name, principal.id from unnest(cast(%(groups)s as text[])) as given(name)"
    " join principal on key = %(prefix)s || name"
)

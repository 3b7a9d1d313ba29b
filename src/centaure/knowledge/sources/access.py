"""Rights in the database: people in the directory; on the documents what a manifest and the place give.

Where the place has rights of its own, both must open a document: a manifest narrows, and never widens.
"""

from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import LiteralString

from centaure.identity import (
    DirectoryGroup,
    DirectoryUser,
    clauses_of,
    group_of_all,
    upsert_manifest_directory,
)
from centaure.kit.database import WriteSession
from centaure.knowledge.connectors import PlaceGroup
from centaure.knowledge.indexing import StoredRights
from centaure.knowledge.sources.ledger import Entry, write_entry
from centaure.knowledge.sources.manifest import EVERYONE, Manifest, Rule
from centaure.knowledge.sources.place_rights import (
    EVERYONE_ID,
    UNKNOWN,
    PlacePeople,
    accounts_alike,
    enter_people,
    known_people,
    read_access,
    written,
)
from centaure.knowledge.sources.rights import NOBODY, Rights, RightsBook

INTERNAL = 1
_OPEN = Rights(frozenset({EVERYONE}), frozenset(), INTERNAL, None)
"""What a source without a manifest adds to the rights of its place: nothing but a class, C1."""


@dataclass(frozen=True, slots=True)
class Access:
    """What opens the documents of a source, with the principals that the directory gave to its people.

    Attributes:
        source_id: of the source.
        book: the rules of its manifest; None when it has none: only what its place opens is open.
        principals: number of each key (`*`, `user:ID`, `group:ID`).
        alike: numbers of every account whose login is that of a key `user:ID` but for capitals, by the
            key without capitals: whom deny names in any spelling stays out.
        warnings: of the manifest and its unknown people, in sentences.
        changed: how many documents came to their rights when it was made.
        narrowed: how many were closed to some, and wait for a look at their file to have theirs.
        people: whom the place itself names.
    """

    source_id: int
    book: RightsBook | None
    principals: dict[str, int] = field(default_factory=lambda: {EVERYONE: EVERYONE_ID})
    alike: dict[str, tuple[int, ...]] = field(default_factory=dict[str, tuple[int, ...]])
    warnings: tuple[str, ...] = ()
    changed: int = 0
    narrowed: int = 0
    people: PlacePeople = field(default_factory=PlacePeople)

    async def rights_of(
        self, session: WriteSession, path: str, place: str | None = None
    ) -> StoredRights:
        """What the row of a document must say; an attachment has those of its message.

        Args:
            session: makes the group of those who meet several clauses, where there is none yet.
            path: of the document, or of its message.
            place: what the place says of who may read it, as `written_access` wrote it.
        """
        if place is None:
            return self._stored(NOBODY if self.book is None else self.book.evaluate(path))
        ruled = self._stored(_OPEN if self.book is None else self.book.evaluate(path))
        access = read_access(place)
        denied = {*ruled.denied, *self.people.closed(access.denied)}
        clauses = (frozenset(ruled.readers), *self.people.clauses(access))
        if not self.people.knows(access.denied):
            clauses = (frozenset[int](),)  # whom a denial means is not known: it may be anybody
        return StoredRights(
            await _readers(session, self.source_id, clauses),
            tuple(sorted(denied)),
            ruled.classification,
            ruled.rule,
        )

    def with_warnings(self, sentences: Iterable[str]) -> "Access":
        """The same rights, with more that is doubtful."""
        return replace(self, warnings=(*self.warnings, *sentences))

    def _stored(self, rights: Rights) -> StoredRights:
        return StoredRights(
            self._numbers(rights.readers),
            self._closed(rights.denied),
            rights.classification,
            rights.rule,
        )

    def _closed(self, keys: Iterable[str]) -> tuple[int, ...]:
        named = tuple(keys)
        others = {number for key in named for number in self.alike.get(key.casefold(), ())}
        return tuple(sorted(others.union(self._numbers(named))))

    def _numbers(self, keys: Iterable[str]) -> tuple[int, ...]:
        return tuple(sorted(self.principals[key] for key in keys if key in self.principals))


async def narrow_access(
    session: WriteSession,
    source_id: int,
    manifest: Manifest | None,
    place: Path | None,
    people: PlacePeople | None = None,
) -> Access:
    """Take from every document of a source what its manifest does not give any more, in one transaction.

    Nothing is read from disk, so nothing is opened: a row may hold what is not at its path any more. A
    document whose rights widen has until `settle_access` what the old and the new rights have in common.

    Args:
        session: as the worker's role.
        source_id: of the source.
        manifest: valid; None closes everything.
        place: where the manifest is, for its line in the ledger.
        people: whom the place names, where its listing was taken already.
    """
    if manifest is None or place is None:
        access = Access(source_id, None)
        await upsert_manifest_directory(session, source_id, (), ())
    else:
        access = await _enter_directory(session, source_id, manifest)
        await write_manifest_line(session, source_id, place, access.warnings)
    if people is None:
        people = await known_people(session, source_id)
    access = replace(access, people=people)
    access = await _narrow(session, access)
    await session.execute(
        "update source set manifest_hash = %(hash)s where id = %(id)s",
        {"hash": manifest and manifest.hash, "id": source_id},
    )
    return access


async def narrow_by_place(
    session: WriteSession,
    access: Access,
    logins: Iterable[str],
    groups: Iterable[PlaceGroup] | None,
) -> Access:
    """Take from every document what its place does not give any more, in one transaction.

    What the place holds and does not show now is closed to everybody until it does.

    Args:
        session: as the worker's role; the listing is taken.
        access: what the manifest gives.
        logins: whom the place's rights name.
        groups: those that they name, and what these contain; None where the place did not tell, so that
            whoever is known already stays known, and nobody else is.
    """
    values = {"source": access.source_id, "unknown": written(UNKNOWN)}
    await session.execute(_TAKE_ACCESS, values)
    await session.execute(_LOSE_ACCESS, values)
    if groups is None:
        people = await known_people(session, access.source_id)
    else:
        people = await enter_people(session, access.source_id, logins, groups)
    return await _narrow(session, replace(access, people=people))


async def close_documents(session: WriteSession, documents: Sequence[int]) -> None:
    """Show documents to nobody, with what they carry, until a look at their files opens them."""
    if documents:
        await session.execute(_CLOSE, {"ids": list(documents)})


async def _narrow(session: WriteSession, access: Access) -> Access:
    rows = await session.rows(_MEMBERS, {"source": access.source_id})
    holders: dict[int, list[int]] = {}
    for row in rows:
        holders.setdefault(row.member_id, []).append(row.group_id)
    narrowing = _Narrowing(session, access.source_id, holders)
    wanted: dict[StoredRights, list[int]] = {}
    changed, narrowed = 0, 0
    async with aclosing(_differing(session, _DOCUMENTS, access.source_id, access)) as differing:
        async for document, now, then in differing:
            closed = await narrowing.common(now, then)
            if closed != now:
                wanted.setdefault(closed, []).append(document)
                changed += closed == then
                narrowed += closed != then
    await _write_rights(session, wanted)
    return replace(access, changed=changed, narrowed=narrowed)


async def _readers(
    session: WriteSession, source_id: int, clauses: Iterable[frozenset[int]]
) -> tuple[int, ...]:
    """The readers that a row holds for those who are in every clause."""
    needed = {clause for clause in clauses if EVERYONE_ID not in clause}
    if not needed:
        return (EVERYONE_ID,)
    if frozenset[int]() in needed:
        return ()
    if len(needed) == 1:
        return tuple(sorted(needed.pop()))
    return (await group_of_all(session, source_id, needed),)


async def settle_access(session: WriteSession, source_id: int, access: Access) -> int:
    """Give their full rights to the documents whose files are as the ledger knows them.

    Those of a file that changed, or could not be looked at, have theirs from `settle_file`.

    Args:
        session: as the worker's role; the listing is taken, and what it shows gone or moved is settled.
        source_id: of the source.
        access: its rights.

    Returns:
        How many documents have other rights now.
    """
    return await _settle(session, _UNCHANGED, source_id, access)


async def settle_file(session: WriteSession, source_id: int, access: Access, path: str) -> int:
    """Give its full rights to what is known of one file, in the transaction that settles its content.

    Returns:
        How many documents have other rights now, with those inside it.
    """
    return await _settle(session, _OF_FILE, source_id, access, path)


async def _settle(
    session: WriteSession,
    documents: LiteralString,
    source_id: int,
    access: Access,
    path: str | None = None,
) -> int:
    wanted: dict[StoredRights, list[int]] = {}
    async with aclosing(_differing(session, documents, source_id, access, path)) as differing:
        async for document, _, then in differing:
            wanted.setdefault(then, []).append(document)
    await _write_rights(session, wanted)
    return sum(len(documents) for documents in wanted.values())


class _Narrowing:
    """What two rights of a document have in common, by principals and what they are members of."""

    def __init__(
        self, session: WriteSession, source_id: int, holders: Mapping[int, Sequence[int]]
    ) -> None:
        self._session = session
        self._source_id = source_id
        self._holders = holders
        self._within: dict[int, frozenset[int]] = {}
        self._decided: dict[tuple[StoredRights, StoredRights], StoredRights] = {}

    async def common(self, now: StoredRights, then: StoredRights) -> StoredRights:
        """Opens to those only whom both open to; `then` itself where it opens to nobody else."""
        found = self._decided.get((now, then))
        if found is None:
            found = self._decided[now, then] = await self._common(now, then)
        return found

    async def _common(self, now: StoredRights, then: StoredRights) -> StoredRights:
        before, after = await self._clauses(now), await self._clauses(then)
        if len(before) == len(after) == 1:
            readers = {one for one in now.readers if not self._wider(one).isdisjoint(then.readers)}
            readers |= {one for one in then.readers if not self._wider(one).isdisjoint(now.readers)}
        elif before <= after:
            readers = then.readers
        else:
            readers = await _readers(self._session, self._source_id, before | after)
        closed = StoredRights(
            tuple(sorted(readers)),
            tuple(sorted({*now.denied, *then.denied})),
            max(now.classification, then.classification),
            then.rule,
        )
        return closed if closed == then else replace(closed, rule=now.rule)

    async def _clauses(self, rights: StoredRights) -> frozenset[frozenset[int]]:
        if len(rights.readers) == 1:
            found = await clauses_of(self._session, rights.readers[0])
            if found is not None:
                return frozenset(found)
        return frozenset({frozenset(rights.readers)})

    def _wider(self, principal: int) -> frozenset[int]:
        """The principal, and all that it is a member of."""
        if principal not in self._within:
            found, ahead = {principal, EVERYONE_ID}, [principal]
            while ahead:
                above = set(self._holders.get(ahead.pop(), ())) - found
                found |= above
                ahead.extend(above)
            self._within[principal] = frozenset(found)
        return self._within[principal]


async def write_manifest_line(
    session: WriteSession, source_id: int, place: Path, warnings: Sequence[str], reason: str = ""
) -> None:
    """Put in the ledger what is doubtful, or wrong, in the manifest; its line bears its full path."""
    await session.execute(_OTHER_MANIFESTS, {"source": source_id, "path": str(place)})
    entry = Entry(str(place), "rights", reason, warnings)
    await write_entry(session, source_id, entry)


async def _enter_directory(session: WriteSession, source_id: int, manifest: Manifest) -> Access:
    named = {user for rule in manifest.rules for user in (*rule.read.users, *rule.deny.users)}
    undeclared = sorted(named - set(manifest.users) - {EVERYONE})
    known = await _known_users(session, undeclared)
    warnings = [*manifest.warnings, *_unknown_people(manifest, set(known))]
    # Somebody whom a rule shuts out is entered in the directory, so that an account made for them
    # later is shut out from its first minute.
    folded = {user.casefold() for user in manifest.users}
    shut_out = {user for rule in manifest.rules for user in rule.deny.users}
    entered = [
        user
        for user in undeclared
        if user in shut_out and user not in known and user.casefold() not in folded
    ]
    directory = await upsert_manifest_directory(
        session,
        source_id,
        [
            *(
                DirectoryUser(user.id, user.name, user.groups, user.clearance)
                for user in manifest.users.values()
            ),
            *(DirectoryUser(user, user) for user in entered),
        ],
        [
            DirectoryGroup(group.id, group.label, group.contains)
            for group in manifest.groups.values()
        ],
    )
    principals = {EVERYONE: EVERYONE_ID}
    principals |= {f"user:{user}": number for user, number in known.items()}
    principals |= {f"user:{user}": number for user, number in directory.users.items()}
    principals |= {f"group:{group}": number for group, number in directory.groups.items()}
    alike = await accounts_alike(session, shut_out)
    return Access(source_id, RightsBook(manifest), principals, alike, tuple(warnings))


def _unknown_people(manifest: Manifest, known: set[str]) -> list[str]:
    folded = {user.casefold(): user for user in manifest.users}
    sentences: list[str] = []
    for rule in manifest.rules:
        for verb, people in (("read", rule.read.users), ("deny", rule.deny.users)):
            for user in people:
                if user in manifest.users or user == EVERYONE or (verb == "read" and user in known):
                    continue
                effect = "it opens nothing" if verb == "read" else "they are shut out all the same"
                alike = folded.get(user.casefold())
                hint = f" Was '{alike}' meant?" if alike else ""
                sentences.append(
                    f"Line {rule.line}: {verb} names the user '{user}', who is not declared: "
                    f"{effect}.{hint}"
                )
    return sentences


async def _known_users(session: WriteSession, logins: Sequence[str]) -> dict[str, int]:
    rows = await session.rows(_KNOWN, {"logins": list(logins)})
    return {row.login: row.id for row in rows}


async def _differing(
    session: WriteSession,
    documents: LiteralString,
    source_id: int,
    access: Access,
    path: str | None = None,
) -> AsyncGenerator[tuple[int, StoredRights, StoredRights]]:
    """The documents that have other rights than they are given: number, present rights, given ones."""
    given: dict[tuple[Rule | None, str | None], StoredRights] = {}
    values = {"source": source_id} if path is None else {"source": source_id, "path": path}
    async with aclosing(session.stream(documents, values)) as rows:
        async for row in rows:
            readers, denied = tuple(row.readers), tuple(row.denied)
            now = StoredRights(readers, denied, int(row.classification), row.rule)
            ruled = (access.book.rule_for(row.root) if access.book else None, row.access)
            if ruled not in given:
                given[ruled] = await access.rights_of(session, row.root, row.access)
            then = given[ruled]
            if now != then:
                yield row.id, now, then


async def _write_rights(session: WriteSession, wanted: Mapping[StoredRights, list[int]]) -> None:
    for rights, documents in wanted.items():
        await session.execute(
            _SET_RIGHTS,
            {
                "ids": documents,
                "readers": list(rights.readers),
                "denied": list(rights.denied),
                "classification": rights.classification,
                "rule": rights.rule,
            },
        )


_OTHER_MANIFESTS = (
    "delete from ledger where source_id = %(source)s and status = 'rights' and path <> %(path)s"
)
_KNOWN = (
    "select login, principal.id from unnest(cast(%(logins)s as text[])) as given(login)"
    " join principal on key = 'user:' || login"
)
_MEMBERS = "select group_id, member_id from group_member where source_id = %(source)s"
_FAMILIES = """
    with recursive family(id, root) as (
        select id, path from document where source_id = %(source)s and parent_id is null {which}
        union all
        select inside.id, family.root from document inside join family on inside.parent_id = family.id
    )
    select document.id, root, readers, denied, classification, rule,
        (select cast(access as text) from ledger
         where ledger.source_id = %(source)s and ledger.path = root) as access
    from family join document on document.id = family.id
"""
_DOCUMENTS = _FAMILIES.format(which="")
_OF_FILE = _FAMILIES.format(which="and path = %(path)s")
_UNCHANGED = _FAMILIES.format(
    which="""and exists (
            select from listing seen
            join ledger known on known.source_id = %(source)s and known.path = seen.path
            where seen.source_id = %(source)s and seen.path = document.path and seen.status is null
                and known.document_id = document.id
                and known.version = seen.version and seen.version <> ''
                and known.size = coalesce(seen.size, known.size))"""
)
_TAKE_ACCESS = (
    "update ledger set access = seen.access from listing seen"
    " where seen.source_id = %(source)s and seen.status is null and ledger.source_id = %(source)s"
    " and ledger.path = seen.path and ledger.access is distinct from seen.access"
)
_LOSE_ACCESS = """
    update ledger set access = cast(%(unknown)s as jsonb) from listing seen
    where seen.source_id = %(source)s and seen.status is not null and ledger.source_id = %(source)s
        and ledger.document_id is not null
        and (ledger.path = seen.path
            or seen.holds_below and (seen.path = '.' or starts_with(ledger.path, seen.path || '/')))
"""
_CLOSE = """
    with recursive family(id) as (
        select unnest(cast(%(ids)s as bigint[]))
        union
        select inside.id from document inside join family on inside.parent_id = family.id
    )
    update document set readers = '{}' where id in (select id from family)
"""
_SET_RIGHTS = (
    "update document set readers = cast(%(readers)s as int[]), denied = cast(%(denied)s as int[]),"
    " classification = %(classification)s, rule = %(rule)s where id = any(cast(%(ids)s as bigint[]))"
)

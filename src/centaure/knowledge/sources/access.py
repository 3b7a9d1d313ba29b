"""The rights of a manifest in the database: its people in the directory, its rules on the documents."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from sqlalchemy import text

from centaure.identity import DirectoryGroup, DirectoryUser, upsert_manifest_directory
from centaure.kit.database import WriteSession
from centaure.knowledge.indexing import StoredRights
from centaure.knowledge.sources.ledger import Entry, write_entry
from centaure.knowledge.sources.manifest import EVERYONE, Manifest
from centaure.knowledge.sources.rights import NOBODY, Rights, RightsBook

_EVERYONE_ID = 1


@dataclass(frozen=True, slots=True)
class Access:
    """The rules of a manifest with the principals that the directory gave to its people.

    Attributes:
        book: None when the source has no manifest: nobody reads anything.
        principals: number of each key (`*`, `user:ID`, `group:ID`).
        warnings: of the manifest and its unknown people, in sentences.
        changed: how many documents have other rights now.
    """

    book: RightsBook | None
    principals: dict[str, int] = field(default_factory=dict[str, int])
    warnings: tuple[str, ...] = ()
    changed: int = 0

    def rights_of(self, path: str) -> StoredRights:
        """What the row of a document at this path must say; an attachment has those of its message."""
        return self._stored(NOBODY if self.book is None else self.book.evaluate(path))

    def with_warnings(self, sentences: Iterable[str]) -> "Access":
        """The same rights, with more that is doubtful."""
        return replace(self, warnings=(*self.warnings, *sentences))

    def _stored(self, rights: Rights) -> StoredRights:
        return StoredRights(
            self._numbers(rights.readers),
            self._numbers(rights.denied),
            rights.classification,
            rights.rule,
        )

    def _numbers(self, keys: Iterable[str]) -> tuple[int, ...]:
        return tuple(sorted(self.principals[key] for key in keys if key in self.principals))


async def apply_access(
    session: WriteSession, source_id: int, manifest: Manifest | None, place: Path | None
) -> Access:
    """Make the directory and every document of a source say what its manifest says, in one transaction.

    Nothing is read from disk. A reader meets the old rights or the new ones, never a mixture.

    Args:
        session: as the worker's role.
        source_id: of the source.
        manifest: valid; None closes everything.
        place: where the manifest is, for its line in the ledger.
    """
    if manifest is None or place is None:
        access = Access(None)
        await upsert_manifest_directory(session, source_id, (), ())
    else:
        access = await _enter_directory(session, source_id, manifest)
        await write_manifest_line(session, source_id, place, access.warnings)
    changed = await _apply_to_documents(session, source_id, access)
    await session.execute(
        text("update source set manifest_hash = :hash where id = :id"),
        {"hash": manifest and manifest.hash, "id": source_id},
    )
    return Access(access.book, access.principals, access.warnings, changed)


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
    principals = {EVERYONE: _EVERYONE_ID}
    principals |= {f"user:{user}": number for user, number in known.items()}
    principals |= {f"user:{user}": number for user, number in directory.users.items()}
    principals |= {f"group:{group}": number for group, number in directory.groups.items()}
    return Access(RightsBook(manifest), principals, tuple(warnings))


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
    rows = await session.execute(_KNOWN, {"logins": list(logins)})
    return {row.login: row.id for row in rows}


async def _apply_to_documents(session: WriteSession, source_id: int, access: Access) -> int:
    wanted: dict[StoredRights, list[int]] = {}
    rows = await session.stream(_DOCUMENTS, {"source": source_id})
    async for row in rows:
        now = StoredRights(tuple(row.readers), tuple(row.denied), int(row.classification), row.rule)
        then = access.rights_of(row.root)
        if now != then:
            wanted.setdefault(then, []).append(row.id)
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
    return sum(len(documents) for documents in wanted.values())


_OTHER_MANIFESTS = text(
    "delete from ledger where source_id = :source and status = 'rights' and path <> :path"
)
_KNOWN = text(
    "select login, principal.id from unnest(cast(:logins as text[])) as given(login)"
    " join principal on key = 'user:' || login"
)
_DOCUMENTS = text("""
    with recursive family(id, root) as (
        select id, path from document where source_id = :source and parent_id is null
        union all
        select inside.id, family.root from document inside join family on inside.parent_id = family.id
    )
    select document.id, root, readers, denied, classification, rule
    from family join document on document.id = family.id
""")
_SET_RIGHTS = text(
    "update document set readers = cast(:readers as int[]), denied = cast(:denied as int[]),"
    " classification = :classification, rule = :rule where id = any(cast(:ids as bigint[]))"
)

"""What people do with assistants; each function in a session of theirs."""

import re
import secrets
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from centaure.answering.assistants import repository
from centaure.answering.assistants.changes import Change, changes
from centaure.answering.assistants.definition import Definition, KnowledgeScope, Language
from centaure.answering.assistants.shipped import shipped
from centaure.kit.database import ReadSession, Row, WriteSession
from centaure.kit.errors import Conflict, NotFound

MOST_OWN = 200
"""Assistants of one person."""
MOST_LISTED = 500
MOST_VERSIONS = 200
"""Of one assistant."""
"""Versions that are listed, the latest."""

_GONE = "There is no assistant of that name that you can use."
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
_NOT_IN_A_KEY = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Assistant:
    """An assistant that somebody can use.

    Attributes:
        key: what policies, rules, quotas and records name it by.
        definition: of the version in force.
        version: in force; None: it is shipped.
        own: whether whoever reads it wrote it.
        owner_name: who shared it; empty for one's own and for those that are shipped.
        changed_at: when its version came into force; None: it is shipped.
    """

    key: str
    definition: Definition
    version: int | None = None
    own: bool = False
    owner_name: str = ""
    changed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Version:
    """A version of an assistant.

    Attributes:
        number: from 1.
        note: what changed, in its writer's words.
        changed_at: when it was written.
        changes: from the version before it; of the first, nothing.
        definition: as it was.
    """

    number: int
    note: str
    changed_at: datetime
    changes: Sequence[Change]
    definition: Definition


@dataclass(frozen=True, slots=True)
class Use:
    """How an assistant was used in a month, as conversations still hold it.

    Every count is None where fewer than three people besides the owner asked: it would tell what each did.

    Attributes:
        month: its first day.
        answers: that it gave.
        unanswered: of these, those that found nothing or could not be written.
        useful, useless: what their readers said of them.
        people: who asked, the owner too.
    """

    month: date
    answers: int | None
    unanswered: int | None
    useful: int | None
    useless: int | None
    people: int | None


async def list_assistants(session: ReadSession, language: Language) -> list[Assistant]:
    """Every assistant that the principal can use: those that are shipped, then people's.

    Args:
        session: of the principal.
        language: of those that are shipped.
    """
    rows = await repository.list_assistants(session, MOST_LISTED)
    return [
        *(Assistant(one.key, one.definitions[language]) for one in shipped().values()),
        *map(_read, rows),
    ]


async def find(session: ReadSession, key: str, language: Language) -> Assistant:
    """One that the principal can use, with all that it says.

    Raises:
        NotFound: it does not exist, or is not theirs to use.
    """
    if key in shipped():
        return Assistant(key, shipped()[key].definitions[language])
    row = await repository.find(session, key)
    if row is None:
        raise NotFound(_GONE)
    return _read(row)


async def look_at(session: ReadSession, key: str, language: Language) -> Assistant:
    """The same, as its reader is shown it: without names of sources and folders in which they read nothing.

    Raises:
        NotFound: as in `find`.
    """
    found = await find(session, key, language)
    scope = found.definition.scope
    if found.own or not (scope.sources or scope.folders):
        return found
    known = await repository.readable(session, scope.sources, scope.folders)
    shown = KnowledgeScope(
        sources=[name for name in scope.sources if name in known.sources],
        folders=[folder for folder in scope.folders if folder.strip("/") in known.folders],
        formats=scope.formats,
        languages=scope.languages,
    )
    return Assistant(
        found.key,
        found.definition.model_copy(update={"scope": shown}),
        found.version,
        found.own,
        found.owner_name,
        found.changed_at,
    )


async def add(session: WriteSession, definition: Definition, note: str = "") -> str:
    """Write an assistant; its key.

    Raises:
        Conflict: the principal has as many as one person may.
    """
    if await repository.count_own(session) >= MOST_OWN:
        raise Conflict(f"You have {MOST_OWN} assistants. Delete one that you do not use.")
    key = _new_key(definition.name)
    number = await repository.add(session, key)
    await repository.write_version(session, number, 1, definition.model_dump(mode="json"), note)
    return key


async def change(
    session: WriteSession, key: str, definition: Definition, made_from: int, note: str = ""
) -> int:
    """Write the next version, which is in force at once; its number.

    Args:
        session: the owner's.
        key: of the assistant.
        definition: all of it.
        made_from: the version that was changed.
        note: what changed.

    Raises:
        NotFound: there is no such assistant of the principal's.
        Conflict: there is a newer version than the one that was changed, or nothing is changed.
    """
    held = await _held(session, key)
    if held.version != made_from:
        raise Conflict(
            f"Version {held.version} was written meanwhile. Open the assistant again, then make your change."
        )
    before = await _definition(session, held.id, held.version)
    if before == definition:
        raise Conflict("Nothing is changed.")
    return await _next(session, held, definition, note)


async def roll_back(session: WriteSession, key: str, version: int) -> int:
    """Put an older version in force again, as a new one; its number.

    Raises:
        NotFound: there is no such version of an assistant of the principal's.
        Conflict: it is the one in force.
    """
    held = await _held(session, key)
    if held.version == version:
        raise Conflict(f"Version {version} is in force already.")
    definition = await _definition(session, held.id, version)
    return await _next(session, held, definition, f"= {version}")


async def remove(session: WriteSession, key: str) -> None:
    """Remove an assistant for everybody, for good; conversations with it stay.

    Raises:
        NotFound: there is no such assistant of the principal's.
    """
    if not await repository.remove(session, key):
        raise NotFound(_GONE)


async def versions(session: ReadSession, key: str) -> list[Version]:
    """Every version of an assistant of the principal's, the newest first, with what changed in each.

    Raises:
        NotFound: there is no such assistant of theirs.
    """
    row = await repository.find(session, key)
    if row is None or not row.own:
        raise NotFound(_GONE)
    rows = await repository.list_versions(session, row.id, MOST_VERSIONS + 1)
    read = [(one, Definition.model_validate(one.definition)) for one in rows]
    earlier = [*read[1:], None]
    return [
        Version(
            one.version,
            one.note,
            one.changed_at,
            changes(before[1], definition) if before else [],
            definition,
        )
        for (one, definition), before in zip(read, earlier, strict=True)
    ][:MOST_VERSIONS]


async def use(session: ReadSession, key: str) -> list[Use]:
    """How an assistant of the principal's was used, by month, the latest first.

    Raises:
        NotFound: there is no such assistant of theirs.
    """
    row = await repository.find(session, key)
    if row is None or not row.own:
        raise NotFound(_GONE)
    return [
        Use(one.month, one.answers, one.unanswered, one.useful, one.useless, one.people)
        for one in await repository.read_use(session, key)
    ]


def identifier(key: str) -> str:
    """What the audit names an assistant by: of a key, the end, which says nothing of its name."""
    return key if key in shipped() else key.rpartition("-")[2]


async def _held(session: WriteSession, key: str) -> Row:
    held = await repository.hold(session, key)
    if held is None:
        raise NotFound(_GONE)
    return held


async def _definition(session: ReadSession, assistant: int, version: int) -> Definition:
    row = await repository.read_version(session, assistant, version)
    if row is None:
        raise NotFound("There is no such version.")
    return Definition.model_validate(row.definition)


async def _next(session: WriteSession, held: Row, definition: Definition, note: str) -> int:
    number = int(held.version) + 1
    if number > MOST_VERSIONS:
        raise Conflict(f"This assistant has {MOST_VERSIONS} versions. Begin another one.")
    said = definition.model_dump(mode="json")
    await repository.write_version(session, held.id, number, said, note)
    await repository.put_in_force(session, held.id, number)
    return number


def _new_key(name: str) -> str:
    """The name in letters and digits, and an end that nobody can guess: a key that is taken tells nothing."""
    folded = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    slug = _NOT_IN_A_KEY.sub("-", folded).strip("-")[:60].strip("-") or "assistant"
    return f"{slug}-{''.join(secrets.choice(_ALPHABET) for _ in range(6))}"


def _read(row: Row) -> Assistant:
    return Assistant(
        row.key,
        Definition.model_validate(row.definition),
        row.version,
        row.own,
        "" if row.own else row.owner_name,
        row.changed_at,
    )

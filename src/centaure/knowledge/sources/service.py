"""What people do with sources: add one, look at them, ask for a synchronisation, ask why."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import anyio.to_thread
from psycopg.errors import IntegrityError

from centaure.audit import Action, record
from centaure.identity import no_such_user
from centaure.kit.database import Database, ReadSession
from centaure.kit.errors import Conflict, InvalidInput, NotFound
from centaure.knowledge.connectors import PlaceAccess
from centaure.knowledge.sources import repository
from centaure.knowledge.sources.explanation import CLASS_NAMES, Explanation, explain
from centaure.knowledge.sources.ledger import count_by_status
from centaure.knowledge.sources.manifest import InvalidManifest
from centaure.knowledge.sources.manifest_reading import checked_manifest, current_manifest
from centaure.knowledge.sources.place_rights import held_access
from centaure.knowledge.sources.places import Places, ask
from centaure.knowledge.sources.repository import Source
from centaure.knowledge.sources.rights import RightsBook
from centaure.knowledge.sources.runs import Run, list_runs

MANIFEST_NAME = "rights.yaml"
FOLDER = "folder"
HOURLY = 60
OFTEN = 5
DEFAULT_SCHEDULE = -1


@dataclass(frozen=True, slots=True)
class SourceStatus:
    """A source, its files by status, and its last runs, newest first."""

    source: Source
    files: Mapping[str, int]
    runs: Sequence[Run]


@dataclass(frozen=True, slots=True)
class Delay:
    """How long ago a source was looked at to the end.

    Attributes:
        late: longer ago than twice its schedule and five minutes; never where it is on demand only.
        sentence: the same in words, with its schedule.
    """

    late: bool
    sentence: str


@dataclass(frozen=True, slots=True)
class RightsQuestion:
    """Why can, or cannot, this user read this path?

    Attributes:
        login: of the user.
        path: in the source, or absolute on disk.
        source: its name or number; needed only where several sources hold the path.
    """

    login: str
    path: str
    source: str | None = None


@dataclass(frozen=True, slots=True)
class RightsAnswer:
    """Why a user can or cannot read a path.

    Attributes:
        readable: what the database answers to that user today; for a path that is not indexed, what the
            manifest would give.
        indexed: whether there is a document at the path.
        sentences: the reasons, in words.
    """

    login: str
    source: str
    path: str
    readable: bool
    indexed: bool
    rule: str | None
    classification: str | None
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NewSource:
    """A place to add as a source.

    Attributes:
        location: as typed: a folder, an address.
        kind: of its connector.
        name: what people call it; by default the last part of the location.
        manifest: who may read what; by default `rights.yaml` in the folder, where it is one.
        schedule_minutes: how often it is synchronised; None for on demand only; `DEFAULT_SCHEDULE` for
            five minutes where the place says by itself what changed, else an hour.
        options: what its connector is told, secrets included, as typed.
    """

    location: str | Path
    kind: str = FOLDER
    name: str | None = None
    manifest: Path | None = None
    schedule_minutes: int | None = DEFAULT_SCHEDULE
    options: Mapping[str, Any] = field(default_factory=dict[str, Any])


async def add_source(
    database: Database,
    new: NewSource,
    places: Places | None = None,
    *,
    requested_by: int | None = None,
) -> Source:
    """Add a place as a source; its documents come with the first synchronisation.

    Args:
        database: as the worker's role.
        new: what to add.
        places: makes its connector.
        requested_by: the principal who adds it.

    Raises:
        InvalidInput: the place cannot be described so, or there is no manifest, or it is not valid.
        PlaceUnavailable: it does not answer, or refuses the credentials.
        Conflict: the name or the place is a source already.
    """
    connector, described = await anyio.to_thread.run_sync(
        (places or Places()).describe, new.kind, str(new.location), new.options
    )
    try:
        await ask(connector.check)
    finally:
        await ask(connector.close)
    rights = await anyio.to_thread.run_sync(
        _manifest_place, new, described.location, connector.reports_access
    )
    schedule_minutes = new.schedule_minutes
    if schedule_minutes == DEFAULT_SCHEDULE:
        schedule_minutes = OFTEN if connector.has_feed else HOURLY
    name = (new.name or described.location.rstrip("/").rpartition("/")[2]).strip()
    name = name or described.location
    if not name or not name.isprintable():
        raise InvalidInput("A source needs a name that can be read.")
    if schedule_minutes is not None and schedule_minutes < 1:
        raise InvalidInput("A schedule is a number of minutes, 1 or more.")
    try:
        async with database.write(requested_by) as session:
            other = await repository.source_at(session, described.location)
            if other is not None:
                raise Conflict(f"{described.location} is already the source '{other}'.")
            row = repository.SourceRow(
                name,
                new.kind,
                described.location,
                described.options,
                described.secrets,
                rights and str(rights),
                schedule_minutes,
            )
            source_id = await repository.insert_source(session, row)
            source = await repository.source_by_id(session, source_id)
            await record(
                session,
                Action.SOURCE_ADD,
                f"source:{source_id}",
                details={"kind": new.kind},
            )
    except IntegrityError:
        raise Conflict(f"There is already a source named '{name}'. Choose another name.") from None
    if source is None:
        raise NotFound
    return source


def _manifest_place(new: NewSource, location: str, reports_access: bool) -> Path | None:
    manifest = new.manifest
    if manifest is None:
        place = Path(location) / MANIFEST_NAME
        if new.kind != FOLDER or not place.is_file():
            if reports_access:
                return None
            raise InvalidInput(
                f"There is no {MANIFEST_NAME} for {location}, so nobody could read its documents. Write "
                "one (docs/rights.md shows how) and name it with --rights FILE."
            )
        manifest = place
    return checked_manifest(manifest)


async def list_sources(session: ReadSession) -> list[Source]:
    """The sources that the principal may see, with the number of documents that they can see there."""
    return await repository.all_sources(session)


async def find_source(session: ReadSession, name_or_id: str) -> Source:
    """A source by its name or its number.

    Raises:
        NotFound: there is none that the principal may see.
    """
    found = await repository.source_by_name(session, name_or_id)
    if found is None and name_or_id.isdecimal() and len(name_or_id) < 10:
        found = await repository.source_by_id(session, int(name_or_id))
    if found is None:
        raise NotFound("There is no source of that name. `centaure source list` shows them.")
    return found


async def source_status(session: ReadSession, source_id: int) -> SourceStatus:
    """A source with its files by status and its last runs, for a curator or the worker.

    Raises:
        NotFound: there is none that the principal may see.
    """
    source = await repository.source_by_id(session, source_id)
    if source is None:
        raise NotFound("There is no such source.")
    return SourceStatus(
        source,
        await count_by_status(session, source_id),
        await list_runs(session, source_id, limit=10),
    )


def delay_of(source: Source, now: datetime) -> Delay:
    """How far a source is behind its place, at worst."""
    every = source.schedule_minutes
    since = source.last_sync_at or source.created_at
    late = every is not None and now - since > timedelta(minutes=2 * every + OFTEN)
    looked = "not looked at yet"
    if source.last_sync_at is not None:
        looked = f"looked at {_ago(now - source.last_sync_at)}"
    schedule = "on demand only"
    if every is not None:
        schedule = f"every {_length(timedelta(minutes=every)).removeprefix('1 ')}"
    sentence = f"{'late: ' if late else ''}{looked}; {schedule}"
    return Delay(late, f"{sentence[0].upper()}{sentence[1:]}.")


def _ago(delay: timedelta) -> str:
    return f"{_length(delay)} ago" if delay >= timedelta(minutes=1) else "less than a minute ago"


def _length(time: timedelta) -> str:
    """A length of time in its largest whole unit: one more is said at two of it."""
    minutes = int(time.total_seconds() // 60)
    for unit, length in (("day", 24 * 60), ("hour", 60)):
        if minutes >= 2 * length or minutes == length:
            return f"{minutes // length} {unit}{'s' if minutes >= 2 * length else ''}"
    return f"{minutes} minute{'' if minutes == 1 else 's'}"


async def explain_rights(
    asker: Database,
    reader: Database,
    question: RightsQuestion,
    *,
    requested_by: int | None = None,
) -> RightsAnswer:
    """Say why a user can or cannot read a document; never for a reader's own use.

    Args:
        asker: to know what is indexed: as the worker's role, or as the application's for a curator, who
            is told of nothing that they may not read themselves.
        reader: as the application's role, to ask as that user.
        question: who and what.
        requested_by: the curator who asks; None for the worker's role.

    Raises:
        NotFound: there is no such user or source.
        InvalidInput: several sources hold the path.
    """
    login = question.login
    async with asker.read(requested_by) as session:
        user = await session.value(_USER, {"login": login})
        if user is None:
            raise no_such_user(login)
        source, path = await _source_of(session, question.path, question.source)
        values = {"source": source.id, "path": path}
        ledger = await session.row(_LEDGER, values)
        message, place = await held_access(session, source.id, path)
    async with reader.read(int(user)) as session:
        visible = bool(await session.value(_VISIBLE, values))
        ceiling = int(await session.value(_CLEARANCE) or 0)
    sentences: list[str] = []
    if ledger is None:
        sentences.append(
            "No such file was found in the source so far; what follows is what it would get."
        )
    if message != path:
        sentences.append(f"It is an attachment: it has the rights and the class of '{message}'.")
    try:
        ruled = await _ruled(source, login, message, place)
    except InvalidManifest as error:
        ruled = None
        sentences.append(
            f"The manifest cannot be read here, so its rule is not told. {error.message}"
        )
    else:
        sentences.extend(ruled.sentences)
    if place is not None:
        sentences.append(_by_place(place))
    indexed = ledger is not None and ledger.document_id is not None
    if indexed:
        sentences.append(_standing(ceiling, ruled, place, visible=visible))
    elif ledger is not None:
        sentences.append(
            f"It is not among the searchable documents: {ledger.status}. {ledger.reason}".strip()
        )
    async with asker.write(requested_by) as session:
        details = {"user": int(user), "document": ledger.document_id if ledger else None}
        await record(session, Action.RIGHTS_EXPLAIN, f"source:{source.id}", details=details)
    classification = ruled and ruled.classification
    return RightsAnswer(
        login,
        source.name,
        path,
        visible if indexed else ruled is not None and ruled.readable and place is None,
        indexed,
        ruled and ruled.rule,
        None if classification is None else f"C{classification}",
        tuple(sentences),
    )


async def _ruled(source: Source, login: str, path: str, place: PlaceAccess | None) -> Explanation:
    """What the manifest says; where there is none and the place has rights of its own, it closes nothing."""
    if source.manifest is None and place is not None:
        said = "The source has no rights manifest: the rights of its place alone decide, and the class is C1."
        return Explanation(readable=True, sentences=(said,), rule=None, classification=1)
    if source.manifest is None:
        said = "The source has no rights manifest, so nobody can read it."
        return Explanation(readable=False, sentences=(said,), rule=None, classification=None)
    manifest = await anyio.to_thread.run_sync(current_manifest, Path(source.manifest))
    return explain(RightsBook(manifest), login, path)


def _by_place(place: PlaceAccess) -> str:
    """What the place says of who reads it, besides the manifest."""
    if place.problem:
        return f"The place did not say who may read it, so nobody can: {place.problem}"
    among = " and ".join(f"among {_listed(clause)}" for clause in place.clauses)
    shuts = f", and shuts out {_listed(place.denied)}" if place.denied else ""
    return f"The place must open it as well. It does to whoever is {among or 'signed in'}{shuts}."


def _listed(keys: Iterable[str]) -> str:
    return ", ".join(_plainly(key) for key in sorted(keys)) or "nobody"


def _plainly(key: str) -> str:
    kind, _, name = key.partition(":")
    return f"the {kind} '{name}'" if name else "any signed-in user ('*')"


def _standing(
    ceiling: int, ruled: Explanation | None, place: PlaceAccess | None, *, visible: bool
) -> str:
    """What the database says today of an indexed document, beside what the manifest would give.

    Args:
        ceiling: what the database lets the user see at most: 0 to 3, or -1 for a disabled account.
        ruled: what the manifest gives; None where it cannot be read.
        place: what the place says, where it says anything.
        visible: whether the database shows it to the user.
    """
    if ruled is None:
        return f"As the database has it, today they {'can' if visible else 'cannot'} read it."
    if visible == ruled.readable:
        return f"The database agrees: today they {'can' if visible else 'cannot'} read it."
    if visible:
        return (
            "Today they still can: the manifest changed, and the next synchronisation applies it."
        )
    return f"Today they cannot read it: {_closed_by(ceiling, ruled, place)}."


def _closed_by(ceiling: int, ruled: Explanation, place: PlaceAccess | None) -> str:
    if ceiling < 0:
        return "the account is disabled"
    if ruled.classification is not None and ceiling < ruled.classification:
        return f"their ceiling is {CLASS_NAMES[ceiling]}, set on the account or by the manifest of a source"
    if place is not None:
        return "its place did not open it to them when it was last looked at"
    return "a synchronisation is due, which applies the manifest"


async def _source_of(
    session: ReadSession, path: str, source_name: str | None
) -> tuple[Source, str]:
    if source_name is not None:
        sources = [await find_source(session, source_name)]
    else:
        sources = await repository.all_sources(session)
    if Path(path).is_absolute():
        for source in sources:
            if source.kind == FOLDER and Path(path).is_relative_to(source.location):
                return source, Path(path).relative_to(source.location).as_posix()
        raise NotFound(f"No source holds {path}.")
    path = Path(path).as_posix()
    if len(sources) == 1:
        return sources[0], path
    values = {"path": path}
    holding = {int(row.source_id) for row in await session.rows(_HOLDING, values)}
    found = [source for source in sources if source.id in holding]
    if len(found) == 1:
        return found[0], path
    names = ", ".join(f"'{source.name}'" for source in found or sources)
    raise InvalidInput(f"Say which source it is in, with --source: {names or 'none exists yet'}.")


_USER = "select principal_id from user_account where login = %(login)s"
_LEDGER = "select status, reason, document_id from ledger where source_id = %(source)s and path = %(path)s"
_CLEARANCE = "select current_clearance()"
_VISIBLE = "select true from document where source_id = %(source)s and path = %(path)s"
_HOLDING = "select source_id from ledger where path = %(path)s"

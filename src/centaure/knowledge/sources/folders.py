"""Folders that an administrator adds in a browser: where they may be, what they hold, who is to read them.

Whoever may name any folder of a machine reads that machine, so a browser names only what is below a few
places that the settings allow. The application looks and asks; the worker looks again, with its own
settings, and adds.
"""

import os
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

import anyio.to_thread
import yaml

import centaure
from centaure.audit import Action, record
from centaure.kit.database import Database, ReadSession, Row, WriteSession
from centaure.kit.errors import CentaureError, InvalidInput, NotFound, Unavailable
from centaure.kit.settings import Settings
from centaure.knowledge.connectors import PlaceUnavailable
from centaure.knowledge.connectors.names import is_ignored
from centaure.knowledge.sources import repository
from centaure.knowledge.sources.manifest import EVERYONE
from centaure.knowledge.sources.places import Places
from centaure.knowledge.sources.service import MANIFEST_NAME, NewSource, add_source

SAMPLE = Path(centaure.__file__).parents[2] / "examples" / "company" / "documents"
"""The documents of the sample company, where Centaure runs from its repository."""

_SYSTEM = tuple(
    Path(f"/{name}")
    for name in ("bin", "boot", "dev", "etc", "lib", "lib64", "proc", "run", "sbin", "sys", "usr")
)
_NOT_HERE = (
    "This is not a folder that can be added here. Choose one below the places shown, or add it on the "
    "machine itself: `centaure source add folder PATH --rights FILE`."
)
_OVERLAPS = (
    "This place overlaps with one that is added already. Choose another, or add it on the machine itself: "
    "`centaure source add folder PATH --rights FILE`."
)
_RULED_AROUND = (
    f"A {MANIFEST_NAME} in a folder above this one, or below it, says who reads there. Choose another "
    "folder, or add this one on the machine itself: `centaure source add folder PATH --rights FILE`."
)
_FORMATS: Mapping[str, str] = {
    **dict.fromkeys((".htm", ".html", ".xhtml"), "html"),
    **dict.fromkeys((".md", ".markdown"), "markdown"),
    **dict.fromkeys((".csv", ".tsv"), "csv"),
    **dict.fromkeys((".png", ".jpg", ".jpeg", ".tif", ".tiff", ".gif", ".bmp", ".webp"), "image"),
    **{f".{name}": name for name in ("pdf", "docx", "pptx", "xlsx", "odt", "ods", "eml")},
    ".txt": "text",
}
_PATIENCE_S = 3.0
_MOST_FILES = 200_000


class FolderRefused(InvalidInput):
    """A folder that cannot be added, and why in a word: outside, absent, file, unlisted."""

    def __init__(self, why: str, message: str) -> None:
        super().__init__(message)
        self.why = why


@dataclass(frozen=True, slots=True)
class Root:
    """A place below which folders may be added; `sample`: it is the sample company's."""

    path: Path
    sample: bool = False


@dataclass(frozen=True, slots=True)
class Allowed:
    """Where folders may be added from in a browser.

    Attributes:
        roots: with their links followed; a folder is one of them or below one.
        home: the data folder, of which only a root inside it may be read.
    """

    roots: tuple[Root, ...]
    home: Path

    def folder(self, written: str) -> Path:
        """The folder that somebody names, its links followed.

        Raises:
            FolderRefused: it is outside of the roots, which is said alike whether it exists or not; or it is
                inside of one and is not a folder that can be listed.
        """
        if not written.startswith("/") or not written.isprintable():
            raise FolderRefused("outside", _NOT_HERE)
        try:
            place = Path(written).resolve()
        except (OSError, RuntimeError, ValueError):
            raise FolderRefused("outside", _NOT_HERE) from None
        if not any(self._holds(root, place) for root in self.roots):
            raise FolderRefused("outside", _NOT_HERE)
        try:
            with os.scandir(place):
                return place
        except FileNotFoundError:
            raise FolderRefused(
                "absent", f"There is no folder {place}. Look at how it is written."
            ) from None
        except NotADirectoryError:
            raise FolderRefused(
                "file", f"{place} is a file. Name the folder that holds it."
            ) from None
        except OSError as error:
            raise FolderRefused(
                "unlisted",
                f"The folder {place} cannot be listed ({error.strerror}). Give the user that Centaure runs "
                "as the right to read it.",
            ) from None

    def need_unruled(self, place: Path, patience_s: float | None = None) -> None:
        """See that no manifest in another folder says who reads what is in a place. Blocks.

        Args:
            place: as `folder` gave it.
            patience_s: for how many seconds what is below is looked at; None: to the end.

        Raises:
            InvalidInput: there is one above, up to the root, or below.
        """
        for above in place.parents:
            rooted = any(above.is_relative_to(root.path) for root in self.roots)
            if rooted and _is_there(above / MANIFEST_NAME):
                raise InvalidInput(_RULED_AROUND)
        if _is_ruled_below(place, patience_s):
            raise InvalidInput(_RULED_AROUND)

    def _holds(self, root: Root, place: Path) -> bool:
        """Whether a place is below a root, and holds nothing of the system or of Centaure itself."""
        if not place.is_relative_to(root.path):
            return False
        if root.sample or root.path == self.home / "documents":
            return True
        kept = (*_SYSTEM, self.home)
        return not any(place.is_relative_to(one) or one.is_relative_to(place) for one in kept)


@dataclass(frozen=True, slots=True)
class Look:
    """What a folder holds, by the names of its files.

    Attributes:
        files: that would be read, links and passing files left out.
        formats: how many of each.
        others: files of kinds that are not read.
        bytes: of those that would be read.
        whole: whether everything was looked at within the time for it.
        ruled: it has a manifest of its own, which says who reads.
    """

    path: Path
    files: int
    formats: Mapping[str, int]
    others: int
    bytes: int
    whole: bool
    ruled: bool


@dataclass(frozen=True, slots=True)
class FolderAsked:
    """A folder to add.

    Attributes:
        path: as typed.
        readers: logins, or `*` for everybody who is signed in; empty only where the folder has its own
            manifest.
        classification: 0 to 3, of all that is in it.
    """

    path: str
    name: str
    readers: Sequence[str]
    classification: int


@dataclass(frozen=True, slots=True)
class FolderRequest:
    """What became of a folder that somebody asked for; `problem` says why it was refused."""

    id: int
    requested_by: int
    location: str
    name: str
    readers: tuple[str, ...]
    classification: int
    state: str
    problem: str
    source_id: int | None


def allowed_folders(settings: Settings) -> Allowed:
    """Where an installation lets folders be added from; its own folder of documents is made if it can be."""
    home = settings.home.expanduser().absolute()
    own = home / "documents"
    with suppress(OSError):  # nothing is found there then
        own.mkdir(exist_ok=True)
    named = [Path(one) for one in settings.browser_folders.split(":") if one.startswith("/")]
    found = [Root(_resolved(own)), *(Root(_resolved(one)) for one in named)]
    if SAMPLE.is_dir():
        found.append(Root(_resolved(SAMPLE), sample=True))
    return Allowed(tuple(dict.fromkeys(found)), _resolved(home))


def look_at(folder: Path) -> Look:
    """Count what is in a folder, for a few seconds at most. Blocks."""
    formats: Counter[str] = Counter()
    others = size = seen = 0
    whole, until = True, time.monotonic() + _PATIENCE_S
    for entry in _files(folder):
        seen += 1
        if seen > _MOST_FILES or time.monotonic() > until:
            whole = False
            break
        kind = _FORMATS.get(PurePosixPath(entry.name).suffix.lower())
        if kind is None or entry.name == MANIFEST_NAME:
            others += entry.name != MANIFEST_NAME
            continue
        formats[kind] += 1
        try:
            size += entry.stat(follow_symlinks=False).st_size
        except OSError:
            continue
    ruled = _is_there(folder / MANIFEST_NAME)
    return Look(folder, formats.total(), dict(formats), others, size, whole, ruled)


async def leave_request(
    session: WriteSession, asked: FolderAsked, allowed: Allowed, requested_by: int
) -> int:
    """Write down a folder to add, for the worker; its number.

    Raises:
        InvalidInput: the folder may not be added, nobody or somebody unknown is to read it, or it has rights
            of its own and readers were chosen besides. Of overlaps only what the principal sees is told
            here; the worker sees all, and refuses with the same words.
    """
    place = await anyio.to_thread.run_sync(allowed.folder, asked.path)
    await _need_apart(session, place)
    await anyio.to_thread.run_sync(allowed.need_unruled, place, _PATIENCE_S)
    readers = tuple(dict.fromkeys(asked.readers))
    ruled = await anyio.to_thread.run_sync(_own_manifest, place, readers) is not None
    if not ruled and not readers:
        raise InvalidInput("Choose who is to read these documents: nobody does until then.")
    known = {row.login for row in await session.rows(_KNOWN, {"logins": list(readers)})}
    unknown = [one for one in readers if one != EVERYONE and one not in known]
    if unknown:
        raise InvalidInput(f"There is no account {unknown[0]}.")
    name = asked.name.strip() or place.name
    if not name.isprintable():
        raise InvalidInput("A source needs a name that can be read.")
    values = {
        "by": requested_by,
        "location": str(place),
        "name": name,
        "readers": list(readers),
        "classification": asked.classification,
    }
    number = int(await session.value(_ASK, values))
    details = {
        "asked": "folder",
        "readers": len(readers),
        "everybody": EVERYONE in readers,
        "own_rights": ruled,
        "classification": f"C{asked.classification}",
    }
    await record(session, Action.SOURCE_ADD, f"folder-request:{number}", details=details)
    return number


async def read_request(session: ReadSession, number: int) -> FolderRequest:
    """A folder that the principal asked for.

    Raises:
        NotFound: there is none of theirs.
    """
    row = await session.row(f"{_COLUMNS} where id = %(id)s", {"id": number})
    if row is None:
        raise NotFound
    return _request(row)


async def waiting_requests(session: ReadSession) -> list[int]:
    """The numbers of those that the worker has not done yet."""
    return [int(row.id) for row in await session.rows(_WAITING)]


async def fulfil_request(
    database: Database, number: int, allowed: Allowed, places: Places, manifests: Path
) -> int | None:
    """Add a folder that somebody asked for, as the worker's role in their name.

    Args:
        database: as the worker's role.
        number: of the request.
        allowed: by the worker's own settings.
        places: makes the connector.
        manifests: folder for what says who reads; made if it is not there.

    Returns:
        The source; None where it was refused, or done before.
    """
    async with database.read(None) as session:
        request = await read_request(session, number)
    if request.state != "waiting":
        return None
    try:
        await _need_administrator(database, request.requested_by)
        place = await anyio.to_thread.run_sync(allowed.folder, request.location)
        source_id = await _added_before(database, request, place)
        if source_id is None:
            async with database.read(None) as session:
                await _need_apart(session, place)
            await anyio.to_thread.run_sync(allowed.need_unruled, place)
            manifest = await anyio.to_thread.run_sync(_manifest, place, manifests, request)
            new = NewSource(place, name=request.name, manifest=manifest)
            source = await add_source(database, new, places, requested_by=request.requested_by)
            source_id = source.id
    except CentaureError as error:
        if isinstance(error, Unavailable) and not isinstance(error, PlaceUnavailable):
            raise  # the database went away: asked for again
        await _settle(database, replace(request, state="refused", problem=error.message[:1000]))
        return None
    await _settle(database, replace(request, state="added", source_id=source_id))
    return source_id


async def _need_administrator(database: Database, principal: int) -> None:
    """Refuse what was asked by an account that was disabled, or lost the role, since it asked."""
    async with database.read(principal) as session:
        if not await session.value(_ADMINISTRATOR):
            raise InvalidInput("Whoever asked for this folder is no administrator any more.")


async def _added_before(database: Database, request: FolderRequest, place: Path) -> int | None:
    """The source of this very request, where it was cut short before its end was written down."""
    async with database.read(None) as session:
        named = await repository.source_by_name(session, request.name)
    if named is None or named.location != str(place):
        return None
    return named.id if (named.manifest or "").endswith(f"/{request.id}.yaml") else None


async def _need_apart(session: ReadSession, place: Path) -> None:
    """Refuse a place that lies in a source's place, or holds one: their readers are not the same."""
    locations = await repository.local_locations(session)
    if await anyio.to_thread.run_sync(_overlaps, place, locations):
        raise InvalidInput(_OVERLAPS)


def _overlaps(place: Path, locations: Sequence[str]) -> bool:
    taken = [_resolved(Path(one)) for one in locations]
    return any(place.is_relative_to(one) or one.is_relative_to(place) for one in taken)


def _manifest(place: Path, manifests: Path, request: FolderRequest) -> Path:
    """The folder's own manifest, or one that gives all of it to the chosen readers."""
    own = _own_manifest(place, request.readers)
    if own is not None:
        return own
    if not request.readers:
        raise InvalidInput(
            "Nobody was chosen to read it, and its rights.yaml is gone. Ask for it again."
        )
    read = (
        {"groups": [EVERYONE]} if EVERYONE in request.readers else {"users": list(request.readers)}
    )
    rule = {
        "path": ".",
        "type": "folder",
        "classification": f"C{request.classification}",
        "read": read,
    }
    words = yaml.safe_dump({"rules": [rule]}, allow_unicode=True, sort_keys=False)
    manifests.mkdir(mode=0o700, parents=True, exist_ok=True)
    target = manifests / f"{request.id}.yaml"
    draft = target.with_suffix(".new")
    draft.write_text(f"# Who reads this source, as chosen in a browser.\n{words}", "utf-8")
    draft.replace(target)
    return target


def _own_manifest(place: Path, readers: Sequence[str]) -> Path | None:
    """The manifest at the top of a folder, if it has one.

    Raises:
        InvalidInput: there is one and readers were chosen besides, of which only one can hold; or what has
            its name is a link or no file, so that what it says could lie anywhere.
    """
    own = place / MANIFEST_NAME
    if not _is_there(own):
        return None
    if readers:
        raise InvalidInput(
            f"{place} has a {MANIFEST_NAME}, which says who reads what in it. Choose nobody besides."
        )
    if own.is_symlink() or not own.is_file():
        raise InvalidInput(
            f"The {MANIFEST_NAME} of {place} is not a plain file. Put one in its place."
        )
    return own


def _is_there(path: Path) -> bool:
    """Whether anything has this name, be it a link to nowhere."""
    return os.path.lexists(path)


async def _settle(database: Database, request: FolderRequest) -> None:
    values = {
        "id": request.id,
        "state": request.state,
        "problem": request.problem,
        "source": request.source_id,
    }
    async with database.write(request.requested_by) as session:
        await session.execute(_SETTLE, values)


def _files(folder: Path) -> Iterator[os.DirEntry[str]]:
    """The files below a folder, no link followed; what cannot be listed is passed over."""
    waiting = [str(folder)]
    while waiting:
        try:
            with os.scandir(waiting.pop()) as entries:
                for entry in entries:
                    if is_ignored(entry.name) or entry.is_symlink():
                        continue
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
                    else:
                        yield entry
        except OSError:
            continue


def _is_ruled_below(folder: Path, patience_s: float | None) -> bool:
    """Whether a manifest is in a folder below this one, as far as one could see; no link is followed."""
    until = None if patience_s is None else time.monotonic() + patience_s
    top = str(folder)
    waiting = [top]
    while waiting and (until is None or time.monotonic() < until):
        inside = waiting.pop()
        try:
            with os.scandir(inside) as entries:
                for entry in entries:
                    if entry.name == MANIFEST_NAME and inside != top:
                        return True
                    if not is_ignored(entry.name) and entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
        except OSError:  # what cannot be listed is not read either
            continue
    return False


def _resolved(path: Path) -> Path:
    try:
        return path.resolve()
    except (OSError, RuntimeError):
        return path


def _request(row: Row) -> FolderRequest:
    number, by, location, name, readers, classification, state, problem, source_id = row
    return FolderRequest(
        number, by, location, name, tuple(readers), classification, state, problem, source_id
    )


_COLUMNS = (
    "select id, requested_by, location, name, readers, classification, state, problem, source_id"
    " from folder_request"
)
_KNOWN = (
    "select login from user_account where disabled_at is null"
    " and login = any(cast(%(logins)s as text[]))"
)
_ASK = (
    "insert into folder_request (requested_by, location, name, readers, classification)"
    " values (%(by)s, %(location)s, %(name)s, cast(%(readers)s as text[]), %(classification)s) returning id"
)
_ADMINISTRATOR = "select has_role('administrator')"
_WAITING = "select id from folder_request where state = 'waiting' order by id"
_SETTLE = (
    "update folder_request set state = %(state)s, problem = %(problem)s, source_id = %(source)s"
    " where id = %(id)s and state = 'waiting'"
)

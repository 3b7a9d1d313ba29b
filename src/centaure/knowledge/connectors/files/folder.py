"""A folder of this machine, or mounted on it: every file or the reason why not, never outside the folder."""

import errno
import os
import stat
import time
from collections.abc import Collection, Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Literal, Self

from typing_extensions import override

from centaure.kit.errors import InvalidInput
from centaure.knowledge.connectors.copies import Fetched
from centaure.knowledge.connectors.files.posix_rights import (
    file_access,
    folder_access,
    forget_accounts,
    posix_groups,
)
from centaure.knowledge.connectors.names import is_ignored
from centaure.knowledge.connectors.port import (
    LONGEST_PATH_BYTES,
    Connector,
    Item,
    ItemGone,
    ItemUnreadable,
    Options,
    PlaceAccess,
    PlaceGroup,
    PlaceUnavailable,
    Problem,
    path_problem,
)

_RACY_NS = 2_000_000_000
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
# The folders above the root may be passed through without the right to list them.
_WAY = getattr(os, "O_PATH", os.O_RDONLY) | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_LINK = (
    "This is a link to another place. Links are not followed, because they could show what the rules "
    "close; the file is read where it lies, if that is in a source."
)


class FolderOptions(Options):
    """What a folder may be told.

    Attributes:
        rights: "place" mirrors owner, group, mode and access control list of each file and folder.
    """

    rights: Literal["manifest", "place"] = "manifest"


class FolderConnector(Connector):
    """A folder; its location is an absolute path without links, as `normal_location` resolves it.

    A link that appears in that path later is not followed: whoever may write above the folder could show
    through it what was never added.
    """

    kind = "folder"
    options_model = FolderOptions

    def __init__(self, root: Path, *, reports_access: bool = False) -> None:
        self.root = root
        self.reports_access = reports_access

    @classmethod
    @override
    def normal_location(cls, written: str, options: Options) -> str:
        try:
            root = Path(written).expanduser().resolve(strict=True)
            cls(root).check()
        except PlaceUnavailable as error:
            raise InvalidInput(error.message) from None
        except (OSError, RuntimeError, ValueError) as error:
            why = (error.strerror if isinstance(error, OSError) else None) or str(error)
            raise InvalidInput(f"The folder {written} cannot be used ({why}).") from None
        return str(root)

    @classmethod
    @override
    def connect(cls, location: str, options: Options) -> Self:
        mirrored = isinstance(options, FolderOptions) and options.rights == "place"
        return cls(Path(location), reports_access=mirrored)

    @override
    def check(self) -> None:
        descriptor = _open_root(self.root)
        try:
            with os.scandir(descriptor):
                pass
        except OSError as error:
            raise _unavailable(self.root, error) from None
        finally:
            os.close(descriptor)

    @override
    def items(self, since: str | None = None) -> Iterator[Item | Problem]:
        """Everything below the folder; no link is ever followed.

        A link could show through an open folder what lies in a closed one, so each is a line saying so,
        and the file that it points at is indexed where it lies. Memory grows with the depth and width of
        the folders still to visit, never with the number of files.
        """
        self.check()
        self.passed_over = 0
        forget_accounts()
        waiting: list[tuple[str, PlaceAccess | None]] = [("", None)]
        while waiting:
            folder, above = waiting.pop()
            try:
                descriptor = _open_folder(self.root, folder)
            except OSError as error:
                yield _unlisted(folder, error)
                continue
            try:
                yield from self._listed(descriptor, folder, above, waiting)
            except OSError as error:
                yield _unlisted(folder, error)
            finally:
                os.close(descriptor)

    def _listed(
        self,
        descriptor: int,
        folder: str,
        above: PlaceAccess | None,
        waiting: list[tuple[str, PlaceAccess | None]],
    ) -> Iterator[Item | Problem]:
        """What lies in an open folder; the folders in it are added to those that wait."""
        name = _printable(folder) or "the folder"
        access = folder_access(descriptor, name, above) if self.reports_access else None
        with os.scandir(descriptor) as entries:
            for entry in entries:
                if is_ignored(entry.name):
                    self.passed_over += 1
                    continue
                path = f"{folder}/{entry.name}" if folder else entry.name
                found = _look(entry, path)
                if found is None:
                    waiting.append((path, access))
                elif access is not None and isinstance(found, Item):
                    yield replace(found, access=file_access(descriptor, entry.name, access))
                else:
                    yield found

    @override
    @contextmanager
    def fetch(self, path: str) -> Generator[Fetched]:
        """The file itself, open: whatever its name leads to later, these are the bytes."""
        try:
            descriptor = _open(self.root, path)
        except OSError as error:
            raise ItemUnreadable(
                f"It cannot be read ({error.strerror}). Give this service the right to read it."
            ) from None
        try:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                raise ItemGone(path)
            found = _item(path, status)

            def unchanged() -> bool:
                try:
                    named = (self.root / path).lstat()
                except OSError:
                    return False
                return _item(path, os.fstat(descriptor)) == _item(path, named) == found

            yield Fetched(
                descriptor,
                PurePosixPath(path).name,
                status.st_size,
                status.st_mtime_ns,
                found.version,
                found.identity,
                # Within the tick of the file system's clock it may change again, unseen.
                status.st_mtime_ns > time.time_ns() - _RACY_NS,
                unchanged,
            )
        finally:
            os.close(descriptor)

    @override
    def groups(self, named: Collection[str]) -> Iterator[PlaceGroup]:
        return posix_groups(named)


def _look(entry: os.DirEntry[str], path: str) -> Item | Problem | None:
    """An item, a problem, or None for a folder to visit."""
    if (wrong := path_problem(path)) is not None:
        name = _printable(path)
        if len(name.encode()) > LONGEST_PATH_BYTES:
            name = name.encode()[: LONGEST_PATH_BYTES - 20].decode(errors="ignore")
            name += f"… ({entry.inode()})"
        return Problem(name, "unreadable", wrong)
    try:
        if entry.is_symlink():
            return Problem(path, "ignored", _LINK)
        if entry.is_dir(follow_symlinks=False):
            return None
        status = entry.stat(follow_symlinks=False)
    except OSError as error:
        return Problem(path, "unreadable", f"It cannot be looked at ({error.strerror}).")
    if not stat.S_ISREG(status.st_mode):
        return Problem(path, "ignored", "This is not a file but a device, a pipe or a socket.")
    return _item(path, status)


def _item(path: str, status: os.stat_result) -> Item:
    # The change time tells of what a program did that set the modification time back.
    version = f"{status.st_mtime_ns}.{status.st_ctime_ns}"
    return Item(path, status.st_size, status.st_mtime_ns, version, str(status.st_ino))


def _printable(path: str) -> str:
    r"""A path as text, bytes that are not UTF-8 written as \xNN."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def _unlisted(folder: str, error: OSError) -> Problem:
    """What is said of a folder that was there a moment ago and cannot be listed."""
    path = _printable(folder) or "."
    if error.errno in {errno.ELOOP, errno.ENOTDIR}:
        return Problem(path, "ignored", _LINK)
    return Problem(
        path,
        "unreadable",
        f"This folder cannot be listed ({error.strerror}); what was read of it before is kept. Give this "
        "service the right to read it.",
        holds_below=True,
    )


def _unavailable(root: Path, error: OSError) -> PlaceUnavailable:
    if error.errno in {errno.ELOOP, errno.ENOTDIR}:
        return PlaceUnavailable(
            f"{root} is not a folder any more, or a link stands in its path, which is not followed. Put the "
            "folder back in its place, or add the folder that the link leads to as a source."
        )
    return PlaceUnavailable(
        f"The folder {root} cannot be listed ({error.strerror}). It may not be mounted: mount "
        "it, or give this service the right to read it."
    )


def _open_root(root: Path) -> int:
    """Open the folder of the source itself.

    Raises:
        PlaceUnavailable: it is not there, or a link stands in its path.
    """
    *above, last = root.parts[1:] or (".",)
    try:
        holder = os.open(root.anchor, _WAY)
        holder = _descend(holder, above, _WAY)
        return _descend(holder, [last], _FOLDER)
    except OSError as error:
        raise _unavailable(root, error) from None


def _open_folder(root: Path, path: str) -> int:
    """Open a folder of the source; errors of the system, PlaceUnavailable as for its root."""
    return _descend(_open_root(root), PurePosixPath(path).parts, _FOLDER)


def _descend(holder: int, names: Iterable[str], flags: int) -> int:
    """Open component by component: a folder on the way that became a link would lead elsewhere.

    The descriptor that it starts from is closed.
    """
    for name in names:
        try:
            inner = os.open(name, flags, dir_fd=holder)
        finally:
            os.close(holder)
        holder = inner
    return holder


def _open(root: Path, path: str) -> int:
    """Open a file in its folder, through no link; errors of the system but for what is gone."""
    if path_problem(path) is not None:
        raise ItemGone(path)
    folder, _, name = path.rpartition("/")
    try:
        holder = _open_folder(root, folder)
        try:
            return os.open(name, _FILE, dir_fd=holder)
        finally:
            os.close(holder)
    except (FileNotFoundError, NotADirectoryError):
        raise ItemGone(path) from None
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise ItemGone(path) from error
        raise

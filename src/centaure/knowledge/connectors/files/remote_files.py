"""What file servers have in common, whatever they speak: a walk folder by folder, copies that are bounded.

A protocol says how a folder is listed and how a file is opened; the rules are here: names that are passed
over, links that are never followed, files too large, bytes that changed on the way.
"""

from abc import abstractmethod
from collections.abc import Generator, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import PurePosixPath
from time import time_ns
from typing import Literal
from urllib.parse import SplitResult, unquote, urlsplit
from zlib import crc32

from typing_extensions import override

from centaure.kit.errors import InvalidInput
from centaure.knowledge.connectors.copies import Fetched, copied
from centaure.knowledge.connectors.names import is_ignored
from centaure.knowledge.connectors.port import (
    LONGEST_PATH_BYTES,
    Connector,
    Item,
    ItemChanged,
    ItemGone,
    ItemTooLarge,
    ItemUnreadable,
    PlaceAccess,
    PlaceUnavailable,
    Problem,
    path_problem,
)
from centaure.knowledge.parsing.limits import DEFAULT_LIMITS, megabytes

PIECE = 1 << 20
TIMEOUT_S = 30.0
MOST_WAITING = 200_000
"""Most folders that wait to be visited; more is no place that people keep documents in."""
MOST_IN_FOLDER = 2_000_000
_UNSETTLED_NS = 120_000_000_000

LINK = (
    "This is a link to another place. Links are not followed, because they could show what the rules "
    "close; the file is read where it lies, if that is in a source."
)
_BUSY = "This folder is held by another program; the next synchronisation tries again."
NO_FILE = "This is not a file but a device, a pipe or a socket."


@dataclass(frozen=True, slots=True)
class Entry:
    """What a folder holds under one name; the other attributes are those of `Item`.

    Attributes:
        problem: why the place does not tell what it is, in a sentence.
    """

    name: str
    kind: Literal["file", "folder", "link", "other"]
    size: int | None = None
    modified_ns: int | None = None
    version: str = ""
    identity: str = ""
    access: PlaceAccess | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Opened:
    """A file that is open on the other side.

    Attributes:
        pieces: the bytes; ends by raising `ItemChanged` when they did not hold still.
        size: in bytes, as the other side says; None where it does not.
        modified_ns: as in `Item`.
        version: as in `Item`.
        identity: as in `Item`.
    """

    pieces: Iterator[bytes]
    size: int | None = None
    modified_ns: int | None = None
    version: str = ""
    identity: str = ""


class RemoteFiles(Connector):
    """Files on another machine, each opened by its path."""

    @abstractmethod
    def _opened(self, path: str) -> AbstractContextManager[Opened]:
        """A file, open; errors as in `fetch`. What reading its pieces raises passes through it."""

    def _found(self, path: str, entry: Entry) -> Item | Problem | str | None:
        """An item, a problem, the path of a folder to visit, or None for what is passed over."""
        if is_ignored(entry.name):
            self.passed_over += 1
            return None
        if (wrong := name_problem(path, entry)) is not None:
            return wrong
        if entry.problem:
            return Problem(path, "unreadable", entry.problem, holds_below=True)
        if entry.kind == "folder":
            return path
        if entry.kind != "file":
            return Problem(path, "ignored", LINK if entry.kind == "link" else NO_FILE)
        return Item(
            path, entry.size, entry.modified_ns, entry.version, entry.identity, entry.access
        )

    @override
    @contextmanager
    def fetch(self, path: str) -> Generator[Fetched]:
        """A copy; the connection is free again before it is used."""
        if path_problem(path) is not None:
            raise ItemGone(path)
        with ExitStack() as copy:
            with self._opened(path) as opened:
                refuse_too_large(opened.size)
                file = copy.enter_context(
                    copied(
                        PurePosixPath(path).name,
                        _counted(path, opened),
                        modified_ns=opened.modified_ns,
                        version=opened.version,
                        identity=opened.identity,
                    )
                )
            yield file


class RemoteFolders(RemoteFiles):
    """Files in folders that are listed one by one."""

    @abstractmethod
    def _entries(self, folder: str) -> Iterator[Entry]:
        """What a folder holds; "" is the place itself.

        Raises:
            ItemGone: it is not there, or is no folder.
            ItemUnreadable: it is closed to these credentials.
            ItemChanged: it is held by another program.
            PlaceUnavailable: the other side does not answer.
        """

    @override
    def items(self, since: str | None = None) -> Iterator[Item | Problem]:
        """Everything in the place, folder by folder.

        Memory grows with the folders still to visit, never with the number of files.
        """
        self.check()
        self.passed_over = 0
        waiting = [""]
        while waiting:
            folder = waiting.pop()
            try:
                yield from self._visited(folder, waiting)
            except ItemGone:
                if not folder:
                    raise PlaceUnavailable(self._root_gone()) from None
            except (ItemUnreadable, ItemChanged) as error:
                words = error.message if isinstance(error, ItemUnreadable) else _BUSY
                if not folder:
                    raise PlaceUnavailable(words) from None
                yield Problem(folder, "unreadable", words, holds_below=True)

    def _visited(self, folder: str, waiting: list[str]) -> Iterator[Item | Problem]:
        """What lies in one folder; folders in it are added to those that wait."""
        for number, entry in enumerate(self._entries(folder)):
            if number >= MOST_IN_FOLDER or len(waiting) >= MOST_WAITING:
                raise PlaceUnavailable(
                    f"The folder '{folder or '.'}' holds more than can be listed. Choose a folder further "
                    "down."
                )
            found = self._found(f"{folder}/{entry.name}" if folder else entry.name, entry)
            if isinstance(found, str):
                waiting.append(found)
            elif found is not None:
                yield found

    def _root_gone(self) -> str:
        return "The folder of this source is not there. Check its location, and what may be read."


def name_problem(path: str, entry: Entry) -> Problem | None:
    """The problem of a name that cannot be kept, shown in a form that can."""
    wrong = "The name holds a slash." if "/" in entry.name else path_problem(path)
    if wrong is None:
        return None
    shown = path.encode("utf-8", "backslashreplace").decode()
    shown = "/".join(part or "…" for part in shown.replace("\0", "\\0").split("/"))
    if len(shown.encode()) > LONGEST_PATH_BYTES:
        shown = shown.encode()[: LONGEST_PATH_BYTES - 80].decode(errors="ignore")
        shown += f"… ({crc32(path.encode('utf-8', 'backslashreplace')):x})"
    return Problem(shown, "unreadable", wrong, holds_below=entry.kind == "folder")


def refuse_too_large(size: int | None) -> None:
    """Refuse what no parser opens.

    Raises:
        ItemTooLarge: always, past the limit.
    """
    most = DEFAULT_LIMITS.file_bytes
    if size is not None and size > most:
        raise ItemTooLarge(
            f"The file is of {megabytes(size)} or more; at most {megabytes(most)} of any file are read. "
            "Split it, or leave it out."
        )


def settled(version: str, modified_ns: int | None) -> str:
    """A version made of a time in seconds, or "" while another change could still hide in that second.

    The other side's clock may differ from ours, so two minutes are allowed for it.
    """
    if modified_ns is None or modified_ns > time_ns() - _UNSETTLED_NS:
        return ""
    return version


def split_location(written: str, scheme: str, example: str) -> SplitResult:
    """The parts of a location such as `sftp://host:22/path`, without anything that could be a secret.

    Raises:
        InvalidInput: it is not of that form.
    """
    try:
        parts = urlsplit(written.strip())
        _ = parts.port
    except ValueError:
        raise InvalidInput(f"This is not a location such as {example}.") from None
    if parts.scheme not in scheme.split("|") or not parts.hostname:
        raise InvalidInput(f"This is not a location such as {example}.")
    if parts.username is not None or parts.password is not None:
        raise InvalidInput(
            f"A location holds no user or password; write it such as {example} and give them as options."
        )
    if any(ord(character) < 33 for character in parts.netloc):
        raise InvalidInput(f"This is not a location such as {example}.")
    return parts


def plain_path(path: str) -> str:
    """The path of a location, decoded, without slashes around it.

    Raises:
        InvalidInput: it climbs, or cannot be a path.
    """
    decoded = "/".join(part for part in unquote(path, errors="strict").split("/") if part)
    if decoded and path_problem(decoded) is not None:
        raise InvalidInput(
            "The path of the location cannot be one: no '..', no control characters."
        )
    return decoded


def _counted(path: str, opened: Opened) -> Generator[bytes]:
    received = 0
    for piece in opened.pieces:
        received += len(piece)
        refuse_too_large(received)
        yield piece
    if opened.size not in {None, received}:
        raise ItemChanged(path)

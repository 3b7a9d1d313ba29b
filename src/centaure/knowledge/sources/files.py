"""Reading a file's bytes safely: only a regular file, only below the root, only if it stays the same."""

import errno
import hashlib
import os
import stat
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

_PIECE = 1 << 20
_HASHED_IN_FULL = 1 << 30
_RACY_NS = 2_000_000_000
_PROCESSES = "/proc"
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


@dataclass(frozen=True, slots=True)
class FileState:
    """What tells that a file is the same; times in nanoseconds since 1970."""

    size: int
    modified_ns: int
    changed_ns: int
    inode: int


@dataclass(frozen=True, slots=True)
class HashedFile:
    """A file's state and its SHA-256."""

    state: FileState
    content_hash: bytes

    def kept(self) -> FileState:
        """The state to remember.

        A file written less than two seconds ago may change again within the tick of the file system's
        clock, unseen: its bytes are compared once more at the next sync (a change time of 0).
        """
        recent = self.state.modified_ns > time.time_ns() - _RACY_NS
        state = self.state
        return FileState(
            state.size, state.modified_ns, 0 if recent else state.changed_ns, state.inode
        )


class FileMoved(Exception):
    """The file is not where the listing saw it, or a link took its place."""


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """A regular file that is open: whatever its name leads to later, these are the bytes.

    Attributes:
        descriptor: of the file, for as long as `opened_file` lasts.
        name: its own, without folders.
    """

    descriptor: int
    name: str

    def hashed(self) -> HashedFile:
        """Read it through once; of one larger than 1 GiB, which no parser opens, only the beginning.

        Raises:
            OSError: it cannot be read.
        """
        os.lseek(self.descriptor, 0, os.SEEK_SET)
        status = os.fstat(self.descriptor)
        digest = hashlib.sha256()
        while piece := os.read(self.descriptor, _PIECE):
            digest.update(piece)
            if status.st_size > _HASHED_IN_FULL:
                digest.update(str(_state(status)).encode())
                break
        return HashedFile(self.state(), digest.digest())

    def state(self) -> FileState:
        """Its state now."""
        return _state(os.fstat(self.descriptor))

    @contextmanager
    def path(self) -> Generator[Path]:
        """A path that leads other processes of this user to this very file, and to no other.

        Where the system shows no open files below /proc, it is that of a copy nobody else can read.

        Raises:
            OSError: the copy cannot be written.
        """
        shown = Path(f"{_PROCESSES}/{os.getpid()}/fd/{self.descriptor}")
        if shown.exists():
            yield shown
            return
        suffix = PurePosixPath(self.name).suffix
        with tempfile.NamedTemporaryFile(prefix="centaure-file-", suffix=suffix) as copy:
            os.lseek(self.descriptor, 0, os.SEEK_SET)
            while piece := os.read(self.descriptor, _PIECE):
                copy.write(piece)
            copy.flush()
            yield Path(copy.name)


@contextmanager
def opened_file(root: Path, path: str) -> Generator[OpenedFile]:
    """Open a file below the root, following no link on the way.

    Raises:
        FileMoved: it is gone, is a link or not a file, or lies outside the folder by now.
        OSError: it cannot be opened.
    """
    descriptor = _open(root, path)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise FileMoved(path)
        yield OpenedFile(descriptor, PurePosixPath(path).name)
    finally:
        os.close(descriptor)


def hash_file(root: Path, path: str) -> HashedFile:
    """Open a file as `opened_file` does and read it through once.

    Raises:
        FileMoved: it is gone, is a link or not a file, or lies outside the folder by now.
        OSError: it cannot be read.
    """
    with opened_file(root, path) as file:
        return file.hashed()


def state_of(root: Path, path: str) -> FileState | None:
    """The state of a file now, or None when it is gone."""
    try:
        return _state((root / path).lstat())
    except OSError:
        return None


def _state(status: os.stat_result) -> FileState:
    return FileState(status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)


def _open(root: Path, path: str) -> int:
    """Open component by component: a folder on the way that became a link would lead elsewhere."""
    *folders, name = PurePosixPath(path).parts
    if ".." in (*folders, name):
        raise FileMoved(path)
    try:
        holder = os.open(root, _FOLDER)
        try:
            for folder in folders:
                inner = os.open(folder, _FOLDER | os.O_NOFOLLOW, dir_fd=holder)
                os.close(holder)
                holder = inner
            return os.open(name, _FILE, dir_fd=holder)
        finally:
            os.close(holder)
    except (FileNotFoundError, NotADirectoryError):
        raise FileMoved(path) from None
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise FileMoved(path) from error
        raise

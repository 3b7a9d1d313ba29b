"""Reading a file's bytes safely: only a regular file, only below the root, only if it stays the same."""

import hashlib
import os
import stat
import time
from dataclasses import dataclass
from pathlib import Path

_PIECE = 1 << 20
_HASHED_IN_FULL = 1 << 30
_RACY_NS = 2_000_000_000


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


def hash_file(root: Path, path: str) -> HashedFile:
    """Read a file through once; of one larger than 1 GiB, which no parser opens, only the beginning.

    Raises:
        FileMoved: it is gone, is a link or not a file, or lies outside the folder by now.
        OSError: it cannot be read.
    """
    descriptor = _open(root, path)
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise FileMoved(path)
        digest = hashlib.sha256()
        while piece := os.read(descriptor, _PIECE):
            digest.update(piece)
            if status.st_size > _HASHED_IN_FULL:
                digest.update(str(_state(status)).encode())
                break
        return HashedFile(_state(os.fstat(descriptor)), digest.digest())
    finally:
        os.close(descriptor)


def state_of(root: Path, path: str) -> FileState | None:
    """The state of a file now, or None when it is gone."""
    try:
        return _state((root / path).lstat())
    except OSError:
        return None


def _state(status: os.stat_result) -> FileState:
    return FileState(status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)


def _open(root: Path, path: str) -> int:
    full = root / path
    try:
        # A folder on the way that became a link since the listing would lead elsewhere.
        if full.parent.resolve(strict=True) != (root.resolve(strict=True) / path).parent:
            raise FileMoved(path)
        return os.open(full, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError):
        raise FileMoved(path) from None
    except OSError as error:
        if full.is_symlink():
            raise FileMoved(path) from error
        raise

"""Walking a folder: every file or the reason why not, in bounded memory, never outside the folder."""

import fnmatch
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

IGNORED_NAMES = (
    ".*",  # hidden: .git, .DS_Store, .Trash, temporary files of editors
    "~$*",  # lock files of office programs
    "*~",  # copies kept by editors
    "*.tmp",
    "*.part",
    "*.crdownload",
    "Thumbs.db",
    "desktop.ini",
    "$RECYCLE.BIN",
    "System Volume Information",
    "__MACOSX",
    "@eaDir",
    "#recycle",
    "lost+found",
)
"""Names that are passed over, files and folders; their number is in the report."""

LONGEST_PATH_BYTES = 2000

_LINK = (
    "This is a link to another place. Links are not followed, because they could show what the rules "
    "close; the file is read where it lies, if that is in a source."
)


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A regular file; times in nanoseconds since 1970."""

    path: str
    size: int
    modified_ns: int
    changed_ns: int
    inode: int


@dataclass(frozen=True, slots=True)
class FoundProblem:
    """Something that cannot be read, or is not to be; `status` is 'unreadable' or 'ignored'.

    Attributes:
        holds_below: a folder that cannot be listed: what was known below it may still be there.
    """

    path: str
    status: str
    reason: str
    holds_below: bool = False


@dataclass(slots=True)
class Walk:
    """What a walk counted."""

    files: int = 0
    problems: int = 0
    passed_over: int = 0


class RootUnavailable(Exception):
    """The folder of a source cannot be listed; the message is a sentence."""


def check_root(root: Path) -> None:
    """See that a source's folder can be listed.

    Raises:
        RootUnavailable: it is missing, not a folder, or closed to this service.
    """
    try:
        if not stat.S_ISDIR(os.stat(root).st_mode):  # noqa: PTH116 - the same call tells all faults
            raise RootUnavailable(f"{root} is not a folder any more.")
        with os.scandir(root):
            pass
    except OSError as error:
        raise RootUnavailable(
            f"The folder {root} cannot be listed ({error.strerror}). It may not be mounted: mount it, or "
            "give this service the right to read it."
        ) from None


def walk_folder(root: Path, walk: Walk) -> Iterator[FoundFile | FoundProblem]:
    """Everything below a folder, in no particular order; no link is ever followed.

    A link could show through an open folder what lies in a closed one, so each is a line saying so, and
    the file that it points at is indexed where it lies. Memory grows with the depth and width of the
    folders still to visit, never with the number of files.
    """
    waiting = [""]
    while waiting:
        folder = waiting.pop()
        try:
            with os.scandir(root / folder) as entries:
                for entry in entries:
                    if any(fnmatch.fnmatchcase(entry.name, name) for name in IGNORED_NAMES):
                        walk.passed_over += 1
                        continue
                    path = f"{folder}/{entry.name}" if folder else entry.name
                    found = _look(entry, path)
                    if found is None:
                        waiting.append(path)
                        continue
                    if isinstance(found, FoundFile):
                        walk.files += 1
                    else:
                        walk.problems += 1
                    yield found
        except OSError as error:
            walk.problems += 1
            yield FoundProblem(
                printable(folder) or ".",
                "unreadable",
                f"This folder cannot be listed ({error.strerror}); what was read of it before is kept. "
                "Give this service the right to read it.",
                holds_below=True,
            )


def printable(path: str) -> str:
    r"""A path as text, bytes that are not UTF-8 written as \xNN."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def _look(entry: os.DirEntry[str], path: str) -> FoundFile | FoundProblem | None:
    """A file, a problem, or None for a folder to visit."""
    if (problem := _bad_name(entry, path)) is not None:
        return problem
    try:
        if entry.is_symlink():
            return FoundProblem(path, "ignored", _LINK)
        if entry.is_dir(follow_symlinks=False):
            return None
        status = entry.stat(follow_symlinks=False)
    except OSError as error:
        return FoundProblem(path, "unreadable", f"It cannot be looked at ({error.strerror}).")
    if not stat.S_ISREG(status.st_mode):
        return FoundProblem(path, "ignored", "This is not a file but a device, a pipe or a socket.")
    return FoundFile(path, status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)


def _bad_name(entry: os.DirEntry[str], path: str) -> FoundProblem | None:
    try:
        encoded = path.encode()
    except UnicodeEncodeError:
        return FoundProblem(
            printable(path)[:LONGEST_PATH_BYTES],
            "unreadable",
            "The name is not valid UTF-8 text. Rename it, then sync again.",
        )
    if len(encoded) > LONGEST_PATH_BYTES:
        return FoundProblem(
            encoded[: LONGEST_PATH_BYTES - 20].decode(errors="ignore") + f"… ({entry.inode()})",
            "unreadable",
            f"The path is longer than {LONGEST_PATH_BYTES} bytes. Shorten it, then sync again.",
        )
    return None

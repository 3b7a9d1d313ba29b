"""The objects of a Git repository, read without ever unpacking one whose size was not looked at before.

The one place that knows how dulwich keeps them.
"""

import stat
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import RLock
from typing import Any, Literal, cast

from dulwich.objects import Commit, ObjectID, Tree
from dulwich.repo import Repo

_LARGEST_TREE = 64 * 1024 * 1024
_LARGEST_COMMIT = 16 * 1024 * 1024
_LONGEST_CHAIN = 10_000
_OFFSET_DELTA, _NAMED_DELTA = 6, 7

Kind = Literal["file", "folder", "link", "submodule", "other"]


class Unreadable(Exception):
    """An object is missing, damaged or larger than it may be."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What a folder holds under a name; `id` of its object, in hexadecimal."""

    kind: Kind
    id: bytes


@dataclass(frozen=True, slots=True)
class Change:
    """A path in two commits; `old` or `new` is None where it is not there."""

    path: bytes
    old: Entry | None
    new: Entry | None


class Objects:
    """Of a repository; for several threads.

    Raises, in each method:
        Unreadable: as said there.
    """

    def __init__(self, repository: Repo) -> None:
        """Reads nothing yet."""
        self._store: Any = repository.object_store
        self._lock = RLock()

    def has(self, object_id: bytes) -> bool:
        """Whether an object is there."""
        with self._lock:
            return object_id in self._store

    def commit(self, commit_id: bytes) -> tuple[bytes, int]:
        """The folder of a commit, and when it was made, in seconds since 1970."""
        found = self._read(commit_id, _LARGEST_COMMIT)
        if not isinstance(found, Commit):
            raise Unreadable
        try:
            return bytes(found.tree), int(found.commit_time)
        except Exception as error:  # an object of the repository is damaged in any way
            raise Unreadable from error

    def folder(self, tree_id: bytes) -> dict[bytes, Entry]:
        """What a folder holds, by name."""
        found = self._read(tree_id, _LARGEST_TREE)
        if not isinstance(found, Tree):
            raise Unreadable
        try:
            return {
                entry.path: Entry(_kind(entry.mode), bytes(entry.sha)) for entry in found.items()
            }
        except Exception as error:  # an object of the repository is damaged in any way
            raise Unreadable from error

    def size(self, blob_id: bytes) -> int:
        """Bytes of a file, found without unpacking it."""
        return self._sizes(blob_id)[0]

    def blob(self, blob_id: bytes, most: int) -> bytes:
        """The bytes of a file, if they and what they are put together from are no more than `most`."""
        with self._lock:
            if max(self._sizes(blob_id)) > most:
                raise Unreadable
            try:
                return cast("bytes", self._store.get_raw(ObjectID(blob_id))[1])
            except Exception as error:
                raise Unreadable from error

    def changes(self, old_tree: bytes | None, new_tree: bytes | None) -> Iterator[Change]:
        """What differs between two folders, and below; one line for each name that was looked at."""
        waiting: list[tuple[bytes, bytes | None, bytes | None]] = [(b"", old_tree, new_tree)]
        while waiting:
            path, old_id, new_id = waiting.pop()
            before = self.folder(old_id) if old_id else {}
            after = self.folder(new_id) if new_id else {}
            for name in sorted(before.keys() | after.keys()):
                old, new = before.get(name), after.get(name)
                if old == new:
                    continue
                whole = path + b"/" + name if path else name
                yield Change(whole, old, new)
                old_folder = old.id if old and old.kind == "folder" else None
                new_folder = new.id if new and new.kind == "folder" else None
                if (old_folder or new_folder) and b"/" not in name and name not in {b"..", b"."}:
                    waiting.append((whole, old_folder, new_folder))

    def _read(self, object_id: bytes, most: int) -> Any:
        with self._lock:
            if max(self._sizes(object_id)) > most:
                raise Unreadable
            try:
                return self._store[ObjectID(object_id)]
            except Exception as error:
                raise Unreadable from error

    def _sizes(self, object_id: bytes) -> list[int]:
        """The size of an object, then those of what it is put together from."""
        with self._lock:
            try:
                return self._packed_sizes(object_id) or [self._loose_size(object_id)]
            except Unreadable:
                raise
            except Exception as error:
                raise Unreadable from error

    def _packed_sizes(self, object_id: bytes) -> list[int]:
        # A pack that came since is looked for by dulwich itself, when it is asked what it has.
        packs: list[Any] = list(self._store.packs) if object_id in self._store else []
        for pack in packs:
            try:
                offset = int(pack.index.object_offset(ObjectID(object_id)))
            except KeyError:
                continue
            return self._chain(pack, offset)
        return []

    def _chain(self, pack: Any, offset: int) -> list[int]:
        buffer = pack.data._buffer()  # noqa: SLF001 - dulwich shows sizes only of what it has unpacked
        sizes: list[int] = []
        for _ in range(_LONGEST_CHAIN):
            kind, size, position = _header(buffer, offset)
            if kind == _OFFSET_DELTA:
                back, position = _distance(buffer, position)
                sizes += _delta_sizes(buffer, position)
                offset -= back
            elif kind == _NAMED_DELTA:
                width = int(pack.index.hash_size)
                base = bytes(buffer[position : position + width]).hex().encode()
                return [*sizes, *_delta_sizes(buffer, position + width), *self._sizes(base)]
            else:
                return [*sizes, size]
            if offset <= 0:
                raise Unreadable
        raise Unreadable

    def _loose_size(self, object_id: bytes) -> int:
        path = Path(self._store._get_shafile_path(ObjectID(object_id)))  # noqa: SLF001 - as above
        if path.is_symlink():
            raise Unreadable
        with path.open("rb") as file:
            head = zlib.decompressobj().decompress(file.read(256), 64)
        return int(head.partition(b"\0")[0].split(b" ")[1])


def _kind(mode: int) -> Kind:
    if stat.S_ISREG(mode):
        return "file"
    if stat.S_ISDIR(mode):
        return "folder"
    if stat.S_ISLNK(mode):
        return "link"
    return "submodule" if stat.S_IFMT(mode) == 0o160000 else "other"


def _header(buffer: Any, offset: int) -> tuple[int, int, int]:
    """Kind and size of a packed object, and where what follows begins (gitformat-pack)."""
    byte = int(buffer[offset])
    kind, size, shift = (byte >> 4) & 7, byte & 15, 4
    while byte & 0x80:
        offset += 1
        byte = int(buffer[offset])
        size |= (byte & 0x7F) << shift
        shift += 7
        if shift > 63:
            raise Unreadable
    return kind, size, offset + 1


def _distance(buffer: Any, position: int) -> tuple[int, int]:
    """How far before a delta its base begins, and where the delta itself does."""
    byte = int(buffer[position])
    back = byte & 0x7F
    while byte & 0x80:
        position += 1
        byte = int(buffer[position])
        back = ((back + 1) << 7) | (byte & 0x7F)
        if back > 1 << 62:
            raise Unreadable
    return back, position + 1


def _delta_sizes(buffer: Any, position: int) -> list[int]:
    """What a delta makes, and from how much; both stand at its beginning."""
    head = zlib.decompressobj().decompress(bytes(buffer[position : position + 128]), 24)
    base, at = _varint(head, 0)
    made, _ = _varint(head, at)
    return [made, base]


def _varint(head: bytes, position: int) -> tuple[int, int]:
    value, shift = 0, 0
    while True:
        byte = head[position]
        value |= (byte & 0x7F) << shift
        position, shift = position + 1, shift + 7
        if not byte & 0x80:
            return value, position

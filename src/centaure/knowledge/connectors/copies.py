"""The bytes of an item on this machine: the file itself where it is here, else a copy nobody else reads."""

import hashlib
import os
import tempfile
from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

_PIECE = 1 << 20
_HASHED_IN_FULL = 1 << 30
_PROCESSES = "/proc"


@dataclass(frozen=True, slots=True)
class Fetched:
    """The bytes of an item, for as long as `Connector.fetch` lasts.

    Attributes:
        descriptor: open for reading.
        name: the item's own, without folders.
        size: in bytes.
        modified_ns: in nanoseconds since 1970; None where the place does not say.
        version: of these very bytes, as `Item.version`.
        identity: as `Item.identity`.
        recent: it changed so recently that another change could hide behind this version.
        unchanged: whether the place still holds these bytes; a copy taken at once needs none.
    """

    descriptor: int
    name: str
    size: int
    modified_ns: int | None = None
    version: str = ""
    identity: str = ""
    recent: bool = False
    unchanged: Callable[[], bool] = lambda: True

    def digest(self) -> bytes:
        """SHA-256 of the bytes; of more than 1 GiB, which no parser opens, only of their beginning.

        Raises:
            OSError: they cannot be read.
        """
        os.lseek(self.descriptor, 0, os.SEEK_SET)
        digest = hashlib.sha256()
        while piece := os.read(self.descriptor, _PIECE):
            digest.update(piece)
            if self.size > _HASHED_IN_FULL:
                digest.update(f"{self.size} {self.version}".encode())
                break
        return digest.digest()

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
def copied(
    name: str,
    pieces: Iterable[bytes],
    *,
    modified_ns: int | None = None,
    version: str = "",
    identity: str = "",
) -> Generator[Fetched]:
    """A copy of bytes that come from elsewhere, in a file that has no name.

    Args:
        name: the item's own, without folders.
        pieces: the bytes; whoever makes them bounds them.
        modified_ns: as in `Fetched`.
        version: as in `Fetched`.
        identity: as in `Fetched`.
    """
    with tempfile.TemporaryFile(prefix="centaure-copy-") as file:
        for piece in pieces:
            file.write(piece)
        file.flush()
        yield Fetched(
            file.fileno(), name, file.tell(), modified_ns, version=version, identity=identity
        )

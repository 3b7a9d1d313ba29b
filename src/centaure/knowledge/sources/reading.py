"""From one file to what the database will say of it; no database here, so no transaction waits."""

import hashlib
import logging
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import Protocol, Self

from centaure.knowledge.indexing import PreparedDocument, prepare
from centaure.knowledge.parsing import Attachment, ParseOutcome, ParseStatus
from centaure.knowledge.sources.files import HashedFile, hash_file, state_of
from centaure.knowledge.sources.ledger import LONGEST_PATH

log = logging.getLogger(__name__)

_DEEPEST = 10


class Parser(Protocol):
    """What reads a file: a child process in the product, anything with this face elsewhere."""

    def parse(self, path: Path, name: str | None = None) -> ParseOutcome:
        """Read a file; never raises because of what the file holds."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None: ...


@dataclass(frozen=True, slots=True)
class Reading:
    """What became of one file, or of one attachment.

    Attributes:
        path: posix, in the source.
        document: None when there is nothing to search; `reason` says why.
        inside: the attachments of a message.
    """

    path: str
    status: str
    reason: str
    size: int
    content_hash: bytes
    document: PreparedDocument | None = None
    inside: tuple["Reading", ...] = ()

    def every(self) -> Iterator["Reading"]:
        """This one and everything inside it."""
        yield self
        for reading in self.inside:
            yield from reading.every()


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A file's bytes as they were and, unless they were known, what they say."""

    file: HashedFile
    reading: Reading | None


class ChangedWhileRead(Exception):
    """The file did not hold still; nothing of this reading may be kept."""


def read_file(parser: Parser, root: Path, path: str, known_hash: bytes | None) -> ReadFile:
    """Hash a file and, unless its bytes are known, parse and prepare it with all that it carries.

    Blocks for as long as that takes: run it in a thread.

    Args:
        parser: used by nobody else meanwhile.
        root: folder of the source.
        path: posix, in the source.
        known_hash: SHA-256 of bytes that need not be parsed.

    Raises:
        ChangedWhileRead: it changed meanwhile.
        FileMoved: it is gone or is not a plain file any more.
        OSError: it cannot be read.
    """
    file = hash_file(root, path)
    if file.content_hash == known_hash:
        return ReadFile(file, None)
    outcome = parser.parse(root / path)
    if state_of(root, path) != file.state:
        raise ChangedWhileRead(path)
    reading = _reading(parser, path, outcome, file.state.size, file.content_hash, depth=0)
    return ReadFile(file, reading)


def _reading(  # noqa: PLR0913 - one file's facts, in one private place
    parser: Parser, path: str, outcome: ParseOutcome, size: int, content_hash: bytes, *, depth: int
) -> Reading:
    if outcome.document is None:
        return Reading(path, outcome.status.value, outcome.reason, size, content_hash)
    try:
        document = prepare(outcome.document, path)
    except Exception as error:  # the edge: a fault on one document is recorded and stops no other
        log.exception("A document could not be prepared")
        reason = (
            f"Its text could not be cut into passages ({type(error).__name__}). Report this fault."
        )
        return Reading(path, ParseStatus.CORRUPTED.value, reason, size, content_hash)
    inside = tuple(
        _read_attachment(parser, path, attachment, depth + 1)
        for attachment in outcome.document.attachments
    )
    return Reading(path, outcome.status.value, outcome.reason, size, content_hash, document, inside)


def _read_attachment(parser: Parser, message: str, attachment: Attachment, depth: int) -> Reading:
    path = f"{message}/{attachment.name}"
    content = attachment.content
    digest = hashlib.sha256(content).digest()
    if depth > _DEEPEST or len(path.encode(errors="replace")) > LONGEST_PATH:
        reason = "It lies too deep inside messages to be read. Save it as a file of its own."
        path = path.encode(errors="replace")[:LONGEST_PATH].decode(errors="ignore")
        return Reading(path, ParseStatus.TOO_LARGE.value, reason, len(content), digest)
    suffix = PurePosixPath(attachment.name).suffix
    with tempfile.NamedTemporaryFile(prefix="centaure-attachment-", suffix=suffix) as copy:
        copy.write(content)
        copy.flush()
        outcome = parser.parse(Path(copy.name), attachment.name)
    return _reading(parser, path, outcome, len(content), digest, depth=depth)

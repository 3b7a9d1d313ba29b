"""From one file to what the database will say of it; no database here, so no transaction waits."""

import hashlib
import logging
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import Protocol, Self

from centaure.knowledge.connectors import Connector, Fetched, Item, ItemChanged
from centaure.knowledge.indexing import PreparedDocument, prepare
from centaure.knowledge.parsing import Attachment, ParseOutcome, ParseStatus
from centaure.knowledge.sources.ledger import LONGEST_PATH

log = logging.getLogger(__name__)

_DEEPEST = 10
FILE_S = 900.0
"""Seconds from the opening of a file after which no more of its attachments are begun."""
MOST_ATTACHMENTS = 500
"""Most attachments read of one file, with those of the messages inside it."""


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
    """A file's bytes as they were and, unless they were known, what they say.

    Attributes:
        item: its state when it was read, as it is to be remembered.
        version: of these bytes, as the place gives it.
        content_hash: SHA-256 of its bytes.
        reading: None when the bytes are those that were known.
    """

    item: Item
    version: str
    content_hash: bytes
    reading: Reading | None


def read_file(
    parser: Parser, connector: Connector, path: str, known_hash: bytes | None
) -> ReadFile:
    """Fetch a file and, unless its bytes are known, parse and prepare it with all that it carries.

    What is parsed are the fetched bytes, whatever the place holds under that path meanwhile.

    Blocks for as long as that takes: run it in a thread.

    Args:
        parser: used by nobody else meanwhile.
        connector: of the source.
        path: posix, in the source.
        known_hash: SHA-256 of bytes that need not be parsed.

    Raises:
        ItemChanged: it changed meanwhile.
        ItemGone: it is gone or is not a plain file any more.
        ItemUnreadable: these credentials may not read it.
        ItemTooLarge: it is larger than what is read of any file.
        PlaceUnavailable: the place does not answer.
        OSError: it cannot be read.
    """
    started = time.monotonic()
    with connector.fetch(path) as fetched:
        content_hash = fetched.digest()
        item = item_of(path, fetched)
        if content_hash == known_hash:
            return ReadFile(item, fetched.version, content_hash, None)
        with fetched.path() as place:
            outcome = parser.parse(place, fetched.name)
        if not fetched.unchanged():
            raise ItemChanged(path)
        size, version = fetched.size, fetched.version
    budget = _Budget(parser, started + FILE_S, MOST_ATTACHMENTS)
    reading = _reading(budget, path, outcome, size, content_hash, depth=0)
    return ReadFile(item, version, content_hash, reading)


def read_copy(parser: Parser, copy: Path, path: str, size: int, content_hash: bytes) -> Reading:
    """Parse and prepare a file of this machine, with all that it carries.

    Blocks for as long as that takes: run it in a thread.

    Args:
        parser: used by nobody else meanwhile.
        copy: of the file.
        path: posix, in its source.
        size: in bytes.
        content_hash: SHA-256 of its bytes.
    """
    budget = _Budget(parser, time.monotonic() + FILE_S, MOST_ATTACHMENTS)
    outcome = parser.parse(copy, PurePosixPath(path).name)
    return _reading(budget, path, outcome, size, content_hash, depth=0)


def item_of(path: str, fetched: Fetched) -> Item:
    """The state of a fetched file to remember; one that changed just now is compared once more."""
    version = "" if fetched.recent else fetched.version
    return Item(path, fetched.size, fetched.modified_ns, version, fetched.identity)


@dataclass(slots=True)
class _Budget:
    """What all the attachments of one file share, however they nest.

    Attributes:
        parser: reads them, one after another.
        deadline: on the monotonic clock; the one being read then is the last.
        left: how many more may be read.
    """

    parser: Parser
    deadline: float
    left: int

    def refusal(self) -> str | None:
        """Why no further attachment is read; None, with one less to read, when it may be."""
        if self.left <= 0:
            return (
                f"Its message holds more than {MOST_ATTACHMENTS} attachments, with those inside "
                "them. Save it as a file of its own."
            )
        if time.monotonic() >= self.deadline:
            return (
                f"Reading its message took more than {FILE_S / 60:.0f} minutes. Save it as a file "
                "of its own."
            )
        self.left -= 1
        return None


def _reading(  # noqa: PLR0913 - one file's facts, in one private place
    budget: _Budget, path: str, outcome: ParseOutcome, size: int, content_hash: bytes, *, depth: int
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
        _read_attachment(budget, path, attachment, depth + 1)
        for attachment in outcome.document.attachments
    )
    return Reading(path, outcome.status.value, outcome.reason, size, content_hash, document, inside)


def _read_attachment(budget: _Budget, message: str, attachment: Attachment, depth: int) -> Reading:
    path = f"{message}/{attachment.name}"
    content = attachment.content
    digest = hashlib.sha256(content).digest()
    if depth > _DEEPEST or len(path.encode(errors="replace")) > LONGEST_PATH:
        reason = "It lies too deep inside messages to be read. Save it as a file of its own."
        path = path.encode(errors="replace")[:LONGEST_PATH].decode(errors="ignore")
        return Reading(path, ParseStatus.TOO_LARGE.value, reason, len(content), digest)
    if (refusal := budget.refusal()) is not None:
        return Reading(path, ParseStatus.TOO_LARGE.value, refusal, len(content), digest)
    suffix = PurePosixPath(attachment.name).suffix
    with tempfile.NamedTemporaryFile(prefix="centaure-attachment-", suffix=suffix) as copy:
        copy.write(content)
        copy.flush()
        outcome = budget.parser.parse(Path(copy.name), attachment.name)
    return _reading(budget, path, outcome, len(content), digest, depth=depth)

"""Recomputing the chain, outside the database that holds it."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal, Self

from centaure.kit.database import ReadSession
from centaure.kit.errors import Forbidden, InvalidInput

BATCH = 2000
What = Literal["removed", "unlinked", "changed", "head"]
"""What is wrong with an entry: it is gone, does not follow, was changed, or is not the head that was kept."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ENTRIES = (
    "select id, at, actor, action, object, outcome, cast(details as text), previous_hash, hash"
    " from audit_event where id > %(last)s order by id limit %(batch)s"
)
_AT = "select id from audit_event where id = %(entry)s and hash = %(hash)s"
_HEAD = "select id, hash from audit_head"


@dataclass(frozen=True, slots=True)
class Head:
    """The last entry of a chain: keep one outside, and nobody can rewrite what precedes it.

    Written as `NUMBER:HASH`, the hash in hexadecimal.
    """

    entry: int
    hash: bytes

    def __str__(self) -> str:
        return f"{self.entry}:{self.hash.hex()}"

    @classmethod
    def parse(cls, written: str) -> Self:
        """Read a head back.

        Raises:
            InvalidInput: it is not `NUMBER:HASH`.
        """
        number, _, hexadecimal = written.strip().partition(":")
        try:
            head = cls(int(number), bytes.fromhex(hexadecimal))
        except ValueError as error:
            raise InvalidInput(
                "A head of the audit is written NUMBER:HASH, as `centaure audit verify` prints it."
            ) from error
        if len(head.hash) != hashlib.sha256().digest_size:
            raise InvalidInput("The hash of a head of the audit has 64 hexadecimal digits.")
        return head


START = Head(0, bytes(32))


@dataclass(frozen=True, slots=True)
class Fault:
    """The first entry that is not as it was written, and what is wrong with it, in a sentence and a word."""

    entry: int
    reason: str
    what: What


@dataclass(frozen=True, slots=True)
class VerificationReport:
    """Result of a verification: entries found intact, the last of them, and the fault if any.

    Attributes:
        whole: whether nothing is left to verify: the end of the chain was reached, or a fault.
        last: number of the last entry that the database keeps apart.
    """

    entries: int
    head: Head
    fault: Fault | None
    whole: bool = True
    last: int = 0

    @property
    def intact(self) -> bool:
        """Whether what was verified is as it was written."""
        return self.fault is None


async def verify(
    session: ReadSession,
    anchor: Head | None = None,
    *,
    after: Head | None = None,
    most: int | None = None,
) -> VerificationReport:
    """Recompute hashes, 2,000 entries in memory at once, and name the first broken entry.

    Args:
        session: of an auditor, or of the owner.
        anchor: a head kept elsewhere, which the chain must still contain.
        after: the head that an earlier part ended with; None: from the beginning.
        most: entries after which a part ends; None: the whole chain.

    A removed tail is noticed against the head that the database keeps apart. Somebody who owns the
    database can rewrite both: only an `anchor`, a head kept elsewhere, proves that they did not.

    Raises:
        Forbidden: the principal of the session is no auditor.
        InvalidInput: `after` is not in the chain.
    """
    last = begin = await _begin(session, after)
    head = await _head(session)
    while True:
        if most is not None and last.entry - begin.entry >= most and last.entry < head.entry:
            return VerificationReport(last.entry, last, None, whole=False, last=head.entry)
        rows = await session.rows(_ENTRIES, {"last": last.entry, "batch": BATCH})
        for row in rows:
            entry = _Entry(*row)
            fault = entry.fault(last, anchor)
            if fault is not None:
                number = min(entry.id, last.entry + 1)
                found = Fault(number, fault[1], fault[0])
                return VerificationReport(last.entry, last, found, last=head.entry)
            last = Head(entry.id, entry.hash)
        if not rows and last.entry < head.entry:
            return _removed(last, head, "the head that the database keeps apart")
        if len(rows) == BATCH:
            continue
        head = await _head(session)  # others append meanwhile: the head moves, and the loop follows
        if last == head:
            break
        if last.entry >= head.entry:
            found = Fault(last.entry, "it is not the head that the database keeps apart.", "head")
            return VerificationReport(last.entry, last, found, last=head.entry)
    if anchor is not None and last.entry < anchor.entry:
        return _removed(last, anchor, "the head that was kept")
    return VerificationReport(last.entry, last, None, last=head.entry)


async def _begin(session: ReadSession, after: Head | None) -> Head:
    """Where a part begins.

    Raises:
        InvalidInput: nothing in the chain is that.
    """
    if after is None or after == START:
        return START
    if not await session.rows(_AT, {"entry": after.entry, "hash": after.hash}):
        raise InvalidInput("The audit has no such head. Verify it from the beginning.")
    return after


@dataclass(frozen=True, slots=True)
class _Entry:
    id: int
    at: datetime
    actor: int | None
    action: str
    object: str
    outcome: str
    details: str
    previous_hash: bytes
    hash: bytes

    def fault(self, last: Head, anchor: Head | None = None) -> tuple[What, str] | None:
        if self.id != last.entry + 1:
            return "removed", "it was removed."
        if self.previous_hash != last.hash:
            return "unlinked", "it does not follow from the entry before it."
        fields = (
            self.id,
            (self.at - EPOCH) // timedelta(microseconds=1),
            self.actor,
            self.action,
            self.object,
            self.outcome,
            self.details,
        )
        encoded = b"".join(_field(field) for field in fields)
        if self.hash != hashlib.sha256(last.hash + encoded).digest():
            return "changed", "it was changed after it was written."
        if anchor is not None and self.id == anchor.entry and self.hash != anchor.hash:
            return "head", "it is not the head that was kept."
        return None


def _field(value: str | int | None) -> bytes:
    """The encoding of audit_field in audit.sql: length in bytes, colon, value; "-" for null."""
    if value is None:
        return b"-"
    content = str(value).encode()
    return b"%d:%s" % (len(content), content)


def _removed(last: Head, head: Head, witness: str) -> VerificationReport:
    reason = f"it was removed, and what followed: {witness} is entry {head.entry}."
    return VerificationReport(
        last.entry, last, Fault(last.entry + 1, reason, "removed"), last=head.entry
    )


async def _head(session: ReadSession) -> Head:
    row = await session.row(_HEAD)
    if row is None:
        raise Forbidden("Only an auditor may read the audit.")
    return Head(*row)

"""Remote procedure calls over a named pipe of a machine: what MS-RPCE 2 needs for a few small questions.

Connection-oriented, version 5.0, over SMB (ncacn_np), in little-endian NDR 2.0 (C706, chapters 12 and 14).
The SMB session underneath says who asks; no security of its own is negotiated. A request fits into one
fragment; an answer may come in several.
"""

import struct
import time
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any, cast
from uuid import UUID

from smbprotocol.open import FilePipePrinterAccessMask

from centaure.knowledge.connectors.files.smb_session import Machine
from centaure.knowledge.connectors.port import (
    ItemChanged,
    ItemGone,
    ItemUnreadable,
)

MOST_REQUEST = 4000
"""Bytes of what a request says: with its headers it stays below the least fragment that all take."""
_NDR = UUID("8a885d04-1ceb-11c9-9fe8-08002b104860")
_REQUEST, _RESPONSE, _FAULT, _BIND, _BIND_ACK = 0, 2, 3, 11, 12
_FIRST, _LAST = 1, 2
_HEADER = struct.Struct("<BBBBIHHI")
_LARGEST_FRAGMENT = 4280
_READ_AT_ONCE = 1 << 16
_MOST_ANSWER = 32 * 1024 * 1024
_LONGEST_S = 120.0
_IN_PIPES = FilePipePrinterAccessMask.FILE_READ_DATA | FilePipePrinterAccessMask.FILE_WRITE_DATA


class Refused(Exception):
    """The service does not answer this question to this user."""


class Malformed(Exception):
    """Bytes that are not what their format says."""


class Values:
    """NDR values, read in order; each is aligned to its own size, counted from the first byte (C706 14.2)."""

    def __init__(self, written: bytes) -> None:
        self._written = written
        self._at = 0

    def number(self, size: int = 4) -> int:
        """An unsigned number of 1, 2, 4 or 8 bytes.

        Raises:
            Malformed: there are not as many.
        """
        self._at += -self._at % size
        return int.from_bytes(self.octets(size), "little")

    def octets(self, count: int) -> bytes:
        """As many bytes.

        Raises:
            Malformed: there are not as many.
        """
        found = self._written[self._at : self._at + count]
        if len(found) != count:
            raise Malformed
        self._at += count
        return found

    def count(self, size: int) -> int:
        """The number of elements of an array, which must be there: each takes at least `size` bytes.

        Raises:
            Malformed: there are fewer.
        """
        found = self.number()
        if found * size > len(self._written) - self._at:
            raise Malformed
        return found

    def text(self) -> str:
        """A conformant varying array of UTF-16 units, without the zero at its end.

        Raises:
            Malformed: it is none.
        """
        most, offset, units = self.number(), self.number(), self.count(2)
        if offset or units > most:
            raise Malformed
        try:
            return self.octets(2 * units).decode("utf-16-le").removesuffix("\0")
        except UnicodeDecodeError:
            raise Malformed from None

    def sid(self) -> str:
        """A conformant RPC_SID (MS-DTYP 2.4.2.3), in letters.

        Raises:
            Malformed: it is none.
        """
        most = self.count(4)
        head = self.octets(8)
        if most != head[1]:
            raise Malformed
        return sid_of(head + self.octets(4 * most))


class Pipe:
    """An interface of a machine, bound and ready for calls."""

    def __init__(self, machine: Machine, opened: Any) -> None:
        self._machine = machine
        self._opened = opened
        self._number = 0
        self._received = b""

    def call(self, operation: int, said: bytes) -> Values:
        """One call.

        Args:
            operation: its number in the interface.
            said: its arguments, in NDR.

        Raises:
            Refused: the service refuses it.
            PlaceUnavailable: the machine answers badly or not at all.
        """
        if len(said) > MOST_REQUEST:
            raise Refused
        self._send(_REQUEST, struct.pack("<IHH", len(said), 0, operation) + said)
        until = time.monotonic() + _LONGEST_S
        answer = bytearray()
        last = False
        while not last:
            kind, flags, body = self._fragment(until)
            if kind == _FAULT:
                raise Refused
            if kind != _RESPONSE or len(body) < 8 or bool(flags & _FIRST) != (not answer):
                raise self._machine.lost("another answer than to the call")
            answer += body[8:]
            last = bool(flags & _LAST)
            if len(answer) > _MOST_ANSWER or (not last and len(body) == 8):
                raise self._machine.lost("an answer without end")
        return Values(bytes(answer))

    def bind(self, interface: UUID, version: int) -> None:
        """Say which interface is meant (C706 12.6.4.3).

        Raises:
            Refused: the machine does not offer it.
            PlaceUnavailable: the machine answers badly or not at all.
        """
        said = struct.pack("<HHIBxHHBx", _LARGEST_FRAGMENT, _LARGEST_FRAGMENT, 0, 1, 0, 0, 1)
        said += interface.bytes_le + struct.pack("<I", version)
        said += _NDR.bytes_le + struct.pack("<I", 2)
        self._send(_BIND, said)
        kind, _, body = self._fragment(time.monotonic() + _LONGEST_S)
        if kind != _BIND_ACK:
            raise Refused
        told = Values(body)
        try:
            told.octets(8)
            told.octets(told.number(2))
            _ = told.number()  # how many results; one was asked for
            result = told.number(2)
        except Malformed:
            raise self._machine.lost("a binding that is none") from None
        if result != 0:
            raise Refused

    def _send(self, kind: int, body: bytes) -> None:
        self._number += 1
        header = _HEADER.pack(5, 0, kind, _FIRST | _LAST, 0x10, 16 + len(body), 0, self._number)
        self._machine.ask(lambda: self._opened.write(header + body))

    def _fragment(self, until: float) -> tuple[int, int, bytes]:
        """Kind, flags and body of the next fragment."""
        while True:
            if len(self._received) >= _HEADER.size:
                major, _, kind, flags, order, length, signed, number = _HEADER.unpack_from(
                    self._received
                )
                if major != 5 or order & 0xFF != 0x10 or length < _HEADER.size or signed:
                    raise self._machine.lost("no remote procedure calls")
                if number != self._number:
                    raise self._machine.lost("an answer to something else")
                if len(self._received) >= length:
                    body = self._received[_HEADER.size : length]
                    self._received = self._received[length:]
                    return kind, flags, body
            if time.monotonic() > until:
                raise self._machine.lost("an answer that does not end")
            most = min(_READ_AT_ONCE, int(self._opened.connection.max_read_size))
            piece = self._machine.ask(lambda most=most: cast("bytes", self._opened.read(0, most)))
            if not piece:
                raise self._machine.lost("an answer that is cut")
            self._received += piece


@contextmanager
def interface(machine: Machine, name: str, identifier: str, version: int) -> Generator[Pipe]:
    """An interface behind a pipe of a machine, for as long as the context lasts.

    Args:
        machine: to ask.
        name: of the pipe, such as `lsarpc`.
        identifier: of the interface.
        version: of the interface, its minor number in the upper half.

    Raises:
        Refused: the machine does not offer it, or not to this user.
        PlaceUnavailable: the machine answers badly or not at all.
    """
    try:
        with machine.handle("IPC$", name, _IN_PIPES, 0) as opened:
            pipe = Pipe(machine, opened)
            pipe.bind(UUID(identifier), version)
            yield pipe
    except (ItemGone, ItemUnreadable, ItemChanged):
        raise Refused from None
    except Malformed:
        raise machine.lost("an answer of another form") from None


def number(value: int) -> bytes:
    """An unsigned number of four bytes."""
    return struct.pack("<I", value)


def text(words: str) -> bytes:
    """A conformant varying string with its zero (C706 14.3.4.2), filled up to four bytes."""
    units = (words + "\0").encode("utf-16-le", "replace")
    count = len(units) // 2
    return struct.pack("<III", count, 0, count) + units + b"\0" * (-len(units) % 4)


def sid(letters: str) -> bytes:
    """A conformant RPC_SID (MS-DTYP 2.4.2.3).

    Raises:
        Malformed: the letters are none.
    """
    try:
        _, revision, authority, *rest = letters.split("-")
        parts = [int(part) for part in rest]
        head = struct.pack("<IBB", len(parts), int(revision), len(parts))
        return head + int(authority).to_bytes(6, "big") + struct.pack(f"<{len(parts)}I", *parts)
    except (ValueError, struct.error, OverflowError):
        raise Malformed from None


def sid_of(written: bytes) -> str:
    """A SID as letters, `S-1-5-32-545`, of its binary form (MS-DTYP 2.4.2.2); what follows it is left.

    Raises:
        Malformed: it is none.
    """
    if len(written) < 8 or written[0] != 1 or written[1] > 15 or len(written) < 8 + 4 * written[1]:
        raise Malformed
    parts = struct.unpack_from(f"<{written[1]}I", written, 8)
    return "-".join(map(str, ("S-1", int.from_bytes(written[2:8], "big"), *parts)))

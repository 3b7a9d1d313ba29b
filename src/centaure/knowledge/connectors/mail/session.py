"""A session with an IMAP server whose every command is bounded in time and in bytes.

The standard library's client keeps whatever a server sends until a command ends, and waits for as long as
the server drips. Here each command has a budget; a server that overdraws it is hung up on.
"""

import imaplib
import io
import re
import socket
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn, cast

from pydantic import SecretStr

from centaure.knowledge.connectors.hosts import is_loopback
from centaure.knowledge.connectors.port import PlaceUnavailable

MEBIBYTE = 1024 * 1024
_READ_S = 30.0
_COMMAND_S = 300.0
_COMMAND_BYTES = 32 * MEBIBYTE
_CODE = re.compile(rb"\[([A-Z-]+)")

Parts = list[bytes | tuple[bytes, bytes]]
"""What a command brought: lines, and pairs of a line's beginning with the literal after it."""


@dataclass(frozen=True, slots=True)
class Login:
    """Where to sign in, and as whom.

    Attributes:
        host: a name or an address.
        port: of TCP.
        tls: from the first byte; else it is switched on by STARTTLS, to loopback not at all.
        user: who signs in.
        password: of the user.
        ca_file: certificates to trust besides the system's own.
    """

    host: str
    port: int
    tls: bool
    user: str
    password: SecretStr
    ca_file: str = ""


class Refusal(Exception):
    """The server answered NO or BAD; `code` is its response code, such as 'NONEXISTENT', or ''."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(slots=True)
class _Budget:
    """What is left to the command that runs."""

    bytes_left: int
    ends: float

    def seconds(self) -> float:
        left = self.ends - time.monotonic()
        if left <= 0:
            raise TimeoutError("the answer takes too long")
        return min(left, _READ_S)

    def spend(self, size: int) -> None:
        self.bytes_left -= size
        if self.bytes_left < 0:
            raise OSError("the answer is larger than any mailbox would give")


class _Received(io.RawIOBase):
    def __init__(self, connection: socket.socket, budget: _Budget) -> None:
        self._connection = connection
        self._budget = budget

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        self._connection.settimeout(self._budget.seconds())
        received = self._connection.recv_into(buffer)
        self._budget.spend(received)
        return received


class _Client(imaplib.IMAP4):
    def __init__(self, login: Login, context: ssl.SSLContext) -> None:
        self._login = login
        self._context = context
        self.budget = _Budget(_COMMAND_BYTES, time.monotonic() + _COMMAND_S)
        self._reading: tuple[socket.socket, io.BufferedReader] | None = None
        super().__init__(login.host, login.port, timeout=_READ_S)

    def _create_socket(self, timeout: float | None) -> socket.socket:
        plain = socket.create_connection((self._login.host, self._login.port), timeout)
        if not self._login.tls:
            return plain
        try:
            return self._context.wrap_socket(plain, server_hostname=self._login.host)
        except BaseException:
            plain.close()
            raise

    def _reader(self) -> io.BufferedReader:
        # After STARTTLS the socket is another one: what was sent before it, in the clear, is forgotten.
        if self._reading is None or self._reading[0] is not self.sock:
            raw = _Received(self.sock, self.budget)
            self._reading = (self.sock, io.BufferedReader(raw, 1 << 16))
        return self._reading[1]

    def read(self, size: int) -> bytes:
        if size > self.budget.bytes_left + (1 << 16):
            raise self.abort("a literal is larger than was asked for")
        received = self._reader().read(size)
        if len(received) != size:
            raise self.abort("the connection was closed")
        return received

    def readline(self) -> bytes:
        line = self._reader().readline(MEBIBYTE + 1)
        if len(line) > MEBIBYTE:
            raise self.abort("a line is too long")
        return line


class Session:
    """Signed in, until it is closed. For one thread at a time.

    Raises, in each method:
        PlaceUnavailable: the server went away, or does not keep to the protocol; the session is over.
        Refusal: the server says no to this command, and goes on.
    """

    def __init__(self, login: Login) -> None:
        """Connects and signs in.

        Raises:
            PlaceUnavailable: there is no answer, no encryption, or the login is refused.
        """
        self._login = login
        self._place = login.host
        self.usable = True
        try:
            self._client = _Client(login, _context(login))
        except (OSError, imaplib.IMAP4.error, ValueError, MemoryError) as error:
            raise self._unavailable(error) from None
        try:
            self._encrypt()
            self._authenticate()
        except BaseException:
            self.close()
            raise
        self.capabilities = frozenset(self._capabilities())

    def folders(self) -> Parts:
        """The answers to LIST, with special uses where the server knows them."""
        if {"LIST-EXTENDED", "SPECIAL-USE"} <= self.capabilities:
            try:
                return self._run(
                    lambda: self._client._simple_command(  # noqa: SLF001 - LIST with RETURN has no method
                        "LIST", '""', '"*"', "RETURN", "(SPECIAL-USE)"
                    ),
                    response="LIST",
                )
            except Refusal:
                pass
        return self._run(lambda: self._client.list('""', '"*"'))

    def examine(self, raw_name: bytes) -> tuple[int, int]:
        """Opens a folder read-only.

        Returns:
            UIDVALIDITY, 0 where the server says none, and the number of messages.
        """
        name = quoted(raw_name)
        self._client.untagged_responses.pop("UIDVALIDITY", None)
        data = self._run(lambda: self._client.select(cast("str", name), readonly=True))
        validity = self._client.untagged_responses.get("UIDVALIDITY") or [b"0"]
        try:
            return int(cast("bytes", validity[-1])), int(cast("bytes", data[-1]))
        except (IndexError, TypeError, ValueError) as error:
            self._hang_up(error)

    def fetch(self, messages: str, parts: str, *, by_uid: bool, most: int) -> Parts:
        """FETCH of messages of the folder that is open, `most` bytes in all."""
        if by_uid:
            return self._run(lambda: self._client.uid("FETCH", messages, parts), most=most)
        return self._run(lambda: self._client.fetch(messages, parts), most=most)

    def rights(self, raw_name: bytes) -> Parts:
        """The answers to GETACL (RFC 4314)."""
        name = quoted(raw_name)
        return self._run(lambda: self._client.getacl(cast("str", name)))

    def is_alive(self) -> bool:
        """Whether the server still listens after a while of silence."""
        try:
            self._run(self._client.noop)
        except (PlaceUnavailable, Refusal):
            return False
        return True

    def close(self) -> None:
        """Says goodbye, if the server still listens."""
        self.usable = False
        self._client.budget.ends = time.monotonic() + 2.0
        self._client.budget.bytes_left = MEBIBYTE
        try:
            self._client.logout()
        except (OSError, imaplib.IMAP4.error, ValueError):
            self._drop()

    def _drop(self) -> None:
        self.usable = False
        try:
            self._client.shutdown()
        except OSError:
            return

    def _encrypt(self) -> None:
        if self._login.tls or is_loopback(self._login.host):
            return
        try:
            if "STARTTLS" not in self._client.capabilities:
                raise Refusal("STARTTLS")  # noqa: TRY301 - as when the server says so later
            self._run(lambda: self._client.starttls(_context(self._login)))
        except Refusal:
            raise PlaceUnavailable(
                f"{self._place} does not encrypt the connection (STARTTLS): the password was not sent. "
                "Write the location as imaps://, or have the server offer STARTTLS."
            ) from None

    def _authenticate(self) -> None:
        user, password = self._login.user, self._login.password.get_secret_value()
        try:
            if "AUTH=PLAIN" in self._client.capabilities:
                words = f"\0{user}\0{password}".encode()
                self._run(lambda: self._client.authenticate("PLAIN", lambda _: words))
            else:
                self._run(
                    lambda: self._client._simple_command(  # noqa: SLF001 - login() leaves the user unquoted
                        "LOGIN",
                        quoted(user.encode()),  # pyright: ignore[reportArgumentType] - bytes are sent as they are
                        quoted(password.encode()),  # pyright: ignore[reportArgumentType] - as above
                    )
                )
                self._client.state = "AUTH"
        except Refusal as refusal:
            if refusal.code in {"UNAVAILABLE", "LIMIT", "INUSE", "SERVERBUG"}:
                raise PlaceUnavailable(
                    f"{self._place} cannot sign anybody in now ({refusal.code}). The next "
                    "synchronisation tries again."
                ) from None
            raise PlaceUnavailable(
                f"{self._place} refuses the login of {user}. Check the user and the password; some "
                "providers want a password made for this application."
            ) from None

    def _capabilities(self) -> list[str]:
        data = self._run(self._client.capability)
        lines = [line for line in data if isinstance(line, bytes)]
        return b" ".join(lines).decode("ascii", "replace").upper().split()

    def _run(
        self,
        command: Callable[[], tuple[Any, Any]],
        *,
        response: str = "",
        most: int = _COMMAND_BYTES,
    ) -> Parts:
        budget = self._client.budget
        budget.bytes_left, budget.ends = most, time.monotonic() + _COMMAND_S
        try:
            status, data = command()
        except imaplib.IMAP4.abort as error:
            self._hang_up(error)
        except imaplib.IMAP4.error as error:
            raise Refusal(_code(str(error).encode(errors="replace"))) from None
        except (OSError, ValueError, MemoryError, RecursionError) as error:
            self._hang_up(error)
        answers = _parts(data)
        if status != "OK":
            raise Refusal(_code(b" ".join(part for part in answers if isinstance(part, bytes))))
        if response:
            answers = _parts(self._client.untagged_responses.pop(response, []))
        return answers

    def _hang_up(self, error: Exception) -> NoReturn:
        self._drop()
        raise self._unavailable(error) from None

    def _unavailable(self, error: Exception) -> PlaceUnavailable:
        if isinstance(error, ssl.SSLCertVerificationError):
            return PlaceUnavailable(
                f"The certificate of {self._place} is not valid here ({error.verify_message}). If it is "
                "of your own authority, give the authority's certificate (option ca_file)."
            )
        if isinstance(error, ssl.SSLError):
            return PlaceUnavailable(
                f"{self._place} does not speak TLS on port {self._login.port}. Write imap:// if the "
                "server encrypts by STARTTLS, or correct the port."
            )
        if isinstance(error, TimeoutError):
            return PlaceUnavailable(f"{self._place} does not answer in time.")
        if isinstance(error, OSError):
            words = error.strerror or str(error) or type(error).__name__
            return PlaceUnavailable(
                f"{self._place}, port {self._login.port}, cannot be reached ({words}). Check the "
                "address, and that the server runs."
            )
        return PlaceUnavailable(
            f"{self._place}, port {self._login.port}, closed the connection or does not speak IMAP. "
            "Check the address; the next synchronisation tries again."
        )


def _parts(data: Any) -> Parts:
    """What imaplib gives, which has None in it where there is nothing."""
    return [
        part for part in cast("list[bytes | tuple[bytes, bytes] | None]", data) if part is not None
    ]


def quoted(value: bytes) -> bytes:
    """A quoted string of the protocol.

    Raises:
        Refusal: it holds a line's end or a zero, which no quoted string can.
    """
    if any(forbidden in value for forbidden in (b"\r", b"\n", b"\0")):
        raise Refusal("CANNOT")
    return b'"' + value.replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"'


def _code(words: bytes) -> str:
    found = _CODE.search(words)
    return found.group(1).decode() if found else ""


def _context(login: Login) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if login.ca_file:
        try:
            context.load_verify_locations(login.ca_file)
        except OSError as error:
            raise PlaceUnavailable(
                f"The certificates in {login.ca_file} cannot be read ({error.strerror or error})."
            ) from None
    return context

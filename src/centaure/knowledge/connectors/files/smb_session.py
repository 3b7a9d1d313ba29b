"""A machine that speaks SMB 2 or 3: one connection, one session, and the shares that are open on it.

Neither smbclient nor fsspec's file system is used: they follow links and referrals to other servers, keep
connections for the whole process, and wait without end for a server that says nothing.
"""

import logging
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from threading import Lock
from typing import Any, TypeVar, cast
from uuid import uuid4

from pydantic import SecretStr
from smbprotocol.connection import Connection
from smbprotocol.exceptions import SMBAuthenticationError, SMBResponseException
from smbprotocol.file_info import FileInformationClass, InfoType
from smbprotocol.header import NtStatus
from smbprotocol.open import (
    CreateDisposition,
    FilePipePrinterAccessMask,
    ImpersonationLevel,
    Open,
    ShareAccess,
    SMB2QueryInfoRequest,
    SMB2QueryInfoResponse,
)
from smbprotocol.session import Session
from smbprotocol.tree import TreeConnect

from centaure.knowledge.connectors.files.remote_files import TIMEOUT_S
from centaure.knowledge.connectors.port import (
    ItemChanged,
    ItemGone,
    ItemUnreadable,
    PlaceUnavailable,
)

# Its worker writes a stack trace for every answer that is none; what happened is told as a sentence.
logging.getLogger("smbprotocol").setLevel(logging.CRITICAL + 1)

PORT = 445
LARGEST_DESCRIPTOR = 1 << 16
"""Bytes of a security descriptor that are asked for; a list in it is of 65,535 at most (MS-DTYP 2.4.5)."""
_LARGEST_ANSWER = (
    16 * 1024 * 1024
)  # of one packet; what is read and listed is asked for in smaller ones
_CREDITS = 64
_GONE = frozenset(
    {
        NtStatus.STATUS_OBJECT_NAME_NOT_FOUND,
        NtStatus.STATUS_OBJECT_PATH_NOT_FOUND,
        NtStatus.STATUS_OBJECT_NAME_INVALID,
        NtStatus.STATUS_OBJECT_PATH_SYNTAX_BAD,
        NtStatus.STATUS_NO_SUCH_FILE,
        NtStatus.STATUS_NOT_A_DIRECTORY,
        NtStatus.STATUS_FILE_IS_A_DIRECTORY,
        NtStatus.STATUS_DELETE_PENDING,
        NtStatus.STATUS_STOPPED_ON_SYMLINK,
    }
)
_TOO_SMALL = frozenset(
    {
        NtStatus.STATUS_BUFFER_OVERFLOW,
        NtStatus.STATUS_BUFFER_TOO_SMALL,
        NtStatus.STATUS_INFO_LENGTH_MISMATCH,
    }
)
_EVERY_SHARING = (
    ShareAccess.FILE_SHARE_READ | ShareAccess.FILE_SHARE_WRITE | ShareAccess.FILE_SHARE_DELETE
)
_Answered = TypeVar("_Answered")


@dataclass(frozen=True, slots=True)
class Account:
    """As whom a machine is asked; the attributes are those of `SmbOptions`."""

    user: str
    password: SecretStr
    domain: str = ""
    encrypt: bool = True


class Machine:
    """A file server or a domain controller; shared by threads. Making one opens nothing."""

    def __init__(self, host: str, port: int, account: Account) -> None:
        self.host = host
        self.port = port
        self._account = account
        self._lock = Lock()
        self._connection: _Connection | None = None
        self._session: Session | None = None
        self._trees: dict[str, TreeConnect] = {}

    @property
    def name(self) -> str:
        """The host, with the port where it is another than that of SMB."""
        return self.host if self.port == PORT else f"{self.host}:{self.port}"

    @contextmanager
    def handle(self, share: str, name: str, access: int, options: int) -> Generator[Any]:
        """Something of a share, open for as long as the context lasts.

        Args:
            share: its name.
            name: of the file, folder or pipe, with backslashes; "" is the share's own folder.
            access: what is wanted (MS-SMB2 2.2.13.1).
            options: of the CREATE request (MS-SMB2 2.2.13).

        Raises:
            ItemGone, ItemUnreadable, ItemChanged, PlaceUnavailable: as `ask` does.
        """
        opened: Any = Open(self.tree(share), name)  # smbprotocol has no types
        self.ask(
            lambda: opened.create(
                ImpersonationLevel.Impersonation,
                access,
                0,
                _EVERY_SHARING,
                CreateDisposition.FILE_OPEN,
                options,
            )
        )
        try:
            yield opened
        finally:
            with suppress(Exception):
                opened.close()

    def descriptor(self, share: str, name: str, options: int, information: int) -> bytes:
        """The security descriptor of a file or folder (MS-SMB2 2.2.37), in one exchange.

        Args:
            share: as in `handle`.
            name: as in `handle`.
            options: as in `handle`.
            information: which parts of it (MS-SMB2 2.2.37, AdditionalInformation).

        Raises:
            ItemGone, ItemUnreadable, ItemChanged, PlaceUnavailable: as `ask` does.
        """
        tree: Any = self.tree(share)
        return self.ask(lambda: _descriptor(tree, name, options, information))

    def ask(self, call: Callable[[], _Answered]) -> _Answered:
        """One question to the machine; what it answers badly becomes one of the port's errors.

        Raises:
            ItemGone: there is nothing of that name.
            ItemUnreadable: these credentials may not.
            ItemChanged: another program holds it.
            PlaceUnavailable: anything else.
        """
        try:
            return call()
        except SMBResponseException as error:
            status = int(cast("Any", error).status)
            if status in _GONE:
                raise ItemGone from None
            if status == NtStatus.STATUS_ACCESS_DENIED:
                raise ItemUnreadable(
                    f"{self.host} does not let this user read it. Give the user the right to."
                ) from None
            if status == NtStatus.STATUS_SHARING_VIOLATION:
                raise ItemChanged from None
            raise self.lost(f"status {status:#010x}") from error
        except (ItemUnreadable, PlaceUnavailable):
            raise
        except Exception as error:  # the edge: a bad answer is whatever unpacking it raises
            raise self.lost(type(error).__name__) from error

    def lost(self, why: str) -> PlaceUnavailable:
        """That it answered with nonsense or not at all."""
        return PlaceUnavailable(
            f"{self.host} does not answer as a file server does ({why}). The next synchronisation tries "
            "again."
        )

    def close(self) -> None:
        """Hang up; the next question connects again."""
        with self._lock:
            self._forget()

    def tree(self, share: str) -> TreeConnect:
        """A share, over the connection that there is or a new one.

        Raises:
            PlaceUnavailable: no connection, no session, or no such share.
        """
        with self._lock:
            if self._connection is None or not self._connection.is_alive():
                self._forget()
            if self._connection is None or self._session is None:
                self._connection = _Connection(uuid4(), self.host, self.port)
                self._session = self._connected(self._connection)
            if share not in self._trees:
                try:
                    self._trees[share] = self._opened(self._session, share)
                except BaseException:
                    self._forget()
                    raise
            return self._trees[share]

    def _forget(self) -> None:
        connection, self._connection, self._session = self._connection, None, None
        self._trees.clear()
        if connection is not None:
            _hang_up(connection)

    def _connected(self, connection: "_Connection") -> Session:
        try:
            cast("Any", connection).connect(timeout=TIMEOUT_S)
        except ValueError as error:
            self._forget()
            raise PlaceUnavailable(
                f"{self.host}, port {self.port}, cannot be reached "
                f"({error.__cause__ or type(error).__name__}). Check the address."
            ) from error
        except Exception as error:  # the edge, as in `ask`
            self._forget()
            raise self.lost(type(error).__name__) from error
        try:
            return self._signed_in(connection)
        except BaseException:
            self._forget()
            raise

    def _signed_in(self, connection: "_Connection") -> Session:
        given = self._account
        user = f"{given.domain}\\{given.user}" if given.domain else given.user
        if given.encrypt and not cast("Any", connection).supports_encryption:
            raise PlaceUnavailable(
                f"{self.host} does not encrypt (SMB 3). Have it encrypt, or set encrypt to no if what it "
                "sends may be read on the way."
            )
        session = Session(
            connection, user, given.password.get_secret_value(), require_encryption=given.encrypt
        )
        try:
            session.connect()
        except (SMBAuthenticationError, SMBResponseException) as error:
            raise PlaceUnavailable(
                f"{self.host} refuses these credentials. Check the user, the domain and the password."
            ) from error
        except Exception as error:  # the edge, as in `ask`
            raise self.lost(type(error).__name__) from error
        with suppress(Exception):
            # Several requests in one exchange need as many credits (MS-SMB2 3.2.4.1.2).
            cast("Any", connection).echo(
                sid=cast("Any", session).session_id, credit_request=_CREDITS
            )
        return session

    def _opened(self, session: Session, share: str) -> TreeConnect:
        tree = TreeConnect(session, rf"\\{self.host}\{share}")
        try:
            tree.connect()
        except SMBResponseException as error:
            raise PlaceUnavailable(
                f"{self.host} has no share {share}, or does not let this user in. Check its name, and "
                "the rights of the share."
            ) from error
        except Exception as error:  # the edge, as in `ask`
            raise self.lost(type(error).__name__) from error
        return tree


class _Connection(Connection):
    """A connection that waits for no answer without end, follows no link, and takes no huge packet."""

    def is_alive(self) -> bool:
        """Whether the other side has not hung up."""
        transport = cast("Any", self.transport)
        return transport is not None and bool(transport.connected)

    def receive(
        self,
        request: Any,
        wait: bool = True,
        timeout: float | None = None,
        resolve_symlinks: bool = True,
    ) -> Any:
        _ = timeout, resolve_symlinks
        base = cast("Any", super())
        return base.receive(request, wait, timeout=TIMEOUT_S, resolve_symlinks=False)

    def _process_message_thread(self) -> None:
        transport = cast("Any", self.transport)
        receive = transport._recv  # noqa: SLF001 - the one place where sizes are believed

        def bounded(length: int, timeout: float) -> Any:
            if length > _LARGEST_ANSWER:
                raise ValueError("too large a packet")
            return receive(length, timeout)

        transport._recv = bounded  # noqa: SLF001
        super()._process_message_thread()


def _hang_up(connection: _Connection) -> None:
    with suppress(Exception):
        cast("Any", connection).disconnect(close=False)


def _descriptor(tree: Any, name: str, options: int, information: int) -> bytes:
    """Opened, asked and closed in three related requests of one packet."""
    connection = tree.session.connection
    opened: Any = Open(tree, name)
    query: Any = SMB2QueryInfoRequest()
    query["info_type"] = InfoType.SMB2_0_INFO_SECURITY
    query["file_info_class"] = FileInformationClass.FILE_NONE
    query["output_buffer_length"] = LARGEST_DESCRIPTOR
    query["additional_information"] = information
    query["file_id"] = b"\xff" * 16  # that which the request before opens
    create, created = opened.create(
        ImpersonationLevel.Impersonation,
        FilePipePrinterAccessMask.READ_CONTROL,
        0,
        _EVERY_SHARING,
        CreateDisposition.FILE_OPEN,
        options,
        send=False,
    )
    opened.file_id = query["file_id"].get_value()
    close, closed = opened.close(send=False)
    first, second, third = connection.send_compound(
        [create, query, close], tree.session.session_id, tree.tree_connect_id, related=True
    )
    try:
        created(first)
    except SMBResponseException:
        for request in (second, third):  # refused as well; they would be kept without end
            with suppress(SMBResponseException):
                connection.receive(request)
        raise
    try:
        answer = connection.receive(second)
    except SMBResponseException as error:
        if int(cast("Any", error).status) in _TOO_SMALL:
            raise ItemUnreadable("Its rights are longer than what is read of them.") from None
        raise
    finally:
        closed(third)
    told: Any = SMB2QueryInfoResponse()
    told.unpack(answer["data"].get_value())
    return cast("bytes", told["buffer"].get_value())

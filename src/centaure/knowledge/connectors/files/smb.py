"""Shares of Windows and Samba, through smbprotocol (SMB 2 and 3).

Neither smbclient nor fsspec's file system is used: they follow links and referrals to other servers, keep
connections for the whole process, and wait without end for a server that says nothing.
"""

import logging
import struct
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from threading import Lock
from typing import Any, Self, TypeVar, cast
from urllib.parse import quote, urlsplit
from uuid import uuid4

from pydantic import SecretStr
from smbprotocol.connection import Connection
from smbprotocol.exceptions import NoMoreFiles, SMBAuthenticationError, SMBResponseException
from smbprotocol.file_info import FileAttributes, FileInformationClass
from smbprotocol.header import NtStatus
from smbprotocol.open import (
    CreateDisposition,
    CreateOptions,
    FilePipePrinterAccessMask,
    ImpersonationLevel,
    Open,
    ShareAccess,
)
from smbprotocol.reparse_point import ReparseTags
from smbprotocol.session import Session
from smbprotocol.tree import TreeConnect
from typing_extensions import override

from centaure.kit.errors import InvalidInput
from centaure.knowledge.connectors.files.remote_files import (
    PIECE,
    TIMEOUT_S,
    Entry,
    Opened,
    RemoteFolders,
    plain_path,
    settled,
    split_location,
)
from centaure.knowledge.connectors.port import (
    ItemChanged,
    ItemGone,
    ItemUnreadable,
    Options,
    PlaceUnavailable,
)

# Its worker writes a stack trace for every answer that is none; what happened is told as a sentence.
logging.getLogger("smbprotocol").setLevel(logging.CRITICAL + 1)

_EXAMPLE = "smb://files.example.org/share/folder"
_LARGEST_ANSWER = (
    16 * 1024 * 1024
)  # of one packet; what is read and listed is asked for in smaller ones
_NEVER_IN_NAMES = frozenset('\\:*?"<>|')
"""Of these, the first would climb and the second open another stream of the same file."""
_LINKS = frozenset(
    {ReparseTags.IO_REPARSE_TAG_SYMLINK, ReparseTags.IO_REPARSE_TAG_MOUNT_POINT, 0x8000000A}
)
_READ = FilePipePrinterAccessMask.FILE_READ_DATA | FilePipePrinterAccessMask.FILE_READ_ATTRIBUTES
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
_Answered = TypeVar("_Answered")


class SmbOptions(Options):
    """As whom the share is read.

    Attributes:
        user: name to sign in with.
        password: of the user.
        domain: of the user, where the server knows several.
        encrypt: refuse a server that does not encrypt (SMB 3).
    """

    user: str = ""
    password: SecretStr = SecretStr("")
    domain: str = ""
    encrypt: bool = True


class SmbConnector(RemoteFolders):
    """A folder of a share."""

    kind = "smb"
    options_model = SmbOptions

    def __init__(self, location: str, options: SmbOptions) -> None:
        parts = urlsplit(location)
        self._host = parts.hostname or ""
        self._port = parts.port or 445
        self._share, _, self._base = plain_path(parts.path).partition("/")
        self._options = options
        self._lock = Lock()
        self._connection: _Connection | None = None
        self._made: TreeConnect | None = None

    @classmethod
    @override
    def normal_location(cls, written: str, options: Options) -> str:
        parts = split_location(written, "smb", _EXAMPLE)
        path = plain_path(parts.path)
        if not path or parts.query or parts.fragment or _NEVER_IN_NAMES & set(path):
            raise InvalidInput(f"This is not a folder of a share such as {_EXAMPLE}.")
        given = cast("SmbOptions", options)
        if not given.user or not given.password.get_secret_value():
            raise InvalidInput("Give the user to sign in as, and the password.")
        host = cast("str", parts.hostname)
        shown = f"[{host}]" if ":" in host else host
        port = "" if parts.port in {None, 445} else f":{parts.port}"
        return f"smb://{shown}{port}/{quote(path)}"

    @classmethod
    @override
    def connect(cls, location: str, options: Options) -> Self:
        return cls(location, cast("SmbOptions", options))

    @override
    def check(self) -> None:
        try:
            with self._folder(""):
                pass
        except (ItemGone, ItemChanged):
            raise PlaceUnavailable(self._root_gone()) from None
        except ItemUnreadable as error:
            raise PlaceUnavailable(error.message) from None

    @override
    def close(self) -> None:
        with self._lock:
            connection, self._connection, self._made = self._connection, None, None
        if connection is not None:
            _hang_up(connection)

    @override
    def _entries(self, folder: str) -> Iterator[Entry]:
        with self._folder(folder) as opened:
            while names := self._ask(lambda: _names(opened)):
                for told in names:
                    if (entry := self._ask(lambda told=told: _entry(told))) is not None:
                        yield entry

    @override
    @contextmanager
    def _opened(self, path: str) -> Generator[Opened]:
        if _NEVER_IN_NAMES & set(path):
            raise ItemGone(path)
        *folders, _ = path.split("/")
        for depth in range(1, len(folders) + 1):
            # A folder on the way that has become a junction would lead elsewhere, unseen.
            with self._folder("/".join(folders[:depth])):
                pass
        with self._handle(path, CreateOptions.FILE_NON_DIRECTORY_FILE) as opened:
            size, modified = int(opened.end_of_file), cast("datetime", opened.last_write_time)
            yield Opened(
                self._pieces(path, opened, size),
                size,
                _nanoseconds(modified),
                settled(_version(opened.change_time, modified, size), _nanoseconds(modified)),
            )

    def _pieces(self, path: str, opened: Any, size: int) -> Iterator[bytes]:
        before = opened.change_time, opened.last_write_time
        most = min(PIECE, int(opened.connection.max_read_size))
        offset = 0
        while offset < size:
            piece = self._ask(
                lambda at=offset: cast("bytes", opened.read(at, min(most, size - at)))
            )
            if not piece:
                raise ItemChanged(path)
            yield piece
            offset += len(piece)
        self._ask(lambda: opened.close(get_attributes=True))
        after = opened.change_time, opened.last_write_time
        if (after, opened.end_of_file) != (before, size):
            raise ItemChanged(path)

    @contextmanager
    def _folder(self, folder: str) -> Generator[Any]:
        options = CreateOptions.FILE_DIRECTORY_FILE | CreateOptions.FILE_OPEN_REPARSE_POINT
        with self._handle(folder, options) as opened:
            if int(opened.file_attributes) & FileAttributes.FILE_ATTRIBUTE_REPARSE_POINT and folder:
                raise ItemGone(folder)
            yield opened

    @contextmanager
    def _handle(self, path: str, options: int) -> Generator[Any]:
        name = f"{self._base}/{path}".strip("/").replace("/", "\\")
        opened: Any = Open(self._tree(), name)  # smbprotocol has no types
        everyone = (
            ShareAccess.FILE_SHARE_READ
            | ShareAccess.FILE_SHARE_WRITE
            | ShareAccess.FILE_SHARE_DELETE
        )
        self._ask(
            lambda: opened.create(
                ImpersonationLevel.Impersonation,
                _READ,
                0,
                everyone,
                CreateDisposition.FILE_OPEN,
                options,
            )
        )
        try:
            yield opened
        finally:
            with suppress(Exception):
                opened.close()

    def _ask(self, call: Callable[[], _Answered]) -> _Answered:
        """One question to the server; what it answers badly becomes one of the port's errors."""
        try:
            return call()
        except SMBResponseException as error:
            status = int(cast("Any", error).status)
            if status in _GONE:
                raise ItemGone from None
            if status == NtStatus.STATUS_ACCESS_DENIED:
                raise ItemUnreadable(
                    f"{self._host} does not let this user read it. Give the user the right to."
                ) from None
            if status == NtStatus.STATUS_SHARING_VIOLATION:
                raise ItemChanged from None
            raise self._lost(f"status {status:#010x}") from error
        except Exception as error:  # the edge: a bad answer is whatever unpacking it raises
            raise self._lost(type(error).__name__) from error

    def _lost(self, why: str) -> PlaceUnavailable:
        return PlaceUnavailable(
            f"{self._host} does not answer as a file server does ({why}). The next synchronisation tries "
            "again."
        )

    def _tree(self) -> TreeConnect:
        with self._lock:
            connection = self._connection
            if self._made is None or connection is None or not connection.is_alive():
                if connection is not None:
                    _hang_up(connection)
                self._connection = _Connection(uuid4(), self._host, self._port)
                self._made = self._connected(self._connection)
            return self._made

    def _connected(self, connection: "_Connection") -> TreeConnect:
        try:
            cast("Any", connection).connect(timeout=TIMEOUT_S)
        except ValueError as error:
            _hang_up(connection)
            raise PlaceUnavailable(
                f"{self._host}, port {self._port}, cannot be reached "
                f"({error.__cause__ or type(error).__name__}). Check the address."
            ) from error
        except Exception as error:  # the edge, as in `_ask`
            _hang_up(connection)
            raise self._lost(type(error).__name__) from error
        try:
            return self._signed_in(connection)
        except BaseException:
            _hang_up(connection)
            raise

    def _signed_in(self, connection: "_Connection") -> TreeConnect:
        given = self._options
        user = f"{given.domain}\\{given.user}" if given.domain else given.user
        if given.encrypt and not cast("Any", connection).supports_encryption:
            raise PlaceUnavailable(
                f"{self._host} does not encrypt (SMB 3). Have it encrypt, or set encrypt to no if what it "
                "sends may be read on the way."
            )
        session = Session(
            connection, user, given.password.get_secret_value(), require_encryption=given.encrypt
        )
        try:
            session.connect()
        except (SMBAuthenticationError, SMBResponseException) as error:
            raise PlaceUnavailable(
                f"{self._host} refuses these credentials. Check the user, the domain and the password."
            ) from error
        except Exception as error:  # the edge, as in `_ask`
            raise self._lost(type(error).__name__) from error
        tree = TreeConnect(session, rf"\\{self._host}\{self._share}")
        try:
            tree.connect()
        except SMBResponseException as error:
            raise PlaceUnavailable(
                f"{self._host} has no share {self._share}, or does not let this user in. Check its name, and "
                "the rights of the share."
            ) from error
        except Exception as error:  # the edge, as in `_ask`
            raise self._lost(type(error).__name__) from error
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


def _names(opened: Any) -> list[Any]:
    try:
        found = opened.query_directory("*", FileInformationClass.FILE_ID_FULL_DIRECTORY_INFORMATION)
    except NoMoreFiles:
        return []
    if not found:
        raise struct.error("no names")
    return cast("list[Any]", found)


def _entry(told: Any) -> Entry | None:
    name = cast("bytes", told["file_name"].get_value()).decode("utf-16-le", "surrogatepass")
    if name in {".", ".."}:
        return None
    attributes = int(told["file_attributes"].get_value())
    is_reparsed = attributes & FileAttributes.FILE_ATTRIBUTE_REPARSE_POINT
    # Of what is reparsed, the field holds the tag instead (MS-FSCC, section 2.4.24).
    if is_reparsed and int(told["ea_size"].get_value()) in _LINKS:
        return Entry(name, "link")
    if attributes & FileAttributes.FILE_ATTRIBUTE_DIRECTORY:
        return Entry(name, "folder")
    size = int(told["end_of_file"].get_value())
    modified = cast("datetime", told["last_write_time"].get_value())
    number = int(told["file_id"].get_value())
    return Entry(
        name,
        "file",
        size,
        _nanoseconds(modified),
        _version(told["change_time"].get_value(), modified, size),
        f"{number:x}" if number else "",
    )


def _version(changed: object, modified: object, size: int) -> str:
    """The change time tells of a program that set the time of writing back."""
    return f"{_ticks(changed)}.{_ticks(modified)}.{size}"


def _ticks(moment: object) -> int:
    """Microseconds since 1970."""
    found = cast("datetime", moment)
    found = found if found.tzinfo else found.replace(tzinfo=UTC)
    since = found - datetime(1970, 1, 1, tzinfo=UTC)
    return (since.days * 86400 + since.seconds) * 1_000_000 + since.microseconds


def _nanoseconds(moment: datetime) -> int:
    return _ticks(moment) * 1000

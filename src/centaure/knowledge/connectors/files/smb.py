"""Shares of Windows and Samba (SMB 2 and 3), with the rights that their access control lists give."""

import struct
from collections.abc import Collection, Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Literal, Self, cast
from urllib.parse import quote, urlsplit

from pydantic import SecretStr
from smbprotocol.exceptions import NoMoreFiles
from smbprotocol.file_info import FileAttributes, FileInformationClass
from smbprotocol.open import CreateOptions, FilePipePrinterAccessMask
from smbprotocol.reparse_point import ReparseTags
from typing_extensions import override

from centaure.kit.errors import InvalidInput
from centaure.knowledge.connectors.copies import Fetched
from centaure.knowledge.connectors.files.remote_files import (
    PIECE,
    Entry,
    Opened,
    RemoteFolders,
    plain_path,
    settled,
    split_location,
)
from centaure.knowledge.connectors.files.smb_directory import Directory
from centaure.knowledge.connectors.files.smb_rights import Rights, Settings
from centaure.knowledge.connectors.files.smb_session import PORT, Account, Machine
from centaure.knowledge.connectors.port import (
    Item,
    ItemChanged,
    ItemGone,
    ItemUnreadable,
    Options,
    PlaceGroup,
    PlaceUnavailable,
    Problem,
)

_EXAMPLE = "smb://files.example.org/share/folder"
_NEVER_IN_NAMES = frozenset('\\:*?"<>|')
"""Of these, the first would climb and the second open another stream of the same file."""
_LINKS = frozenset(
    {ReparseTags.IO_REPARSE_TAG_SYMLINK, ReparseTags.IO_REPARSE_TAG_MOUNT_POINT, 0x8000000A}
)
_READ = FilePipePrinterAccessMask.FILE_READ_DATA | FilePipePrinterAccessMask.FILE_READ_ATTRIBUTES


class SmbOptions(Options):
    """As whom the share is read, and how its rights are.

    Attributes:
        user: name to sign in with.
        password: of the user.
        domain: of the user, where the server knows several.
        encrypt: refuse a server that does not encrypt (SMB 3).
        rights: "place" mirrors the access control lists of the share, its folders and files.
        directory: the machine that knows the accounts of the domain, such as `dc.example.org`; "" for the
            file server itself.
        login_suffix: what a login here has after the name of the account, such as `@example.org`.
        share_rights: "everyone" says that the share itself lets everyone in, where the server does not tell.
        folders: "check" has a reader pass the folders on the way; "bypass" where the server has everyone pass
            them, as Windows does by default.
    """

    user: str = ""
    password: SecretStr = SecretStr("")
    domain: str = ""
    encrypt: bool = True
    rights: Literal["manifest", "place"] = "manifest"
    directory: str = ""
    login_suffix: str = ""
    share_rights: Literal["place", "everyone"] = "place"
    folders: Literal["check", "bypass"] = "check"


class SmbConnector(RemoteFolders):
    """A folder of a share."""

    kind = "smb"
    options_model = SmbOptions

    def __init__(self, location: str, options: SmbOptions) -> None:
        parts = urlsplit(location)
        account = Account(options.user, options.password, options.domain, options.encrypt)
        self._machine = Machine(parts.hostname or "", parts.port or PORT, account)
        self._domain = None
        if options.directory:
            self._domain = Machine(*_address(options.directory), account)
        self._share, _, self._base = plain_path(parts.path).partition("/")
        self.reports_access = options.rights == "place"
        self._rights = Rights(
            self._machine,
            Directory(self._machine, self._domain, options.login_suffix),
            Settings(
                self._share,
                self._base,
                share_counts=options.share_rights == "place",
                folders_count=options.folders == "check",
            ),
        )

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
        if given.directory:
            _ = _address(given.directory)
        host = cast("str", parts.hostname)
        shown = f"[{host}]" if ":" in host else host
        port = "" if parts.port in {None, PORT} else f":{parts.port}"
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
    def items(self, since: str | None = None) -> Iterator[Item | Problem]:
        self._rights.forget()
        return super().items(since)

    @override
    def groups(self, named: Collection[str]) -> Iterable[PlaceGroup]:
        return self._rights.groups(named) if self.reports_access else ()

    @override
    def close(self) -> None:
        self._machine.close()
        if self._domain is not None:
            self._domain.close()

    @override
    def _visited(self, folder: str, waiting: list[str]) -> Iterator[Item | Problem]:
        for found in super()._visited(folder, waiting):
            if self.reports_access and isinstance(found, Item):
                yield replace(found, access=self._rights.of_file(found.path))
            else:
                yield found

    @override
    @contextmanager
    def fetch(self, path: str) -> Generator[Fetched]:
        """A copy, whose version is that of the listing even where another change could hide behind it."""
        with super().fetch(path) as file:
            yield replace(file, recent=not settled(file.version, file.modified_ns))

    @override
    def _entries(self, folder: str) -> Iterator[Entry]:
        with self._folder(folder) as opened:
            while names := self._machine.ask(lambda: _names(opened)):
                for told in names:
                    if (entry := self._machine.ask(lambda told=told: _entry(told))) is not None:
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
                _version(opened.change_time, modified, size),
            )

    def _pieces(self, path: str, opened: Any, size: int) -> Iterator[bytes]:
        before = opened.change_time, opened.last_write_time
        most = min(PIECE, int(opened.connection.max_read_size))
        offset = 0
        while offset < size:
            piece = self._machine.ask(
                lambda at=offset: cast("bytes", opened.read(at, min(most, size - at)))
            )
            if not piece:
                raise ItemChanged(path)
            yield piece
            offset += len(piece)
        self._machine.ask(lambda: opened.close(get_attributes=True))
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
        with self._machine.handle(self._share, name, _READ, options) as opened:
            yield opened


def _address(written: str) -> tuple[str, int]:
    """Host and port of a machine.

    Raises:
        InvalidInput: it is none.
    """
    try:
        parts = urlsplit(f"smb://{written}")
        host, port = parts.hostname, parts.port or PORT
    except ValueError:
        host, port = None, PORT
    if not host or any(character in "/\\?#@" or ord(character) < 33 for character in written):
        raise InvalidInput("The directory is not a machine such as dc.example.org.")
    return host, port


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

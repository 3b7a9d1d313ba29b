"""SFTP over SSH, through paramiko; a server is spoken to only when its host key is known.

fsspec's own file system for SFTP is not used: by itself it trusts any host key, it follows links, it shares
between threads a client that is not made for it, and a connection that is lost looks like a folder's end.
"""

import io
import socket
import stat
from base64 import b64encode
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from queue import Empty, LifoQueue
from threading import Lock
from typing import Any, Self, TypeVar, cast
from urllib.parse import quote, urlsplit

import paramiko
from paramiko.sftp import CMD_CLOSE, CMD_NAME, CMD_OPENDIR, CMD_READDIR, CMD_REALPATH
from pydantic import SecretStr
from typing_extensions import override

from centaure.kit.errors import InvalidInput
from centaure.knowledge.connectors.files.remote_files import (
    TIMEOUT_S,
    Entry,
    Opened,
    RemoteFolders,
    plain_path,
    settled,
    split_location,
)
from centaure.knowledge.connectors.port import (
    Item,
    ItemChanged,
    ItemGone,
    ItemTooLarge,
    ItemUnreadable,
    Options,
    PlaceUnavailable,
    Problem,
)

_EXAMPLE = "sftp://files.example.org/srv/documents"
_LARGEST_PACKET = 16 * 1024 * 1024
_LARGEST_READ = 255 * 1024  # what OpenSSH gives at most; others give less, which is well
_FAULTS = (paramiko.SSHException, OSError, EOFError, ValueError, LookupError, AttributeError)
_Answered = TypeVar("_Answered")
_KEYS: tuple[Any, ...] = (paramiko.Ed25519Key, paramiko.ECDSAKey, paramiko.RSAKey)


class SftpOptions(Options):
    """As whom the folder is read, and which server it is read from.

    Attributes:
        user: name to sign in with.
        password: of the user, where no key is used.
        private_key: in PEM, as `ssh-keygen` writes it.
        passphrase: of the private key.
        host_key: of the server, as in a `.pub` file, or its fingerprint such as SHA256:….
        known_hosts: a file as OpenSSH keeps it, that holds the server's key.
    """

    user: str = ""
    password: SecretStr = SecretStr("")
    private_key: SecretStr = SecretStr("")
    passphrase: SecretStr = SecretStr("")
    host_key: str = ""
    known_hosts: str = ""


class SftpConnector(RemoteFolders):
    """A folder of a server; its path is from the server's root."""

    kind = "sftp"
    options_model = SftpOptions

    def __init__(self, location: str, options: SftpOptions) -> None:
        parts = urlsplit(location)
        self._host = parts.hostname or ""
        self._port = parts.port or 22
        self._asked = f"/{plain_path(parts.path)}".encode()
        self._options = options
        self._lock = Lock()
        self._transport: paramiko.Transport | None = None
        self._root = b""
        self._idle: LifoQueue[_Client] = LifoQueue()

    @classmethod
    @override
    def normal_location(cls, written: str, options: Options) -> str:
        parts = split_location(written, "sftp", _EXAMPLE)
        given = cast("SftpOptions", options)
        if parts.query or parts.fragment:
            raise InvalidInput(f"This is not a folder such as {_EXAMPLE}.")
        if not given.user:
            raise InvalidInput("Give the user to sign in as, and a password or a private_key.")
        if given.private_key.get_secret_value():
            _private_key(given)
        host = cast("str", parts.hostname)
        shown = f"[{host}]" if ":" in host else host
        port = "" if parts.port in {None, 22} else f":{parts.port}"
        return f"sftp://{shown}{port}/{quote(plain_path(parts.path))}"

    @classmethod
    @override
    def connect(cls, location: str, options: Options) -> Self:
        return cls(location, cast("SftpOptions", options))

    @override
    def check(self) -> None:
        try:
            with self._client() as client:
                if not stat.S_ISDIR(self._stat(client, "") or 0):
                    raise PlaceUnavailable(self._root_gone())
        except ItemGone:
            raise PlaceUnavailable(self._root_gone()) from None
        except ItemUnreadable as error:
            raise PlaceUnavailable(error.message) from None

    @override
    def close(self) -> None:
        with self._lock:
            transport, self._transport = self._transport, None
            self._idle = LifoQueue()
        if transport is not None:
            transport.close()

    @override
    def _found(self, path: str, entry: Entry) -> Item | Problem | str | None:
        if entry.name in {".", ".."}:
            return None
        return super()._found(path, entry)

    @override
    def _entries(self, folder: str) -> Iterator[Entry]:
        with self._client() as client:
            if not stat.S_ISDIR(self._stat(client, folder) or 0):
                raise ItemGone(folder)
            handle = self._ask(lambda: client.folder(self._whole(folder)))
            try:
                while names := self._ask(lambda: client.names(handle)):
                    for told in names:
                        yield _entry(told)
            finally:
                with suppress(*_FAULTS):
                    client.let_go(handle)

    @override
    @contextmanager
    def _opened(self, path: str) -> Generator[Opened]:
        with self._client() as client:
            # A device or a pipe that is opened could hold up the server: what it is is asked first.
            if not stat.S_ISREG(self._stat(client, path) or 0):
                raise ItemGone(path)
            file = self._ask(lambda: client.open(self._whole(path).decode(), "rb"))
            file.MAX_REQUEST_SIZE = _LARGEST_READ
            try:
                before = self._ask(file.stat)
                # A folder on the way that has just become a link would have led elsewhere.
                self._stat(client, path)
                yield Opened(
                    self._pieces(path, file, before),
                    before.st_size,
                    _nanoseconds(before),
                    _version(before),
                )
            finally:
                with suppress(*_FAULTS):
                    file.close()

    def _pieces(self, path: str, file: Any, before: paramiko.SFTPAttributes) -> Iterator[bytes]:
        while piece := cast("bytes", self._ask(lambda: file.read(_LARGEST_READ))):
            yield piece
        after = self._ask(file.stat)
        if (after.st_size, after.st_mtime) != (before.st_size, before.st_mtime):
            raise ItemChanged(path)

    def _stat(self, client: "_Client", path: str) -> int | None:
        """The kind and rights of what is there itself, no link followed on the way to it."""
        whole = self._whole(path)
        found = self._ask(lambda: client.lstat(whole.decode()))
        if path and self._ask(lambda: client.real(whole)) != whole:
            raise ItemGone(path)
        return found.st_mode

    def _whole(self, path: str) -> bytes:
        return b"/".join((self._root.rstrip(b"/"), path.encode())) if path else self._root

    def _ask(self, call: Callable[[], _Answered]) -> _Answered:
        """One question to the server; what it answers badly becomes one of the port's errors."""
        try:
            return call()
        except FileNotFoundError:
            raise ItemGone from None
        except PermissionError:
            raise ItemUnreadable(
                f"{self._host} does not let this user read it. Give the user the right to."
            ) from None
        except TimeoutError as error:
            raise PlaceUnavailable(f"{self._host} does not answer in time.") from error
        except OSError as error:
            if error.errno is None:  # SFTP's own "failure", of this request alone
                raise ItemUnreadable(f"{self._host} cannot read it. Look there for why.") from error
            raise self._lost(error) from error
        except _FAULTS as error:
            raise self._lost(error) from error

    def _lost(self, error: Exception) -> PlaceUnavailable:
        return PlaceUnavailable(
            f"The connection to {self._host} was lost ({type(error).__name__}). The next synchronisation "
            "tries again."
        )

    @contextmanager
    def _client(self) -> Generator["_Client"]:
        """A client that no other thread uses meanwhile; one of them takes one request at a time."""
        with self._lock:
            if self._transport is None or not self._transport.is_active():
                self._idle = LifoQueue()
                self._transport = self._connected()
            transport, idle = self._transport, self._idle
        try:
            client = idle.get_nowait()
        except Empty:
            client = self._ask(lambda: _Client.on(transport))
            self._root = self._root or self._ask(lambda: client.real(self._asked))
        try:
            yield client
        except (ItemGone, ItemUnreadable, ItemChanged, ItemTooLarge):
            idle.put(client)
            raise
        except BaseException:
            with suppress(*_FAULTS):
                client.close()  # an answer may still be on its way to it
            raise
        idle.put(client)

    def _connected(self) -> paramiko.Transport:
        """A connection to a server that proved who it is, signed in."""
        try:
            opened = socket.create_connection((self._host, self._port), timeout=TIMEOUT_S)
        except OSError as error:
            why = error.strerror or str(error)
            raise PlaceUnavailable(
                f"{self._host}, port {self._port}, cannot be reached ({why}). Check the address."
            ) from error
        try:
            transport = paramiko.Transport(opened)
        except _FAULTS as error:
            opened.close()
            raise self._lost(error) from error
        try:
            self._greet(transport)
            self._sign_in(transport)
        except BaseException:
            transport.close()
            raise
        return transport

    def _greet(self, transport: paramiko.Transport) -> None:
        known = self._known_keys()
        transport.banner_timeout = transport.handshake_timeout = transport.auth_timeout = TIMEOUT_S
        if known:
            _ask_for(transport, {key.split()[0] for key in known if " " in key})
        try:
            transport.start_client(timeout=TIMEOUT_S)
            told = transport.get_remote_server_key()
        except _FAULTS as error:
            raise PlaceUnavailable(
                f"{self._host}, port {self._port}, does not speak SSH as it should, or has no host key "
                f"of the kind that is known ({error or type(error).__name__})."
            ) from error
        public = f"{told.get_name()} {told.get_base64()}"
        fingerprint = _fingerprint(told)
        if public in known or fingerprint in known:
            transport.set_keepalive(30)
            return
        if not known:
            raise PlaceUnavailable(
                f"The host key of {self._host} is not known. It says {fingerprint}: compare it with what "
                "`ssh-keygen -l` shows on the server, then give it as host_key."
            )
        raise PlaceUnavailable(
            f"The host key of {self._host} is not the one that is known: it says {fingerprint}. Either the "
            "server was installed anew, or another one answers in its place. Nothing was sent to it."
        )

    def _known_keys(self) -> set[str]:
        """Host keys as `TYPE BASE64`, and fingerprints."""
        known: set[str] = set()
        if given := self._options.host_key.strip():
            known.add(given if given.startswith("SHA256:") else " ".join(given.split()[:2]))
        if self._options.known_hosts:
            name = self._host if self._port == 22 else f"[{self._host}]:{self._port}"
            try:
                file = Path(self._options.known_hosts).expanduser()
                found = paramiko.HostKeys(str(file)).lookup(name)
            except (*_FAULTS, RuntimeError):
                raise PlaceUnavailable(
                    f"The known hosts in {self._options.known_hosts} cannot be read. Check the file."
                ) from None
            keys = cast("dict[str, paramiko.PKey]", found or {})
            known |= {f"{kind} {key.get_base64()}" for kind, key in keys.items()}
        return known

    def _sign_in(self, transport: paramiko.Transport) -> None:
        user, password = self._options.user, self._options.password.get_secret_value()
        try:
            if self._options.private_key.get_secret_value():
                transport.auth_publickey(user, _private_key(self._options))
            elif password:
                transport.auth_password(user, password)
            else:
                transport.auth_none(user)
            is_in = transport.is_authenticated()
        except paramiko.AuthenticationException:
            is_in = False
        except InvalidInput as error:
            raise PlaceUnavailable(error.message) from None
        except _FAULTS as error:
            raise self._lost(error) from error
        if not is_in:
            raise PlaceUnavailable(
                f"{self._host} refuses these credentials. Check the user, and the password "
                "or the private key."
            )


class _Client(paramiko.SFTPClient):
    """SFTP with paths and names as bytes, answers bounded, and a folder's end told by the server alone."""

    @classmethod
    def on(cls, transport: paramiko.Transport) -> "_Client":
        """A client on a channel of its own."""
        channel = transport.open_session(timeout=TIMEOUT_S)
        channel.settimeout(TIMEOUT_S)
        channel.invoke_subsystem("sftp")
        return cls(channel)

    def real(self, path: bytes) -> bytes:
        """Where a path leads once every link on the way is followed."""
        kind, answer = self._told(CMD_REALPATH, path)
        if kind != CMD_NAME or answer.get_int() < 1:
            raise paramiko.SFTPError("no name")
        return answer.get_string()

    def folder(self, path: bytes) -> bytes:
        """A handle by which the names of a folder are asked for."""
        _, answer = self._told(CMD_OPENDIR, path)
        return answer.get_string()

    def names(self, handle: bytes) -> list[tuple[str, paramiko.SFTPAttributes]]:
        """Some more names of a folder; none at its end."""
        try:
            kind, answer = self._told(CMD_READDIR, handle)
        except EOFError:
            return []
        if kind != CMD_NAME:
            raise paramiko.SFTPError("no names")
        found: list[tuple[str, paramiko.SFTPAttributes]] = []
        for _ in range(answer.get_int()):
            if not answer.get_remainder():
                raise paramiko.SFTPError("fewer names than told")
            name = answer.get_string().decode("utf-8", "surrogateescape")
            answer.get_string()  # the line that `ls -l` would show
            attributes = paramiko.SFTPAttributes()
            cast("Any", attributes)._unpack(answer)  # noqa: SLF001 - else a name not in UTF-8 ends it all
            found.append((name, attributes))
        if not found:
            raise paramiko.SFTPError("no names")
        return found

    def let_go(self, handle: bytes) -> None:
        """Close the handle of a folder."""
        self._told(CMD_CLOSE, handle)

    def _told(self, command: int, argument: bytes) -> tuple[int, paramiko.Message]:
        answer: Any = cast("Any", self)._request(command, argument)  # noqa: SLF001 - the only door to bytes
        return cast("tuple[int, paramiko.Message]", answer)

    def _read_all(self, n: int) -> bytes:
        if n > _LARGEST_PACKET:
            raise paramiko.SSHException("too large an answer")
        return cast("bytes", cast("Any", super())._read_all(n))  # noqa: SLF001 - this is an override of it


def _entry(told: tuple[str, paramiko.SFTPAttributes]) -> Entry:
    name, attributes = told
    mode = attributes.st_mode or 0
    if stat.S_ISDIR(mode):
        return Entry(name, "folder")
    if stat.S_ISLNK(mode):
        return Entry(name, "link")
    if not stat.S_ISREG(mode):
        return Entry(name, "other")
    return Entry(name, "file", attributes.st_size, _nanoseconds(attributes), _version(attributes))


def _nanoseconds(attributes: paramiko.SFTPAttributes) -> int | None:
    return None if attributes.st_mtime is None else attributes.st_mtime * 1_000_000_000


def _version(attributes: paramiko.SFTPAttributes) -> str:
    """SFTP tells seconds alone: what was written lately may change again within one, unseen."""
    return settled(f"{attributes.st_mtime}.{attributes.st_size}", _nanoseconds(attributes))


def _fingerprint(key: paramiko.PKey) -> str:
    """As `ssh-keygen -l` shows it."""
    return "SHA256:" + b64encode(sha256(key.asbytes()).digest()).decode().rstrip("=")


def _ask_for(transport: paramiko.Transport, kinds: set[str]) -> None:
    """Have the server prove the key that is known, of the several that it has."""
    if "ssh-rsa" in kinds:
        kinds = kinds | {"rsa-sha2-512", "rsa-sha2-256"}
    security: Any = transport.get_security_options()
    if wanted := [kind for kind in security.key_types if kind in kinds]:
        security.key_types = wanted


def _private_key(options: SftpOptions) -> paramiko.PKey:
    """The private key.

    Raises:
        InvalidInput: it is none, or its passphrase is another.
    """
    text = options.private_key.get_secret_value()
    passphrase = options.passphrase.get_secret_value() or None
    for kind in _KEYS:
        try:
            return cast("paramiko.PKey", kind.from_private_key(io.StringIO(text), passphrase))
        except (*_FAULTS, TypeError):
            continue
    raise InvalidInput(
        "The private_key cannot be used. Give it in PEM as `ssh-keygen` writes it (Ed25519, ECDSA or RSA), "
        "and its passphrase if it has one."
    )

"""The files of one branch of a Git repository, over HTTPS or SSH, or on this machine.

Of a repository elsewhere the last commit of the branch is kept in a folder of its own, without a working
tree: nothing of the repository is ever run, and nothing is written where a file of it says. One that lies on
this machine is read where it is.

The version of a file is the identifier of its blob. A feed compares the folders of two commits. The time of
a file is that of the commit in which a synchronisation first saw it so, since a shallow copy knows no other.
"""

import fcntl
import fnmatch
import hashlib
import os
import re
import shutil
import stat
import tempfile
import time
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from threading import Lock
from typing import Any, ClassVar, cast
from urllib.parse import unquote, urlsplit

from dulwich.client import GitClient
from dulwich.errors import GitProtocolError
from dulwich.repo import Repo
from pydantic import Field, SecretStr

from centaure.kit.errors import CentaureError, InvalidInput
from centaure.kit.outbound import Outbound
from centaure.knowledge.connectors.copies import Fetched, copied
from centaure.knowledge.connectors.git.objects import Change, Entry, Objects, Unreadable
from centaure.knowledge.connectors.git.transport import Budget, HttpTransport, ssh_transport
from centaure.knowledge.connectors.hosts import is_loopback
from centaure.knowledge.connectors.names import is_ignored
from centaure.knowledge.connectors.patterns import Patterns
from centaure.knowledge.connectors.port import (
    Checkpoint,
    Connector,
    Gone,
    Item,
    ItemGone,
    ItemTooLarge,
    ItemUnreadable,
    Options,
    PlaceUnavailable,
    Problem,
    TokenExpired,
    path_problem,
)
from centaure.knowledge.parsing.limits import DEFAULT_LIMITS, megabytes

_LISTED = b"refs/heads/listed"
_MOST_PACKS = 100
_LONGEST_FETCH_S = 3600.0
_LOCK_S = 600.0
_LARGEST_POINTER = 1024
_POINTER = b"version https://git-lfs.github.com/spec/"
_SCP = re.compile(r"([A-Za-z0-9_.-]+)@([A-Za-z0-9._-]+|\[[0-9a-fA-F:]+\]):(?!//)(.+)")
_HOST = re.compile(r"[a-z0-9_](?:[a-z0-9._-]*[a-z0-9_])?|[0-9a-f:.]*:[0-9a-f:.]*")
_TOKEN = re.compile(r"([0-9a-f]{40}|[0-9a-f]{64}|empty)\.([0-9a-f]{16})")
_BRANCH = re.compile(r"(?!/)(?!.*(?:\.\.|//|@\{|\.lock$))[^\x00-\x20~^:?*\[\\\x7f]+(?<![/.])")


class GitOptions(Options):
    """Which branch and files, and how to sign in.

    Attributes:
        branch: to read; the one that the repository names as its own when there is none.
        paths: patterns of files and folders to read; all of them when there are none.
        username: to sign in with; many servers take any beside a token.
        token: or password, of the user.
        private_key: for SSH, in PEM, as `ssh-keygen` writes it.
        host_key: of the SSH server, as in a `.pub` file, or its fingerprint such as SHA256:….
        known_hosts: a file as OpenSSH keeps it, that holds the server's key.
        cache: folder for what is fetched.
        most_megabytes: how much one fetch brings at most.
        most_files: how many files and folders a branch may hold.
        ca_file: certificates to trust besides the system's own.
    """

    branch: str = ""
    paths: Patterns = ()
    username: str = ""
    token: SecretStr = SecretStr("")
    private_key: SecretStr = SecretStr("")
    host_key: str = ""
    known_hosts: str = ""
    cache: str = ""
    most_megabytes: int = Field(default=20_000, ge=1)
    most_files: int = Field(default=1_000_000, ge=1)
    ca_file: str = ""


@dataclass(frozen=True, slots=True)
class _Head:
    """The last commit of the branch: its identifier, its folder, its time in nanoseconds since 1970."""

    commit: bytes
    tree: bytes
    time_ns: int


class GitRepository(Connector):
    """One branch of a repository."""

    kind: ClassVar[str] = "git"
    options_model: ClassVar[type[Options]] = GitOptions
    has_feed = True

    def __init__(self, location: str, options: GitOptions) -> None:
        """Opens nothing yet."""
        self._location = location
        self._options = options
        self._lock = Lock()
        self._repository: Repo | None = None
        self._objects: Objects | None = None
        self._head: _Head | None = None

    @classmethod
    def normal_location(cls, written: str, options: Options) -> str:
        """`https://host/path`, `ssh://[user@]host/path`, or the path of a folder of this machine."""
        told = cast("GitOptions", options)
        if told.branch and not _BRANCH.fullmatch(told.branch):
            raise InvalidInput("The option branch is not a name that a branch can have.")
        return _normal(written.strip(), told)

    @classmethod
    def connect(cls, location: str, options: Options) -> "GitRepository":
        """A connector; errors as in `normal_location`."""
        return cls(cls.normal_location(location, options), cast("GitOptions", options))

    def check(self) -> None:
        """Fetches the last commit of the branch."""
        self._updated()

    def items(self, since: str | None = None) -> Iterator[Item | Problem | Gone | Checkpoint]:
        """Every file of the branch, or those that changed; the token is a commit."""
        self.passed_over = 0
        old_commit = self._commit_of(since) if since is not None else None
        head = self._updated()
        objects = self._opened()
        old_tree = self._tree_of(objects, old_commit) if old_commit else None
        count = 0
        try:
            for change in objects.changes(old_tree, head.tree if head else None):
                count += 1
                if count > self._options.most_files:
                    raise PlaceUnavailable(
                        f"The branch holds more than {self._options.most_files} files and folders. Raise "
                        "the option most_files, if it is meant to be so large."
                    )
                yield from self._told(objects, change, head.time_ns if head else 0)
        except Unreadable:
            raise PlaceUnavailable(
                "A folder of the repository is missing from it or damaged. Run `git fsck` on its server; "
                "the next synchronisation tries again."
            ) from None
        commit = head.commit.decode() if head else "empty"
        yield Checkpoint(f"{commit}.{self._scope()}")

    @contextmanager
    def fetch(self, path: str) -> Generator[Fetched]:
        """The bytes of a file of the commit that was listed last; errors as in `Connector.fetch`."""
        if path_problem(path) is not None or not self._is_wanted(path):
            raise ItemGone(path)
        head = self._head or self._last_known()
        if head is None:
            raise ItemGone(path)
        objects = self._opened()
        try:
            entry = _found(objects, head.tree, path)
            size = objects.size(entry.id)
            if size > DEFAULT_LIMITS.file_bytes:
                raise ItemTooLarge(
                    f"The file is {megabytes(size)} large, more than "
                    f"{megabytes(DEFAULT_LIMITS.file_bytes)}: it is not read."
                )
            content = objects.blob(entry.id, 2 * DEFAULT_LIMITS.file_bytes)
        except Unreadable:
            raise ItemUnreadable(_MISSING) from None
        if size <= _LARGEST_POINTER and content.startswith(_POINTER):
            raise ItemUnreadable(
                "The repository keeps this file in Git LFS, which is not read: only a pointer to it is here. "
                "Put the file into the repository itself, or into another source."
            )
        name = path.rsplit("/", 1)[-1]
        with copied(name, [content], modified_ns=head.time_ns, version=entry.id.decode()) as file:
            yield file

    def close(self) -> None:
        """Closes the files of the repository."""
        with self._lock:
            if self._repository is not None:
                self._repository.close()
            self._repository = self._objects = None

    def _told(
        self, objects: Objects, change: Change, time_ns: int
    ) -> Iterator[Item | Problem | Gone]:
        """What a change of one name means; a folder's own change means nothing."""
        kinds = {entry.kind for entry in (change.old, change.new) if entry}
        if kinds == {"folder"} and not _is_odd(change.path):
            if change.new and is_ignored(change.path.rpartition(b"/")[2].decode(errors="replace")):
                self.passed_over += 1
            return
        try:
            path = change.path.decode()
        except UnicodeDecodeError:
            path = ""
        if not path or _is_odd(change.path) or path_problem(path) is not None:
            if change.new:
                yield _odd(change.path)
            return
        if not self._is_wanted(path):
            self.passed_over += 1 if change.new and change.new.kind == "file" else 0
            return
        if change.new is None or change.new.kind == "folder":
            yield Gone(path)
            return
        if change.new.kind == "file":
            yield self._item(objects, path, change.new, time_ns)
            return
        if change.old is not None:
            yield Gone(path)
        yield Problem(path, "ignored", _NO_FILE[change.new.kind])

    def _item(self, objects: Objects, path: str, entry: Entry, time_ns: int) -> Item | Problem:
        try:
            size = objects.size(entry.id)
        except Unreadable:
            return Problem(
                path,
                "unreadable",
                _MISSING,
            )
        return Item(path, size=size, modified_ns=time_ns, version=entry.id.decode())

    def _is_wanted(self, path: str) -> bool:
        if any(is_ignored(name) for name in path.split("/")):
            return False
        name = path.rpartition("/")[2]
        return not self._options.paths or any(
            fnmatch.fnmatchcase(path, pattern)
            or fnmatch.fnmatchcase(path, f"{pattern.rstrip('/')}/*")
            or ("/" not in pattern and fnmatch.fnmatchcase(name, pattern))
            for pattern in self._options.paths
        )

    def _scope(self) -> str:
        """What a listing depends on besides the commit: a token of another one says nothing here."""
        words = repr((self._options.branch, self._options.paths))
        return hashlib.sha256(words.encode()).hexdigest()[:16]

    def _commit_of(self, token: str) -> bytes | None:
        found = _TOKEN.fullmatch(token)
        if found is None or found.group(2) != self._scope():
            raise TokenExpired(token)
        return None if found.group(1) == "empty" else found.group(1).encode()

    def _tree_of(self, objects: Objects, commit: bytes) -> bytes:
        try:
            return objects.commit(commit)[0]
        except Unreadable:
            raise TokenExpired(commit.decode()) from None

    def _opened(self) -> Objects:
        with self._lock:
            if self._objects is None:
                self._repository = self._open()
                self._objects = Objects(self._repository)
            return self._objects

    def _open(self) -> Repo:
        if self._location.startswith("/"):
            return _open_local(Path(self._location))
        return _open_cache(self._cache())

    def _updated(self) -> _Head | None:
        """The last commit of the branch, all of it here; None for a repository without any."""
        if self._location.startswith("/"):
            with closing(self._open()) as repository:
                commit = self._local_commit(repository)
        else:
            with _locked(self._cache()):
                commit = self._fetched_commit()
        self._head = self._head_of(commit) if commit else None
        return self._head

    def _head_of(self, commit: bytes) -> _Head:
        try:
            tree, seconds = self._opened().commit(commit)
        except Unreadable:
            raise PlaceUnavailable(
                "The last commit of the branch is missing from the repository or damaged. Run `git fsck` "
                "on its server."
            ) from None
        return _Head(commit, tree, min(max(seconds, 0), 1 << 33) * 1_000_000_000)

    def _last_known(self) -> _Head | None:
        """The commit listed last, by this connector or an earlier one; else it is fetched."""
        if not self._location.startswith("/"):
            with closing(self._open()) as repository:
                refs: Any = repository.refs
                commit = bytes(refs[_LISTED]) if _LISTED in refs else b""
            if commit:
                self._head = self._head_of(commit)
                return self._head
        return self._updated()

    def _local_commit(self, repository: Repo) -> bytes | None:
        refs: Any = repository.refs
        branch = self._options.branch
        try:
            return bytes(refs[b"refs/heads/" + branch.encode() if branch else b"HEAD"])
        except KeyError:
            return self._missing(any(True for _ in refs.subkeys(b"refs/heads")))
        except (ValueError, OSError):
            return self._missing(is_there=True)

    def _missing(self, is_there: bool) -> None:
        """None for a repository without any commit.

        Raises:
            PlaceUnavailable: it has commits, and not the branch.
        """
        if is_there or self._options.branch:
            which = (
                f"no branch '{self._options.branch}'"
                if self._options.branch
                else "no branch of its own"
            )
            raise PlaceUnavailable(f"The repository has {which}. Correct the option branch.")

    def _fetched_commit(self) -> bytes | None:
        cache = self._cache()
        if len(list((cache / "objects" / "pack").glob("*.pack"))) > _MOST_PACKS:
            _remove_cache(cache)
        budget = Budget(
            self._options.most_megabytes * 1_000_000, time.monotonic() + _LONGEST_FETCH_S
        )
        with closing(self._open()) as repository, closing(self._outbound()) as outbound:
            commit = self._fetch(repository, outbound, budget)
            if commit is not None:
                cast("Any", repository).refs[_LISTED] = commit
        return commit

    def _fetch(self, repository: Any, outbound: Outbound, budget: Budget) -> bytes | None:
        found: list[bytes | None] = [None]

        def wanted(refs: Any, depth: int | None = None) -> list[bytes]:
            _ = depth
            commit = self._branch_of(refs)
            found[0] = commit
            return [commit] if commit and commit not in repository.object_store else []

        client, path = self._transport(outbound, budget)
        try:
            self._fetch_with(client, path, repository, wanted)
        except CentaureError:
            raise
        except Exception as error:
            # dulwich says in many ways that the other side is none, has a fault or hung up.
            raise self._failed(error) from error
        return found[0]

    def _fetch_with(self, client: GitClient, path: str, repository: Any, wanted: Any) -> None:
        # Files that are not read stay where they are, if the server can leave them out: to unpack one
        # takes its whole size in memory. None of them is the base of another, by Git's own limit.
        more: Any = {
            "ref_prefix": [b"HEAD", b"refs/heads/"],
            "filter_spec": f"blob:limit={DEFAULT_LIMITS.file_bytes + 1}".encode(),
        }
        try:
            client.fetch(path, repository, wanted, depth=1, **more)
        except GitProtocolError as error:
            if "shallow" not in str(error):
                raise
            client.fetch(path, repository, wanted, **more)

    def _branch_of(self, refs: dict[bytes, bytes]) -> bytes | None:
        name = b"refs/heads/" + self._options.branch.encode() if self._options.branch else b"HEAD"
        commit = refs.get(name)
        if commit is None:
            return self._missing(any(each.startswith(b"refs/heads/") for each in refs))
        return bytes(commit)

    def _transport(self, outbound: Outbound, budget: Budget) -> tuple[GitClient, str]:
        parts = urlsplit(self._location)
        if parts.scheme == "ssh":
            path = unquote(parts.path)
            return ssh_transport(parts.hostname or "", self._ssh_connected, budget), path
        return HttpTransport(f"{parts.scheme}://{parts.netloc}/", outbound, budget), parts.path

    def _outbound(self) -> Outbound:
        token = self._options.token.get_secret_value()
        username = self._options.username or ("git" if token else "")
        return Outbound(
            hosts=(urlsplit(self._location).hostname or "",),
            headers={"User-Agent": "git/2 (Centaure)"},
            basic=(username, token) if username else None,
            ca_file=self._options.ca_file or None,
            longest_s=_LONGEST_FETCH_S,
            redirects=False,
        )

    def _ssh_connected(self) -> Any:
        """A connection whose host key was checked, by the same rules as for SFTP."""
        try:
            sftp: Any = import_module("centaure.knowledge.connectors.files.sftp")
        except ImportError:
            raise PlaceUnavailable(
                "Repositories over SSH need the library 'paramiko': "
                "`.venv/bin/pip install -e '.[sftp]'` in Centaure's folder installs it."
            ) from None
        parts = urlsplit(self._location)
        told = sftp.SftpOptions(
            user=self._options.username or parts.username or "git",
            password=self._options.token,
            private_key=self._options.private_key,
            host_key=self._options.host_key,
            known_hosts=self._options.known_hosts,
        )
        host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
        location = sftp.SftpConnector.normal_location(f"sftp://{host}:{parts.port or 22}/", told)
        return sftp.SftpConnector.connect(location, told)._connected()  # noqa: SLF001 - the one check of host keys

    def _failed(self, error: Exception) -> PlaceUnavailable:
        host = urlsplit(self._location).hostname
        if isinstance(error, MemoryError):
            return PlaceUnavailable(
                "The repository holds a file that does not fit into memory. Remove it from the branch."
            )
        return PlaceUnavailable(
            f"{host} does not give the repository ({type(error).__name__}): the location may be wrong, "
            "the credentials may not reach it, or its server has a fault. The next synchronisation "
            "tries again."
        )

    def _cache(self) -> Path:
        root = _private(self._options.cache)
        words = f"{self._location}\n{self._options.branch}"
        return root / f"{hashlib.sha256(words.encode()).hexdigest()[:32]}.git"


_MISSING = (
    f"The file is larger than {megabytes(DEFAULT_LIMITS.file_bytes)}, or missing from the repository or "
    "damaged there. If it is small, run `git fsck` on the repository's server."
)
_NO_FILE = {
    "link": "This is a link to another place. Links are not followed; the file is read where it lies.",
    "submodule": "This is another repository (a submodule). Add it as a source of its own.",
    "other": "This is neither a file nor a folder.",
}


def _normal(written: str, options: GitOptions) -> str:
    if (found := _SCP.fullmatch(written)) is not None:
        user, host, path = found.groups()
        written = f"ssh://{user}@{host}/{path.lstrip('/')}"
    if written.startswith(("/", "~")):
        return str(Path(written).expanduser().resolve())
    try:
        parts = urlsplit(written)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise InvalidInput(_WRITTEN) from None
    if parts.scheme == "file" and not parts.netloc and parts.path.startswith("/"):
        return str(Path(unquote(parts.path)).resolve())
    if parts.scheme not in {"https", "http", "ssh"} or not _HOST.fullmatch(host):
        raise InvalidInput(_WRITTEN)
    if parts.password is not None or ("@" in parts.netloc and parts.scheme != "ssh"):
        raise InvalidInput(
            "A location holds no user and no password: give username and token as options."
        )
    path = parts.path.rstrip("/")
    if not path or parts.query or parts.fragment or ".." in unquote(path).split("/"):
        raise InvalidInput(_WRITTEN)
    if parts.scheme == "http" and options.token.get_secret_value() and not is_loopback(host):
        raise InvalidInput("Over http:// the token could be read on the way. Write https://.")
    usual = {"https": 443, "http": 80, "ssh": 22}[parts.scheme]
    shown = f"[{host}]" if ":" in host else host
    shown = shown if port in {None, usual} else f"{shown}:{port}"
    user = f"{parts.username}@" if parts.username else ""
    return f"{parts.scheme}://{user}{shown}{path}"


_WRITTEN = (
    "A repository is written https://example.org/team/project.git, ssh://git@example.org/team/project.git, "
    "or as the path of a folder."
)


def _open_local(root: Path) -> Repo:
    """A repository of this machine, if all of it lies in its folder.

    Raises:
        PlaceUnavailable: there is none, or it takes objects from elsewhere.
    """
    try:
        repository = Repo(str(root))
    except Exception as error:  # dulwich and the file system say it in many ways
        raise PlaceUnavailable(
            f"There is no Git repository in {root} that can be read ({type(error).__name__}). Correct the "
            "location, or give this service the right to read it."
        ) from error
    if not _is_whole(root, Path(repository.controldir()), Path(repository.commondir())):
        repository.close()
        raise PlaceUnavailable(
            f"The repository in {root} takes objects from another folder (a link, a work tree or an "
            "alternate). Give the location of a repository that is whole, such as a clone."
        )
    return repository


def _is_whole(root: Path, control: Path, common: Path) -> bool:
    objects = common / "objects"
    folders = (control, common, objects, objects / "pack", objects / "info")
    if not all(folder.resolve().is_relative_to(root) for folder in folders):
        return False
    if any((objects / "info" / name).exists() for name in ("alternates", "http-alternates")):
        return False
    try:
        with os.scandir(objects) as loose, os.scandir(objects / "pack") as packs:
            return not any(entry.is_symlink() for entry in (*loose, *packs))
    except OSError:
        return False


def _open_cache(cache: Path) -> Repo:
    try:
        if not (cache / "objects").is_dir():
            _make_cache(cache)
        return Repo(str(cache))
    except Exception as error:  # dulwich and the file system say it in many ways
        raise PlaceUnavailable(
            f"The copy of the repository in {cache} cannot be used ({type(error).__name__}). Remove "
            "that folder: it is fetched anew."
        ) from error


def _make_cache(cache: Path) -> None:
    """A repository without anything, which appears at once or not at all."""
    new = tempfile.mkdtemp(prefix="new-", dir=cache.parent)
    Repo.init_bare(new).close()
    try:
        Path(new).rename(cache)
    except OSError:
        # Another process was quicker.
        shutil.rmtree(new, ignore_errors=True)


def _remove_cache(cache: Path) -> None:
    """Away at once for those that open it; who has it open goes on reading."""
    old = tempfile.mkdtemp(prefix="old-", dir=cache.parent)
    cache.rename(Path(old) / cache.name)
    shutil.rmtree(old, ignore_errors=True)


def _private(cache: str) -> Path:
    """The folder for copies, which nobody else may write to.

    Raises:
        PlaceUnavailable: it cannot be made, or belongs to somebody else.
    """
    usual = Path(tempfile.gettempdir()) / f"centaure-git-{os.getuid()}"
    folder = Path(cache) if cache else usual
    try:
        with suppress(FileExistsError):
            folder.mkdir(mode=0o700, parents=True)
        status = folder.lstat() if not cache else folder.stat()
    except OSError as error:
        raise PlaceUnavailable(
            f"The folder {folder} for copies of repositories cannot be made ({error.strerror}). Give "
            "another one as the option cache."
        ) from error
    is_ours = status.st_uid == os.getuid() and not status.st_mode & 0o022
    if not stat.S_ISDIR(status.st_mode) or not is_ours:
        raise PlaceUnavailable(
            f"The folder {folder} for copies of repositories can be written by others. Give another one "
            "as the option cache."
        )
    return folder


@contextmanager
def _locked(cache: Path) -> Generator[None]:
    """Nobody else fetches into this copy meanwhile.

    Raises:
        PlaceUnavailable: somebody does, for too long.
    """
    descriptor = os.open(
        f"{cache}.lock", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600
    )
    try:
        ends = time.monotonic() + _LOCK_S
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except OSError:
                if time.monotonic() > ends:
                    raise PlaceUnavailable(
                        "Another synchronisation has been fetching this repository for long. The next one "
                        "tries again."
                    ) from None
                time.sleep(0.1)
        yield
    finally:
        os.close(descriptor)


def _found(objects: Objects, tree: bytes, path: str) -> Entry:
    """A file of a commit.

    Raises:
        ItemGone: it is not there, or is none.
        Unreadable: a folder on the way is damaged.
    """
    entry = Entry("folder", tree)
    for name in path.encode().split(b"/"):
        if entry.kind != "folder":
            raise ItemGone(path)
        found = objects.folder(entry.id).get(name)
        if found is None:
            raise ItemGone(path)
        entry = found
    if entry.kind != "file":
        raise ItemGone(path)
    return entry


def _is_odd(path: bytes) -> bool:
    """Whether a name is none that Git itself would check out."""
    name = path.rpartition(b"/")[2]
    return name in {b"", b".", b".."} or name.lower() == b".git" or b"\0" in name


def _odd(path: bytes) -> Problem:
    shown = path.decode("utf-8", "backslashreplace").replace("\0", "\\0")[:500]
    return Problem(
        shown or ".",
        "unreadable",
        "The name cannot be kept as a path: it is not UTF-8 text, too long, or one that leads elsewhere. "
        "Rename it in the repository.",
    )

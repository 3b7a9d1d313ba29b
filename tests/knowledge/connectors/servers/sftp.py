"""SFTP as OpenSSH's sshd serves it, in the foreground, as this user or, for root, as one without rights."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

_CONFIG = """
Port {port}
ListenAddress 127.0.0.1
HostKey {keys}/host_ed25519
HostKey {keys}/host_rsa
PidFile none
AuthorizedKeysFile {keys}/authorized
PasswordAuthentication yes
KbdInteractiveAuthentication no
PermitRootLogin yes
StrictModes no
UsePAM yes
Subsystem sftp internal-sftp
ForceCommand internal-sftp
LogLevel ERROR
"""


@dataclass(frozen=True)
class SftpServer:
    """Its port, who signs in, the folder of keys, and one that belongs to whoever signs in."""

    port: int
    user: str
    keys: Path
    root: Path

    def host_key(self, kind="ed25519"):
        return (self.keys / f"host_{kind}.pub").read_text()

    def private_key(self):
        return (self.keys / "user").read_text()


@contextmanager
def sftp_server():
    with _sshd(None) as server:
        yield server


@contextmanager
def sftp_server_of_plain_user():
    """The server itself runs without rights; only root can start it as someone else."""
    with _sshd("nobody" if os.geteuid() == 0 else None) as server:
        yield server


@contextmanager
def _sshd(user):
    program = shutil.which("sshd", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if program is None:
        pytest.skip("sshd is missing: apt-get install --no-install-recommends openssh-server")
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="centaure-sshd-") as folder:
        keys, root = Path(folder) / "keys", Path(folder) / "root"
        Path(folder).chmod(0o755)
        keys.mkdir()
        root.mkdir()
        _make_keys(keys)
        port = _free_port()
        (keys / "config").write_text(_CONFIG.format(port=port, keys=keys))
        if user:
            subprocess.run(["chown", "-R", user, str(folder)], check=True, timeout=10)
        with (keys.parent / "log").open("wb") as log:
            process = subprocess.Popen(
                [program, "-D", "-e", "-f", str(keys / "config")],
                stdin=subprocess.DEVNULL,
                stderr=log,
                user=user,
            )
        try:
            _wait_for(port, process, keys.parent / "log")
            yield SftpServer(port, user or pwd.getpwuid(os.geteuid()).pw_name, keys, root)
        finally:
            process.terminate()
            process.wait(timeout=10)


def _make_keys(keys):
    for name, kind in (("host_ed25519", "ed25519"), ("host_rsa", "rsa"), ("user", "ed25519")):
        command = ["ssh-keygen", "-q", "-t", kind, "-N", "", "-f", str(keys / name)]
        subprocess.run(command, check=True, timeout=60)
    (keys / "user.pub").rename(keys / "authorized")


def _free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def _wait_for(port, process, log):
    for _ in range(100):
        if process.poll() is not None:
            break
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError(f"sshd did not start: {log.read_text()}")

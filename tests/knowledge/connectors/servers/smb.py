"""A share as Samba's smbd serves it, in the foreground, with a configuration and passwords of its own."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from knowledge.connectors.servers.smb_accounts import Accounts

PASSWORD = "the-password-of-the-reader"
_CONFIG = """
[global]
server role = standalone server
workgroup = TEST
smb ports = {port}
interfaces = 127.0.0.1
bind interfaces only = yes
disable netbios = yes
private dir = {folder}/private
lock directory = {folder}/lock
state directory = {folder}/state
cache directory = {folder}/cache
pid directory = {folder}/pid
ncalrpc dir = {folder}/ncalrpc
usershare path =
log file = {folder}/log
log level = 1
passdb backend = tdbsam:{folder}/private/passdb.tdb
map to guest = never
load printers = no
printcap name = /dev/null
server smb encrypt = {encrypt}
unix charset = UTF-8
server min protocol = SMB2

[documents]
path = {root}
read only = {read_only}
{more}

[closed]
path = {root}
valid users = nobody
"""

_LISTS = """
vfs objects = acl_xattr
acl_xattr:ignore system acls = yes
acl_xattr:default acl style = everyone
acl_xattr:security_acl_name = user.NTACL
"""


@dataclass(frozen=True)
class SmbServer:
    """Its port, who signs in, and the folder that it shares as `documents`."""

    port: int
    user: str
    root: Path
    accounts: Accounts | None = None


@contextmanager
def smb_server():
    with _smbd("desired") as server:
        yield server


@contextmanager
def smb_server_in_clear():
    with _smbd("off") as server:
        yield server


@contextmanager
def smb_server_with_people():
    with _smbd("desired", with_people=True) as server:
        yield server


@contextmanager
def smb_domain_server():
    """One that keeps the accounts of a domain, and shares nothing that matters."""
    with _smbd("desired", with_people=True) as server:
        yield server


@contextmanager
def smb_server_with_lists():
    """One that keeps lists of Windows rights, in attributes of their own."""
    with _smbd("desired", with_people=True, with_lists=True) as server:
        yield server


def keeps_windows_lists():
    """Whether the module of Samba is installed that keeps lists of Windows rights."""
    folders = ("lib/samba/vfs", "lib/*/samba/vfs", "lib64/samba/vfs")
    return any([*Path("/usr").glob(f"{folder}/acl_xattr.so")] for folder in folders)


@contextmanager
def _smbd(encrypt, *, with_people=False, with_lists=False):
    path = f"{os.environ.get('PATH', '')}:/usr/sbin"
    program, passwords = shutil.which("smbd", path=path), shutil.which("pdbedit", path=path)
    if program is None or passwords is None:
        pytest.skip("smbd is missing: apt-get install --no-install-recommends samba")
    user = pwd.getpwuid(os.geteuid()).pw_name
    with tempfile.TemporaryDirectory(prefix="centaure-smbd-") as made:
        folder = Path(made)
        for name in ("private", "lock", "state", "cache", "pid", "ncalrpc", "root"):
            (folder / name).mkdir()
        port = _free_port()
        config = folder / "smb.conf"
        config.write_text(
            _CONFIG.format(
                port=port,
                folder=folder,
                root=folder / "root",
                encrypt=encrypt,
                read_only="no" if with_lists else "yes",
                more=_LISTS if with_lists else "",
            )
        )
        subprocess.run(
            [passwords, "-s", str(config), "-a", "-t", "-u", user],
            input=f"{PASSWORD}\n{PASSWORD}\n".encode(),
            check=True,
            capture_output=True,
            timeout=30,
        )
        accounts = None
        if with_people:
            accounts = Accounts(config, user)
            accounts.add_people()
        process = subprocess.Popen(
            [program, "--foreground", "--no-process-group", "-s", str(config)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            _wait_for(port, process, folder)
            yield SmbServer(port, user, folder / "root", accounts)
        finally:
            process.terminate()
            process.wait(timeout=15)
            _stop_helper(folder / "pid" / "samba-dcerpcd.pid")


def _stop_helper(told):
    """Stop the program that smbd started to answer remote calls; it would stay for a while."""
    with suppress(FileNotFoundError, ProcessLookupError):
        os.kill(int(told.read_text()), signal.SIGTERM)


def _free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def _wait_for(port, process, folder):
    for _ in range(200):
        if process.poll() is not None:
            break
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    logs = "\n".join(file.read_text(errors="replace") for file in folder.glob("log*"))
    raise AssertionError(f"smbd did not start: {logs}")

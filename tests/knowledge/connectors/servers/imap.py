"""Dovecot, Debian's IMAP server, in the foreground with a configuration of its own."""

import grp
import ipaddress
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

PASSWORD = "correct-horse-battery-staple"
_INSTALL = "apt-get install --no-install-recommends dovecot-imapd"
_STARTS_WITHIN_S = 20

_CONFIGURATION = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
mail_location = maildir:{folder}/mail/%u:LAYOUT=fs
auth_mechanisms = plain
auth_failure_delay = 0
disable_plaintext_auth = no
ssl = yes
ssl_cert = <{folder}/certificate.pem
ssl_key = <{folder}/key.pem
first_valid_uid = 0
first_valid_gid = 0
default_login_user = {login}
default_internal_user = {internal}
default_internal_group = {group}
mail_max_userip_connections = 100
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/homes/%u
}}
protocol imap {{
  mail_plugins = {mail_plugins}
}}
plugin {{
  acl = vfile
  acl_anyone = allow
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {plain}
  }}
  inet_listener imaps {{
    port = {tls}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
namespace inbox {{
  inbox = yes
  separator = /
  mailbox Trash {{
    special_use = \\Trash
  }}
  mailbox Junk {{
    special_use = \\Junk
  }}
  mailbox Drafts {{
    special_use = \\Drafts
  }}
}}
"""

_PUBLIC = """
namespace public {{
  type = public
  separator = /
  prefix = Public/
  location = maildir:{folder}/mail/public:LAYOUT=fs
}}
"""


@dataclass(frozen=True)
class ImapServer:
    plain: int
    tls: int
    ca_file: str
    folder: Path


def _free_ports(number):
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(number)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def write_certificate(folder):
    """A certificate for 127.0.0.1, signed by its own key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "tests")])
    address = x509.SubjectAlternativeName(
        [x509.IPAddress(ipaddress.ip_address("127.0.0.1")), x509.DNSName("localhost")]
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=2))
        .add_extension(address, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "certificate.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )


def _names():
    """Users that Dovecot's processes run as: its own where we are root, else we."""
    me = pwd.getpwuid(os.getuid()).pw_name
    if os.getuid() != 0:
        return me, me
    return "dovenull", "dovecot"


@contextmanager
def imap_server(*, mail_plugins="acl imap_acl", public=False):
    """A server whose users all have the same password.

    Args:
        mail_plugins: `acl` keeps access control lists, `imap_acl` tells them.
        public: whether there are folders, below mail/public, that belong to no user.
    """
    program = shutil.which("dovecot", path=f"{os.environ['PATH']}:/usr/sbin")
    if program is None:
        pytest.skip(f"needs dovecot: {_INSTALL}")
    # Dovecot's own paths of sockets are short, and its users must reach them.
    with tempfile.TemporaryDirectory(prefix="imap-", dir="/tmp") as name:
        folder = Path(name)
        folder.chmod(0o755)
        plain, tls = _free_ports(2)
        write_certificate(folder)
        login, internal = _names()
        owner = pwd.getpwnam("nobody") if os.getuid() == 0 else pwd.getpwuid(os.getuid())
        for each in ("run", "state", "mail", "homes"):
            (folder / each).mkdir()
        for each in ("mail", "homes"):
            os.chown(folder / each, owner.pw_uid, owner.pw_gid)
        configuration = folder / "dovecot.conf"
        configuration.write_text(
            (_CONFIGURATION + (_PUBLIC if public else "")).format(
                folder=folder,
                plain=plain,
                tls=tls,
                login=login,
                internal=internal,
                group=_group(internal),
                uid=owner.pw_uid,
                gid=owner.pw_gid,
                mail_plugins=mail_plugins,
                password=PASSWORD,
            )
        )
        process = subprocess.Popen([program, "-F", "-c", str(configuration)])
        try:
            _wait(process, plain, folder / "log")
            yield ImapServer(plain, tls, str(folder / "certificate.pem"), folder)
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(10)


def _group(user):
    return grp.getgrgid(pwd.getpwnam(user).pw_gid).gr_name


def _wait(process, port, log):
    ends = time.monotonic() + _STARTS_WITHIN_S
    while time.monotonic() < ends and process.poll() is None:
        try:
            with socket.create_connection(("127.0.0.1", port), 1) as connection:
                connection.settimeout(5)
                if connection.recv(100).startswith(b"* OK"):
                    return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"dovecot did not start: {log.read_text() if log.exists() else ''}")

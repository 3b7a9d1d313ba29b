"""A folder that OpenSSH serves, the server running as this user and as one without rights."""

import itertools
from contextlib import contextmanager
from urllib.parse import quote

from pydantic import SecretStr

from centaure.knowledge.connectors.conformance import (
    BYTES,
    CHANGE,
    MOVE,
    REMOVE,
    CannotHold,
    Place,
)
from centaure.knowledge.connectors.files.sftp import SftpConnector, SftpOptions
from centaure.knowledge.connectors.names import is_ignored
from knowledge.connectors.servers.sftp import sftp_server, sftp_server_of_plain_user

_NUMBERS = itertools.count()
_WRONG = "no-one-may-see-this-secret"


class SftpPlace(Place):
    """A folder with a difficult name; files are put into it where the server keeps them.

    Versions are not claimed: SFTP tells times in seconds, and what is as new as these files has none.
    """

    capabilities = frozenset({BYTES, CHANGE, REMOVE, MOVE})
    secrets = (_WRONG,)

    def __init__(self, server):
        self.server = server
        self.name = f"100% été #{next(_NUMBERS)}"
        self.root = server.root / self.name
        self.root.mkdir()
        (server.root / "outside.txt").write_bytes(b"Outside of it.")

    def made(self, host="127.0.0.1", port=None, **options):
        given = {
            "user": self.server.user,
            "private_key": SecretStr(self.server.private_key()),
            "host_key": self.server.host_key(),
        }
        chosen = SftpOptions(**(given | options))
        address = f"sftp://{host}:{port or self.server.port}{quote(str(self.root))}"
        location = SftpConnector.normal_location(address, chosen)
        assert SftpConnector.normal_location(location, chosen) == location
        return SftpConnector.connect(location, chosen)

    def connector(self):
        return self.made()

    def connector_with_wrong_credentials(self):
        return self.made(private_key=SecretStr(""), password=SecretStr(_WRONG))

    def connector_to(self, host, port):
        return self.made(host, port)

    def write(self, path, content):
        if any(is_ignored(name) for name in path.split("/")):
            raise CannotHold
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        return path

    def remove(self, path):
        (self.root / path).unlink()

    def move(self, old, new):
        (self.root / new).parent.mkdir(parents=True, exist_ok=True)
        (self.root / old).rename(self.root / new)
        return new


@contextmanager
def sftp(started, tmp_path):
    _ = tmp_path
    yield SftpPlace(started(sftp_server))


@contextmanager
def sftp_plain_user(started, tmp_path):
    _ = tmp_path
    yield SftpPlace(started(sftp_server_of_plain_user))


PLACES = {"sftp": sftp, "sftp-plain-user": sftp_plain_user}

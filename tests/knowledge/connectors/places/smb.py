"""A folder of a share that Samba serves, encrypted and in clear."""

import itertools
from contextlib import contextmanager
from urllib.parse import quote

from pydantic import SecretStr

from centaure.knowledge.connectors.conformance import (
    BYTES,
    CHANGE,
    IDENTITY,
    MOVE,
    REMOVE,
    VERSION,
    CannotHold,
    Place,
)
from centaure.knowledge.connectors.files.smb import SmbConnector, SmbOptions
from centaure.knowledge.connectors.names import is_ignored
from knowledge.connectors.servers.smb import PASSWORD, smb_server, smb_server_in_clear

_NUMBERS = itertools.count()
_WRONG = "no-one-may-see-this-secret"


class SmbPlace(Place):
    """A folder with a difficult name; files are put into it where the server keeps them."""

    capabilities = frozenset({BYTES, CHANGE, REMOVE, MOVE, IDENTITY, VERSION})
    secrets = (PASSWORD, _WRONG)

    def __init__(self, server, encrypt):
        self.server = server
        self.encrypt = encrypt
        self.name = f"100% été #{next(_NUMBERS)}"
        self.root = server.root / self.name
        self.root.mkdir()
        (server.root / "outside.txt").write_bytes(b"Outside of it.")

    def made(self, host="127.0.0.1", port=None, share="documents", **options):
        given = {
            "user": self.server.user,
            "password": SecretStr(PASSWORD),
            "encrypt": self.encrypt,
        }
        chosen = SmbOptions(**(given | options))
        address = f"smb://{host}:{port or self.server.port}/{share}/{quote(self.name)}"
        location = SmbConnector.normal_location(address, chosen)
        assert SmbConnector.normal_location(location, chosen) == location
        return SmbConnector.connect(location, chosen)

    def connector(self):
        return self.made()

    def connector_with_wrong_credentials(self):
        return self.made(password=SecretStr(_WRONG))

    def connector_to(self, host, port):
        return self.made(host, port)

    def write(self, path, content):
        for name in path.split("/"):
            # Windows has no such names, and Samba shows others in their place.
            if is_ignored(name) or set('\\:*?"<>|') & set(name) or name[-1:] in {".", " "}:
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
def smb(started, tmp_path):
    _ = tmp_path
    yield SmbPlace(started(smb_server), encrypt=True)


@contextmanager
def smb_in_clear(started, tmp_path):
    _ = tmp_path
    yield SmbPlace(started(smb_server_in_clear), encrypt=False)


PLACES = {"smb": smb, "smb-in-clear": smb_in_clear}

"""A folder of a share that Samba serves, encrypted and in clear."""

import itertools
from contextlib import contextmanager
from typing import ClassVar
from urllib.parse import quote

from pydantic import SecretStr

from centaure.knowledge.connectors.conformance import (
    ACCESS,
    BYTES,
    CHANGE,
    GROUPS,
    HIDDEN_RIGHTS,
    IDENTITY,
    MOVE,
    REMOVE,
    SCOPES,
    VERSION,
    CannotHold,
    Place,
)
from centaure.knowledge.connectors.files.smb import SmbConnector, SmbOptions
from centaure.knowledge.connectors.names import is_ignored
from knowledge.connectors.servers.smb import (
    PASSWORD,
    smb_domain_server,
    smb_server,
    smb_server_in_clear,
    smb_server_with_people,
)
from knowledge.connectors.servers.smb_accounts import posix_list

_NUMBERS = itertools.count()
_WRONG = "no-one-may-see-this-secret"


class SmbPlace(Place):
    """A folder with a difficult name; files are put into it where the server keeps them."""

    capabilities = frozenset({BYTES, CHANGE, REMOVE, MOVE, IDENTITY, VERSION})
    secrets = (PASSWORD, _WRONG)
    options: ClassVar[dict] = {}

    def __init__(self, server, encrypt):
        self.server = server
        self.encrypt = encrypt
        self.name = f"100% été #{next(_NUMBERS)}"
        self.root = server.root / self.name
        self.root.mkdir()
        (server.root / "outside.txt").write_bytes(b"Outside of it.")

    def made(self, host="127.0.0.1", port=None, share="documents", **options):
        given = self.options | {
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


class SmbPlaceWithRights(SmbPlace):
    """One whose lists name people of a server, or of another one that keeps the accounts of a domain."""

    capabilities = SmbPlace.capabilities | {ACCESS, GROUPS, HIDDEN_RIGHTS}

    def __init__(self, server, domain=None):
        super().__init__(server, encrypt=True)
        self.options = {"rights": "place"}
        self.people = server.accounts
        self.domain = domain
        if domain is not None:
            self.people = domain.accounts
            self.options |= {"directory": f"127.0.0.1:{domain.port}"}
            self.capabilities |= {SCOPES}
        self.root.chmod(0o755)

    def write(self, path, content):
        written = super().write(path, content)
        for folder in (self.root / path).relative_to(self.root).parents:
            (self.root / folder).chmod(0o755)
        (self.root / path).chmod(0o644)
        return written

    def number(self, sid, kind="U"):
        return self.server.accounts.number(sid, kind)

    def allow(self, path, logins):
        numbers = [self.number(self.people.person(login)) for login in logins]
        posix_list(self.root / path, users=numbers)

    def close_all(self, path):
        posix_list(self.root / path)

    def allow_group(self, path, group, logins, scope=0):
        # Local groups of the file server hold people of the domain.
        keeper = self.people if scope else self.server.accounts
        sid = keeper.group(group, [self.people.person(login) for login in logins])
        posix_list(self.root / path, groups=[self.number(sid, "G")])

    def hide_rights(self, path):
        posix_list(self.root / path, shut_out=[4_000_000], other=4)


@contextmanager
def smb(started, tmp_path):
    _ = tmp_path
    yield SmbPlace(started(smb_server), encrypt=True)


@contextmanager
def smb_in_clear(started, tmp_path):
    _ = tmp_path
    yield SmbPlace(started(smb_server_in_clear), encrypt=False)


@contextmanager
def smb_with_rights(started, tmp_path):
    _ = tmp_path
    yield SmbPlaceWithRights(started(smb_server_with_people))


@contextmanager
def smb_of_a_domain(started, tmp_path):
    _ = tmp_path
    yield SmbPlaceWithRights(started(smb_server_with_people), started(smb_domain_server))


PLACES = {
    "smb": smb,
    "smb-in-clear": smb_in_clear,
    "smb-with-rights": smb_with_rights,
    "smb-of-a-domain": smb_of_a_domain,
}

"""A folder of a Nextcloud whose shares are mirrored, in the twin that Centaure ships."""

from contextlib import contextmanager
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
    VERSION,
    CannotHold,
    Place,
)
from centaure.knowledge.connectors.files.webdav import WebdavConnector, WebdavOptions
from centaure.knowledge.connectors.names import is_ignored
from centaure.knowledge.connectors.twins.nextcloud import ACCOUNT, NextcloudTwin

FOLDER = "library/100% été"
PEOPLE = ("ada", "bob", "eve")


class NextcloudPlace(Place):
    """A folder of the account `robot`."""

    capabilities = frozenset(
        {*(BYTES, CHANGE, REMOVE, MOVE, IDENTITY, VERSION), *(ACCESS, GROUPS, HIDDEN_RIGHTS)}
    )
    secrets = ("twin-password", "wrong-password")

    def __init__(self, twin):
        self._twin = twin
        for login in PEOPLE:
            twin.add_user(login, f"{login}@example.org")
        twin.make_folder(FOLDER)

    def connector(self, address="", **others):
        options = WebdavOptions(
            user=ACCOUNT,
            password=SecretStr(others.get("password", self._twin.password)),
            rights="nextcloud",
        )
        address = address or f"{self._twin.url}/{quote(FOLDER)}"
        location = WebdavConnector.normal_location(address, options)
        assert WebdavConnector.normal_location(location, options) == location
        return WebdavConnector.connect(location, options)

    def connector_with_wrong_credentials(self):
        return self.connector(password="wrong-password")

    def connector_to(self, host, port):
        return self.connector(f"http://{host}:{port}/remote.php/dav/files/{ACCOUNT}")

    def write(self, path, content):
        if any(is_ignored(name) for name in path.split("/")):
            raise CannotHold
        self._twin.write(f"{FOLDER}/{path}", content)
        return path

    def remove(self, path):
        self._twin.remove(f"{FOLDER}/{path}")

    def move(self, old, new):
        self._twin.move(f"{FOLDER}/{old}", f"{FOLDER}/{new}")
        return new

    def allow(self, path, logins):
        self.close_all(path)
        for login in logins:
            self._twin.share(f"{FOLDER}/{path}", "user", login)

    def close_all(self, path):
        self._twin.unshare_all(f"{FOLDER}/{path}")

    def allow_group(self, path, group, logins, scope=0):
        self.close_all(path)
        name = f"{group} {scope}"
        self._twin.set_group(name, logins)
        self._twin.share(f"{FOLDER}/{path}", "group", name)

    def hide_rights(self, path):
        self._twin.give(f"{FOLDER}/{path}", "bob")


@contextmanager
def nextcloud(started, tmp_path):
    _ = started, tmp_path
    with NextcloudTwin() as twin:
        yield NextcloudPlace(twin)


@contextmanager
def nextcloud_below(started, tmp_path):
    """Nextcloud in a folder of its host."""
    _ = started, tmp_path
    with NextcloudTwin("/cloud files") as twin:
        yield NextcloudPlace(twin)


PLACES = {"nextcloud": nextcloud, "nextcloud below": nextcloud_below}

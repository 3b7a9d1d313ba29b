"""A folder of a WebDAV server, over HTTP and TLS, with and without the identities that Nextcloud gives."""

import itertools
import os
import shutil
import time
from contextlib import contextmanager
from urllib.parse import quote

from pydantic import SecretStr

from centaure.kit.outbound import Outbound
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
from centaure.knowledge.connectors.files.webdav import WebdavConnector, WebdavOptions
from centaure.knowledge.connectors.names import is_ignored
from knowledge.connectors.servers.webdav import PASSWORD, USER, webdav_server, webdav_tls_server

_NUMBERS = itertools.count()
_WRONG = "no-one-may-see-this-secret"
_PROPPATCH = """<?xml version="1.0"?><propertyupdate xmlns="DAV:" xmlns:oc="http://owncloud.org/ns">
<set><prop><oc:fileid>%d</oc:fileid></prop></set></propertyupdate>"""


class WebdavPlace(Place):
    """A folder with a difficult name; files are put into it where the server keeps them."""

    capabilities = frozenset({BYTES, CHANGE, REMOVE, MOVE, VERSION})
    secrets = (PASSWORD, _WRONG)

    def __init__(self, server):
        self.server = server
        self.name = f"100% été #{next(_NUMBERS)}"
        self.root = server.root / self.name
        self.root.mkdir()
        (server.root / "outside.txt").write_bytes(b"Outside of it.")
        self.clock = itertools.count(int(time.time()) - 100)

    def made(self, address="", **options):
        given = {
            "user": USER,
            "password": SecretStr(PASSWORD),
            "ca_file": self.server.ca_file,
        }
        chosen = WebdavOptions(**(given | options))
        address = f"{address or self.server.address}/{quote(self.name)}"
        location = WebdavConnector.normal_location(address, chosen)
        assert WebdavConnector.normal_location(location, chosen) == location
        return WebdavConnector.connect(location, chosen)

    def connector(self):
        return self.made()

    def connector_with_wrong_credentials(self):
        return self.made(password=SecretStr(_WRONG))

    def connector_to(self, host, port):
        return self.made(f"http://{host}:{port}")

    def write(self, path, content):
        if any(is_ignored(name) for name in path.split("/")):
            raise CannotHold
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        # The server's ETag is made of seconds: each write is given one of its own.
        moment = next(self.clock)
        os.utime(file, (moment, moment))
        return path

    def write_all(self, contents):
        return [self.write(path, content) for path, content in contents.items()]

    def remove(self, path):
        (self.root / path).unlink()

    def move(self, old, new):
        (self.root / new).parent.mkdir(parents=True, exist_ok=True)
        shutil.move(self.root / old, self.root / new)
        return new


class IdentifiedPlace(WebdavPlace):
    """The same with an oc:fileid on each file, set and moved by WebDAV itself."""

    capabilities = WebdavPlace.capabilities | {IDENTITY}
    identities = itertools.count(1)

    def write(self, path, content):
        is_new = not (self.root / path).exists()
        written = super().write(path, content)
        if is_new:
            body = (_PROPPATCH % next(self.identities)).encode()
            self._request("PROPPATCH", path, content=body)
        return written

    def write_all(self, contents):
        return [WebdavPlace.write(self, path, content) for path, content in contents.items()]

    def move(self, old, new):
        (self.root / new).parent.mkdir(parents=True, exist_ok=True)
        self._request("MOVE", old, headers={"Destination": self._url(new)})
        return new

    def _url(self, path):
        return f"{self.server.address}/{quote(f'{self.name}/{path}')}"

    def _request(self, method, path, **arguments):
        client = Outbound(hosts=("127.0.0.1",), basic=(USER, PASSWORD))
        try:
            client.request(method, self._url(path), **arguments)
        finally:
            client.close()


@contextmanager
def webdav(started, tmp_path):
    _ = tmp_path
    yield WebdavPlace(started(webdav_server))


@contextmanager
def webdav_tls(started, tmp_path):
    _ = tmp_path
    yield WebdavPlace(started(webdav_tls_server))


@contextmanager
def webdav_identities(started, tmp_path):
    _ = tmp_path
    yield IdentifiedPlace(started(webdav_server))


PLACES = {
    "webdav": webdav,
    "webdav-tls": webdav_tls,
    "webdav-identities": webdav_identities,
}

"""A space of Confluence, in the twin that Centaure ships, as Cloud and as Data Center."""

import html
from contextlib import contextmanager

from centaure.knowledge.connectors.confluence.connector import (
    ConfluenceConnector,
    ConfluenceOptions,
)
from centaure.knowledge.connectors.confluence.paths import meaning, page_path
from centaure.knowledge.connectors.confluence.service import Content
from centaure.knowledge.connectors.conformance import (
    ACCESS,
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
from centaure.knowledge.connectors.twins.confluence import USER, ConfluenceTwin


class ConfluencePlace(Place):
    """The space HR, which these people may read; texts are pages whose titles are their paths."""

    capabilities = frozenset(
        {*(CHANGE, REMOVE, MOVE, IDENTITY, VERSION), *(ACCESS, GROUPS, HIDDEN_RIGHTS)}
    )
    secrets = ("twin-token",)

    def __init__(self, twin):
        self._twin = twin
        self._accounts = {login: twin.add_user(login) for login in ("ada", "bob", "eve")}
        for account in self._accounts.values():
            twin.let_read("HR", "user", account)

    def connector(self, url=None, token=None):
        options = ConfluenceOptions.model_validate(
            {
                "user": USER if self._twin.cloud else "",
                "token": token or self._twin.token,
                "deployment": "cloud" if self._twin.cloud else "datacenter",
                "download_hosts": "127.0.0.1",
            }
        )
        location = ConfluenceConnector.normal_location(url or self._twin.url, options)
        return ConfluenceConnector.connect(location, options)

    def connector_with_wrong_credentials(self):
        return self.connector(token="wrong-token")

    def connector_to(self, host, port):
        return self.connector(url=f"http://{host}:{port}/wiki")

    def write(self, path, content):
        if path != path.strip():
            raise CannotHold
        number = self._twin.write(path, html.escape(content.decode(), quote=False))
        return self._listed(number, path)

    def remove(self, path):
        self._twin.remove(meaning(path).id)

    def move(self, old, new):
        number = meaning(old).id
        self._twin.rename(number, new)
        return self._listed(number, new)

    def allow(self, path, logins):
        self._twin.restrict(meaning(path).id, [self._accounts[login] for login in logins])

    def close_all(self, path):
        nobody = self._twin.add_group("nobody", ())
        self._twin.restrict(meaning(path).id, (), [nobody])

    def allow_group(self, path, group, logins, scope=0):
        accounts = [self._accounts[login] for login in logins]
        number = self._twin.add_group(f"{group} {scope}", accounts)
        self._twin.restrict(meaning(path).id, (), [number])

    def hide_rights(self, path):
        self._twin.hide_restrictions(meaning(path).id)

    @staticmethod
    def _listed(number, title):
        return page_path("HR", Content(number, "page", "", title, "1", None))


@contextmanager
def cloud(started, tmp_path):
    _ = started, tmp_path
    with ConfluenceTwin() as twin:
        yield ConfluencePlace(twin)


@contextmanager
def data_center(started, tmp_path):
    _ = started, tmp_path
    with ConfluenceTwin(cloud=False) as twin:
        yield ConfluencePlace(twin)


PLACES = {"confluence cloud": cloud, "confluence data center": data_center}

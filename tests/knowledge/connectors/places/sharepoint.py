"""A SharePoint library and its rights, in the twin of Microsoft Graph that Centaure ships."""

from contextlib import contextmanager

from centaure.knowledge.connectors.conformance import (
    ACCESS,
    BYTES,
    CHANGE,
    FEED,
    GROUPS,
    HIDDEN_RIGHTS,
    IDENTITY,
    MOVE,
    REMOVE,
    VERSION,
    CannotHold,
    Place,
)
from centaure.knowledge.connectors.microsoft.connector import MicrosoftConnector
from centaure.knowledge.connectors.microsoft.options import MicrosoftOptions
from centaure.knowledge.connectors.names import is_ignored
from centaure.knowledge.connectors.twins.graph import SITE_HOST, SITE_PATH, GraphTwin, Refused


class SharePointPlace(Place):
    """One library of one site."""

    capabilities = frozenset(
        {
            *(BYTES, CHANGE, REMOVE, MOVE, IDENTITY, VERSION),
            *(FEED, ACCESS, GROUPS, HIDDEN_RIGHTS),
        }
    )
    secrets = ("twin-secret", "token-")

    def __init__(self, twin):
        self._twin = twin
        for login in ("ada", "bob", "eve"):
            twin.add_user(login)

    def connector(self, **changes):
        options = MicrosoftOptions.model_validate(
            {
                "tenant": self._twin.tenant,
                "client_id": self._twin.client_id,
                "client_secret": self._twin.client_secret,
                "graph_url": self._twin.graph_url,
                "login_url": self._twin.login_url,
                "download_hosts": "127.0.0.1",
                **changes,
            }
        )
        location = MicrosoftConnector.normal_location(f"https://{SITE_HOST}/{SITE_PATH}/", options)
        return MicrosoftConnector.connect(location, options)

    def connector_with_wrong_credentials(self):
        return self.connector(client_secret="wrong-secret")

    def connector_to(self, host, port):
        address = f"http://{host}:{port}"
        return self.connector(login_url=address, graph_url=f"{address}/v1.0")

    def write(self, path, content):
        if any(is_ignored(name) for name in path.split("/")):
            raise CannotHold
        try:
            self._twin.write(f"Documents/{path}", content)
        except Refused:
            raise CannotHold from None
        return f"Documents/{path}"

    def remove(self, path):
        self._twin.remove(path)

    def move(self, old, new):
        self._twin.move(old, f"Documents/{new}")
        return f"Documents/{new}"

    def allow(self, path, logins):
        self._twin.set_permissions(path, [self._twin.for_user(login) for login in logins])

    def close_all(self, path):
        self._twin.set_permissions(path, [])

    def allow_group(self, path, group, logins, scope=0):
        number = self._twin.add_group(f"{group} {scope}", tuple(logins))
        self._twin.set_permissions(path, [self._twin.for_group(number)])

    def hide_rights(self, path):
        self._twin.set_permissions(path, [])
        self._twin.hide_permissions(path)


@contextmanager
def sharepoint(started, tmp_path):
    _ = started, tmp_path
    with GraphTwin() as twin:
        yield SharePointPlace(twin)


PLACES = {"sharepoint": sharepoint}

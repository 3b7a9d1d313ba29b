"""What a SharePoint or OneDrive source may be told."""

import hashlib
import json
import urllib.parse
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, ConfigDict, Field, SecretStr, field_validator, model_validator

from centaure.knowledge.connectors.microsoft.rights import Login
from centaure.knowledge.connectors.port import Options

_LOCAL = frozenset({"127.0.0.1", "::1", "localhost"})


def _words(value: object) -> object:
    """Several words in one option, between commas."""
    if isinstance(value, str):
        return tuple(word.strip() for word in value.split(",") if word.strip())
    return value


class MicrosoftOptions(Options):
    """An application that the tenant registered, and how its answers are taken.

    It needs Sites.FullControl.All (or full control of the site by Sites.Selected) to read permissions, and
    User.Read.All and GroupMember.Read.All for people and groups.

    Attributes:
        tenant: its identifier or its domain.
        client_id: of the application.
        client_secret: of the application.
        certificate: instead of the secret: private key and certificate in PEM. Groups of a site (Owners,
            Members, Visitors) are only given to applications with one; without it they open nothing.
        libraries: names of those to read, between commas; all when empty.
        login: which name of a person is the login here.
        links: 'people': a link opens an item to those it names and those who used it, as in SharePoint's
            own search. 'everyone': one for the organisation opens it to all its members, and one for
            anyone to all who are signed in.
        permissions: 'unique' asks for the permissions of items that have their own, 'every' of each.
        relist_hours: everything is listed again after so many hours, whatever the feed tells.
        graph_url: of another national cloud.
        login_url: of another national cloud.
        rest_url: where the site's own service is, when not at its address.
        download_hosts: hosts, besides Microsoft's, that downloads may lead to.
    """

    # A refused option is said by its name, never with the secrets beside it.
    model_config = ConfigDict(hide_input_in_errors=True)

    tenant: Annotated[str, Field(pattern=r"^[A-Za-z0-9.-]{1,255}$")]
    client_id: Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{1,64}$")]
    client_secret: SecretStr = SecretStr("")
    certificate: SecretStr = SecretStr("")
    libraries: Annotated[tuple[str, ...], BeforeValidator(_words)] = ()
    login: Login = "userPrincipalName"
    links: Literal["people", "everyone"] = "people"
    permissions: Literal["unique", "every"] = "unique"
    relist_hours: Annotated[int, Field(ge=1, le=24 * 30)] = 24
    graph_url: str = "https://graph.microsoft.com/v1.0"
    login_url: str = "https://login.microsoftonline.com"
    rest_url: str = ""
    download_hosts: Annotated[tuple[str, ...], BeforeValidator(_words)] = ()

    @field_validator("graph_url", "login_url", "rest_url")
    @classmethod
    def _is_safe(cls, value: str) -> str:
        split = urllib.parse.urlsplit(value)
        local = split.scheme == "http" and split.hostname in _LOCAL
        if value and not ((split.scheme == "https" or local) and split.hostname):
            raise ValueError("an address must begin with https://")
        return value.rstrip("/")

    @field_validator("client_secret", "certificate")
    @classmethod
    def _is_bare(cls, value: SecretStr) -> SecretStr:
        return SecretStr(value.get_secret_value().strip())

    @model_validator(mode="after")
    def _has_a_secret(self) -> Self:
        if not (self.client_secret.get_secret_value() or self.certificate.get_secret_value()):
            raise ValueError("client_secret or certificate is needed")
        return self

    def meaning(self) -> str:
        """What decides how items come out: after it changed, an old token is of no use."""
        said = [self.libraries, self.login, self.links, self.permissions]
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:16]

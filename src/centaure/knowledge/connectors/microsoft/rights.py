"""Permissions of SharePoint and OneDrive as rights of the port, and the groups that they name.

What opens an item: permissions of people and groups, of groups of the site, and the people that a sharing
link names or who have used it. A link alone opens nothing unless the source says so: whoever does not hold
it does not find the item in SharePoint's own search either. "Everyone except external users" and "Everyone"
are groups of the directory here, with the members that the directory tells.
"""

import re
import threading
import time
import urllib.parse
from collections import deque
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from centaure.knowledge.connectors.answers import Record, moment, record, records, text
from centaure.knowledge.connectors.microsoft.client import Graph, Reply
from centaure.knowledge.connectors.port import EVERYONE, PlaceAccess, PlaceGroup, PlaceUnavailable

Login = Literal["userPrincipalName", "mail"]

MEMBERS = "entra/members"
"""Everyone of the tenant except guests."""
ALL = "entra/all"
"""Everyone of the tenant, guests included."""

_ROLES = frozenset(
    {"read", "write", "owner", "sp.full control", "sp.owner", "sp.read", "sp.contribute", "sp.edit"}
)
"""Roles that let somebody read; others, such as a view without download, open nothing."""
_IDENTIFIER = re.compile(r"[0-9A-Za-z-]{1,64}")
_PERSON = re.compile(r"i:0[#e]\.[ftw]\|membership\|([^|]{1,320})", re.IGNORECASE)
_DIRECTORY_GROUP = re.compile(
    r"c:0[to]\.c\|(?:tenant|federateddirectoryclaimprovider)\|([0-9a-f-]{36}(?:_o)?)", re.IGNORECASE
)
_EVERYONE_CLAIM = "c:0(.s|true"
_MEMBERS_CLAIM = "c:0-.f|rolemanager|spo-grid-all-users/"
_OWNERS = "_o"
_MOST_GROUPS = 20_000
_MOST_KNOWN = 100_000
_USER_FIELDS = "id,userPrincipalName,mail"
_UNREADABLE = (
    "The permissions of this item cannot be read (HTTP {status}), so nobody sees it. Give the application "
    "Sites.FullControl.All, or full control of this site with Sites.Selected."
)


@dataclass(frozen=True, slots=True)
class Settings:
    """How rights are read.

    Attributes:
        login: which name of a person is the login here.
        links_open: whether sharing links open an item to those who were never given them.
        site: the site collection's identifier, part of the names of its groups.
    """

    login: Login
    links_open: bool
    site: str


class Rights:
    """Reads permissions; shared by threads."""

    def __init__(self, graph: Graph, site_service: Graph | None, settings: Settings) -> None:
        """Asks nothing yet.

        Args:
            graph: for people and groups of the directory.
            site_service: SharePoint's own, for groups of the site; None where it cannot be asked.
            settings: how rights are read.
        """
        self._graph = graph
        self._site_service = site_service
        self._settings = settings
        self._lock = threading.Lock()
        self._logins: dict[str, str] = {}
        self._known: dict[frozenset[str], PlaceAccess] = {}

    def read(self, reply: Reply) -> PlaceAccess:
        """The rights that a reply to `…/permissions` tells; nobody's where it tells none."""
        if reply.status != 200 or not isinstance(reply.body.get("value"), list):
            return PlaceAccess.unreadable(_UNREADABLE.format(status=reply.status))
        permissions = [*records(reply.body, "value")]
        link = text(reply.body, "@odata.nextLink")
        if link:
            try:
                permissions.extend(self._graph.pages(link, "The permissions of an item"))
            except PlaceUnavailable as error:
                return PlaceAccess.unreadable(error.message)
        readers = frozenset(self._readers(permissions))
        with self._lock:
            if len(self._known) > _MOST_KNOWN:
                self._known.clear()
            return self._known.setdefault(readers, PlaceAccess((readers,)))

    def groups(self, named: Collection[str]) -> Iterator[PlaceGroup]:
        """The groups named, and those inside them; one that cannot be read is left out."""
        waiting = deque(sorted({name.removeprefix("group:") for name in named}))
        seen: set[str] = set()
        while waiting and len(seen) < _MOST_GROUPS:
            name = waiting.popleft()
            if name in seen:
                continue
            seen.add(name)
            group = self._group(name)
            if group is not None:
                waiting.extend(group.contains)
                yield group

    def _readers(self, permissions: Iterable[Record]) -> Iterator[str]:
        for permission in permissions:
            roles = permission.get("roles")
            if not isinstance(roles, list) or not _ROLES.intersection(map(_folded, roles)):  # pyright: ignore[reportUnknownArgumentType] - any list
                continue
            if _has_ended(permission):
                continue
            if "link" in permission:
                yield from self._of_link(permission)
                identities = [*records(permission, "grantedToIdentitiesV2")]
                identities = identities or [*records(permission, "grantedToIdentities")]
            else:
                identities = [record(permission, "grantedToV2") or record(permission, "grantedTo")]
            for identity in identities:
                reader = self._reader(identity)
                if reader:
                    yield reader

    def _of_link(self, permission: Record) -> Iterator[str]:
        if not self._settings.links_open or permission.get("hasPassword") is True:
            return
        scope = text(permission, "link", "scope")
        if scope == "anonymous":
            yield EVERYONE
        elif scope == "organization":
            yield f"group:{MEMBERS}"

    def _reader(self, identity: Record) -> str:
        """Whom an identity means, in the port's words; "" where nobody can be told."""
        claim = text(identity, "siteUser", "loginName").casefold()
        if claim == _EVERYONE_CLAIM:
            return f"group:{ALL}"
        if claim.startswith(_MEMBERS_CLAIM):
            return f"group:{MEMBERS}"
        if (match := _DIRECTORY_GROUP.fullmatch(claim)) is not None:
            return f"group:entra/{match[1]}"
        if group := text(identity, "group", "id"):
            return f"group:entra/{group.casefold()}" if _IDENTIFIER.fullmatch(group) else ""
        if group := text(identity, "siteGroup", "id"):
            return f"group:site/{self._settings.site}/{group}" if group.isdecimal() else ""
        login = self._login(identity, claim)
        return f"user:{login}" if login else ""

    def _login(self, identity: Record, claim: str) -> str:
        user = record(identity, "user")
        if self._settings.login == "mail":
            if mail := text(user, "email") or text(identity, "siteUser", "email"):
                return mail.casefold()
        elif name := text(user, "userPrincipalName"):
            return name.casefold()
        match = _PERSON.fullmatch(claim)
        if match is not None and self._settings.login == "userPrincipalName":
            return match[1]
        known = text(user, "id") or (match[1] if match is not None else "")
        return self._looked_up(known) if known else ""

    def _looked_up(self, user: str) -> str:
        with self._lock:
            found = self._logins.get(user)
        if found is None:
            path = f"/users/{urllib.parse.quote(user, safe='')}?$select={_USER_FIELDS}"
            reply = self._graph.get(path)
            found = text(reply.body, self._settings.login).casefold() if reply.status == 200 else ""
            with self._lock:
                if len(self._logins) > _MOST_KNOWN:
                    self._logins.clear()
                self._logins[user] = found
        return found

    def _group(self, name: str) -> PlaceGroup | None:
        try:
            if name in {MEMBERS, ALL}:
                return self._tenant(name)
            kind, _, rest = name.partition("/")
            if kind == "entra" and _IDENTIFIER.fullmatch(rest.removesuffix(_OWNERS)):
                return self._directory_group(name, rest)
            site, _, number = rest.rpartition("/")
            if kind == "site" and site == self._settings.site and number.isdecimal():
                return self._site_group(name, number)
        except _GroupUnreadable:
            pass
        return None

    def _tenant(self, name: str) -> PlaceGroup:
        wanted = "" if name == ALL else "&$filter=userType eq 'Member'"
        path = f"/users?$select={_USER_FIELDS}&$top=999{wanted}".replace(" ", "%20")
        label = "Everyone" if name == ALL else "Everyone except external users"
        return PlaceGroup(name, label, self._logins_of(path))

    def _directory_group(self, name: str, number: str) -> PlaceGroup:
        group = number.removesuffix(_OWNERS)
        reply = self._graph.get(f"/groups/{group}?$select=id,displayName")
        if reply.status != 200:
            raise _GroupUnreadable
        owners = number.endswith(_OWNERS)
        people = "owners" if owners else "transitiveMembers"
        users = self._logins_of(f"/groups/{group}/{people}?$select={_USER_FIELDS}&$top=999")
        label = text(reply.body, "displayName") or name
        return PlaceGroup(name, f"{label} (owners)" if owners else label, users)

    def _logins_of(self, path: str) -> tuple[str, ...]:
        logins: dict[str, None] = {}
        for user in self._listed(self._graph, path):
            kind = text(user, "@odata.type")
            login = text(user, self._settings.login).casefold()
            if login and kind in {"", "#microsoft.graph.user"}:
                logins[login] = None
        return tuple(logins)

    def _site_group(self, name: str, number: str) -> PlaceGroup:
        if self._site_service is None:
            raise _GroupUnreadable
        path = f"/_api/web/sitegroups/getbyid({number})"
        reply = self._site_service.get(path)
        if reply.status != 200:
            raise _GroupUnreadable
        users: dict[str, None] = {}
        contains: dict[str, None] = {}
        for member in self._listed(self._site_service, f"{path}/users"):
            reader = self._reader(
                {
                    "siteUser": {
                        "loginName": text(member, "LoginName"),
                        "email": text(member, "Email"),
                    }
                }
            )
            kind, _, value = reader.partition(":")
            if kind == "user":
                users[value] = None
            elif kind == "group":
                contains[value] = None
        return PlaceGroup(name, text(reply.body, "Title") or name, tuple(users), tuple(contains))

    def _listed(self, service: Graph, path: str) -> Iterator[Record]:
        first = service.get(path)
        if first.status != 200:
            raise _GroupUnreadable
        yield from records(first.body, "value")
        link = text(first.body, "@odata.nextLink") or text(first.body, "odata.nextLink")
        if link:
            yield from service.pages(link, "A group")


class _GroupUnreadable(Exception):
    """The service does not give a group."""


def _folded(role: object) -> str:
    return role.casefold() if isinstance(role, str) else ""


def _has_ended(permission: Record) -> bool:
    """Whether it has expired; the year 1 means that it never does."""
    written = text(permission, "expirationDateTime")
    if not written or written.startswith("0001"):
        return False
    ends = moment(written)
    return ends is None or ends < time.time()

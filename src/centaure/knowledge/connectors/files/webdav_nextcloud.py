"""Who may read an item of Nextcloud: its owner, and whom it, or a folder above it, is shared with.

Shares only ever add readers: what is shared opens with all below it, and nothing on the way closes it again.
So an item has one clause, and a share that is not known, or not understood, opens nothing.

Read are the properties of a PROPFIND that Nextcloud's developer manual lists (WebDAV, "Requesting
properties": `oc:fileid`, `oc:owner-id`, `nc:mount-type`), the OCS Share API (`shares` with `reshares`, which
without a path tells all shares of what the account owns) and the user provisioning API (`user`, `users/ID`,
`groups/ID/users/details` with `limit` and `offset`).

Only its owner is told of an item's shares, whoever made them. So what was shared with the account, and what
Nextcloud mounts from elsewhere, is shown to nobody. A team folder (the app groupfolders: `GET folders`, and
the properties `nc:group-folder-id` and `nc:acl-list`) opens to the groups that it is given to, unless it has
advanced permissions, which may take the right to read from anybody: then it is shown to nobody.

People read while their account is enabled; that, and who is in a group, is told to an administrator or to an
administrator of the group. Links, mail and other servers have no reader here; the members of teams (circles),
conversations and boards are not read. A share that forbids downloads gives a view of a file, not its text.
"""

import json
import time
import urllib.parse
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal, cast

from centaure.kit.errors import Refused, Unavailable
from centaure.kit.outbound import Outbound
from centaure.knowledge.connectors.answers import (
    Record,
    moment,
    number,
    parsed,
    record,
    records,
    text,
)
from centaure.knowledge.connectors.port import PlaceAccess, PlaceGroup

Login = Literal["id", "email"]

OWNCLOUD = "{http://owncloud.org/ns}"
"""Nextcloud keeps the name space of the program it came from."""
NEXTCLOUD = "{http://nextcloud.org/ns}"

_USER, _GROUP = "0", "1"
_READ = 1
_TEAM = "group"
_PAGE = 200
_MOST_GROUPS = 20_000
_MOST_MEMBERS = 100_000
_MOST_PEOPLE = 100_000
_LONGEST_S = 3600.0
"""For all that is asked about people and groups during a listing, and again for the members after it."""
_MOST_NAMED = 5
_LONGEST_KIND = 40
_LONGEST_NAME = 200
_DECLINED = frozenset({401, 403, 404})
_HEADERS = {"OCS-APIRequest": "true", "Accept": "application/json"}

_NOT_THE_OWNERS = (
    "It belongs to another account of Nextcloud, and only that one is told whom it is shared with. Read it "
    "by a source that signs in as its owner."
)
_MOUNTED = (
    "Nextcloud has it from elsewhere ({mount}), and does not tell there who reads it. Read it where it is, "
    "or by a source with a manifest."
)
_TEAM_FOLDER = (
    "It lies in a team folder of Nextcloud that has advanced permissions, which are not read, or whose "
    "groups are not told to the account of this source. Turn them off and make the account an administrator "
    "of team folders there, or read it by a source with a manifest."
)
_MIXED = "It lies in a team folder of Nextcloud, and is said not to. Check that folder there."
_NOT_TOLD = (
    "The server does not tell what its rights depend on ({property}). Check that it is a Nextcloud, at an "
    "address such as https://cloud.example.org/remote.php/dav/files/NAME."
)
_REPLACED = (
    "A folder on the way to it was replaced meanwhile. The next synchronisation looks again."
)
_UNREADABLE = (
    "Whom it is shared with cannot be read from Nextcloud ({why}). Check that file sharing is on there, and "
    "that the account of this source may use it."
)


@dataclass(frozen=True, slots=True)
class Facts:
    """What a PROPFIND tells of an item for its rights.

    Attributes:
        id: `oc:fileid`, which shares name; "" when it is not told.
        owner: `oc:owner-id`.
        mount: `nc:mount-type`: "" in the account's own storage; None when it is not told.
        team: `nc:group-folder-id`, in a team folder.
        ruled: whether there are rules in `nc:acl-list`.
    """

    id: str
    owner: str
    mount: str | None
    team: str
    ruled: bool


@dataclass(frozen=True, slots=True)
class Way:
    """An item, with all folders that lead to it.

    Attributes:
        id: of the item.
        readers: `user:LOGIN` and `group:ID` whom one of them opens it to.
        problem: why that is not known, in a sentence; nobody reads it then.
        team: the team folder that it lies in; "" in the account's own storage.
    """

    id: str
    readers: frozenset[str]
    problem: str = ""
    team: str = ""

    def access(self) -> PlaceAccess:
        """The same in the port's words."""
        if self.problem:
            return PlaceAccess.unreadable(self.problem)
        return PlaceAccess((self.readers,))


@dataclass(frozen=True, slots=True)
class _Share:
    """A share that opens something now; `kind` is 0 for a user, 1 for a group."""

    kind: str
    name: str


class NextcloudRights:
    """Reads rights during one listing, with one thread at a time."""

    def __init__(self, server: str, client: Outbound, login: Login) -> None:
        """Asks nothing yet.

        Args:
            server: address of Nextcloud itself, without a slash at its end.
            client: signs in as the account of the source.
            login: which name of a person is the login here.
        """
        self._server = server
        self._client = client
        self._login = login
        # Of the server, so that groups of two servers never meet.
        self._prefix = f"nextcloud/{server.partition('://')[2]}/"
        self._shares: dict[str, list[_Share]] = {}
        self._labels: dict[str, str] = {}
        self._own = ""
        self._logins: dict[str, str] = {}
        self._groups: dict[str, bool] = {}
        self._teams: dict[str, list[_Share]] | None = None
        self._team_readers: dict[str, frozenset[str]] = {}
        self._untold: dict[str, None] = {}
        self._lost = ""
        self._spent_s = 0.0

    def close(self) -> None:
        """Let go of connections."""
        self._client.close()

    def begin(self) -> None:
        """Forget all, and read every share that the account may know of, before a new listing."""
        self._shares, self._labels = {}, {}
        self._logins, self._groups, self._untold = {}, {}, {}
        self._teams, self._team_readers = None, {}
        self._own = self._lost = ""
        self._spent_s = 0.0
        try:
            self._own = self._account()
            self._take(self._every_share())
        except (_Declined, _Unreadable) as error:
            self._lost = _UNREADABLE.format(why=error)

    def above(self, folders: Iterable[Facts]) -> Way:
        """The way to the place itself, by the folders that it lies in."""
        login = self._logins.get(self._own)
        readers = frozenset({f"user:{login}"} if login else ())
        for folder in folders:
            readers |= self._opened(self._shares.get(folder.id, ()))
        return Way("", readers, self._lost)

    def step(self, above: Way, facts: Facts) -> Way:
        """The way to an item, by the way to the folder that it lies in."""
        problem = above.problem or self._objection(facts)
        if not problem and facts.mount:
            return self._team_way(facts)
        if above.team:
            problem = problem or _MIXED
        readers = above.readers
        if not problem and facts.id in self._shares:
            readers |= self._opened(self._shares[facts.id])
            problem = self._lost
        return Way(facts.id, frozenset() if problem else readers, problem)

    def listed(self, known: Way, facts: Facts) -> Way:
        """The way to a folder whose listing begins: it must be the one that was seen before."""
        problem = known.problem or self._objection(facts)
        if known.id != facts.id or known.team != facts.team:
            problem = problem or _REPLACED
        return replace(known, readers=frozenset(), problem=problem) if problem else known

    def groups(self, named: Collection[str]) -> Iterator[PlaceGroup]:
        """The groups named, with the members they have now; one that cannot be read is left out."""
        self._spent_s = 0.0
        names = sorted({name.removeprefix("group:") for name in named})
        for name in names[:_MOST_GROUPS]:
            group = name.removeprefix(self._prefix)
            if group == name or not _is_name(group):
                continue
            try:
                members = tuple(self._members(group))
            except _Declined:
                continue
            except _Unreadable:
                return  # the next one would be waited for as long
            yield PlaceGroup(name, self._labels.get(group) or group, members)

    def left_out(self) -> str:
        """Which shares of the listing open nothing because Nextcloud does not tell about them; "" if none."""
        if not self._untold:
            return ""
        names = [*self._untold]
        shown = ", ".join(name[:_LONGEST_NAME] for name in names[:_MOST_NAMED])
        more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
        return (
            f"What is shared with {shown}{more} is not open to them here: Nextcloud does not tell the "
            "account of this source about them. Make it an administrator there, or one of these groups."
        )

    def _account(self) -> str:
        """Who the account of the source is."""
        found = record(self._asked("ocs/v2.php/cloud/user"))
        identifier = text(found, "id")
        if not identifier:
            raise _Unreadable("it does not say who the account is")
        self._logins[identifier] = self._name(found)
        return identifier

    def _every_share(self) -> Iterator[Record]:
        """The shares of all that the account owns, whoever made them."""
        found = self._asked("ocs/v2.php/apps/files_sharing/api/v1/shares", reshares="true")
        if not isinstance(found, list):
            raise _Unreadable("its answer is no list of shares")
        return records({"shares": cast("list[object]", found)}, "shares")

    def _take(self, shares: Iterable[Record]) -> None:
        """Keep the shares that open something."""
        for share in shares:
            kind, name = text(share, "share_type"), text(share, "share_with")
            if text(share, "uid_file_owner") != self._own or not _opens(kind, share):
                continue
            item = text(share, "file_source")
            if not item.isdecimal():
                continue
            self._shares.setdefault(item, []).append(_Share(kind, name))
            if kind == _GROUP:
                self._labels[name] = text(share, "share_with_displayname")

    def _objection(self, facts: Facts) -> str:
        """Why the rights of an item cannot be known, in a sentence; "" when they may be."""
        if self._lost:
            return self._lost
        if not facts.id.isdecimal() or facts.mount is None:
            return _NOT_TOLD.format(property="oc:fileid, nc:mount-type")
        if facts.ruled:
            return _TEAM_FOLDER
        if facts.mount == _TEAM:
            return "" if facts.team.isdecimal() else _TEAM_FOLDER
        if facts.owner != self._own:
            return _NOT_THE_OWNERS
        return _MOUNTED.format(mount=facts.mount) if facts.mount else ""

    def _team_way(self, facts: Facts) -> Way:
        """The way to what lies in a team folder: it opens to the folder's groups, whatever it lies below."""
        if self._teams is None:
            self._teams = self._every_team()
        problem = ""
        if facts.team not in self._teams:
            problem = _TEAM_FOLDER
        elif facts.team not in self._team_readers:
            self._team_readers[facts.team] = self._opened(self._teams[facts.team])
            problem = self._lost
        readers = frozenset[str]() if problem else self._team_readers[facts.team]
        return Way(facts.id, readers, problem, facts.team)

    def _every_team(self) -> dict[str, list[_Share]]:
        """The groups of each team folder that has no advanced permissions."""
        try:
            found = self._asked("index.php/apps/groupfolders/folders")
        except (_Declined, _Unreadable):
            return {}
        teams: dict[str, list[_Share]] = {}
        for folder in _objects(found):
            if folder.get("acl") is not False:
                continue
            # Without the details a group cannot be told from a team (circle) of the same name.
            details = record(folder, "group_details")
            for group in details:
                permissions = number(details, group, "permissions") or 0
                if text(details, group, "type") == "group" and permissions & _READ:
                    teams.setdefault(text(folder, "id"), []).append(_Share(_GROUP, group))
                    self._labels[group] = text(details, group, "displayName")
        return teams

    def _opened(self, shares: Iterable[_Share]) -> frozenset[str]:
        """Whom shares open an item to; nobody once Nextcloud does not answer."""
        readers: set[str] = set()
        try:
            for share in shares:
                if not _is_name(share.name):
                    continue
                if share.kind == _GROUP:
                    if self._is_told(share.name):
                        readers.add(f"group:{self._prefix}{share.name}")
                elif name := self._person(share.name):
                    readers.add(f"user:{name}")
        except _Unreadable as error:
            self._lost = _UNREADABLE.format(why=error)
            return frozenset()
        return frozenset(readers)

    def _person(self, identifier: str) -> str:
        """The login of a person; "" of one who is disabled or not told about."""
        if identifier not in self._logins:
            if len(self._logins) >= _MOST_PEOPLE:
                raise _Unreadable("things are shared with more people than are read")
            login = ""
            try:
                found = record(self._asked(f"ocs/v2.php/cloud/users/{_step(identifier)}"))
            except _Declined:
                self._untold[identifier] = None
            else:
                if text(found, "id").casefold() == identifier.casefold():
                    login = self._enabled(found)
            self._logins[identifier] = login
        return self._logins[identifier]

    def _is_told(self, group: str) -> bool:
        """Whether the account may know who is in a group."""
        if group not in self._groups:
            try:
                self._users(group, limit=1, offset=0)
            except _Declined:
                self._untold[f"the group {group}"] = None
                self._groups[group] = False
            else:
                self._groups[group] = True
        return self._groups[group]

    def _members(self, group: str) -> Iterator[str]:
        """The logins of the members of a group who are enabled."""
        seen: set[str] = set()
        offset = 0
        while offset < _MOST_MEMBERS:
            page = self._users(group, limit=_PAGE, offset=offset)
            new = [user for user in page if text(user, "id") not in seen]
            # A server that knows no pages tells the same again.
            if not new:
                return
            for user in new:
                seen.add(text(user, "id"))
                if login := self._enabled(user):
                    yield login
            offset += _PAGE
        raise _Declined("a group has more members than are read")

    def _users(self, group: str, *, limit: int, offset: int) -> list[Record]:
        found = self._asked(
            f"ocs/v2.php/cloud/groups/{_step(group)}/users/details",
            limit=str(limit),
            offset=str(offset),
        )
        users = record(found).get("users")
        if not isinstance(users, (dict, list)):
            raise _Unreadable("its answer is no list of members")
        return _objects(cast("object", users))

    def _enabled(self, user: Record) -> str:
        return self._name(user) if user.get("enabled") is True else ""

    def _name(self, user: Record) -> str:
        return text(user, "email" if self._login == "email" else "id").strip().casefold()

    def _asked(self, path: str, **query: str) -> object:
        """The data of an answer in the form of OCS.

        Raises:
            _Declined: the account may not know it, or it is not there.
            _Unreadable: there is no answer, or none that can be understood.
        """
        written = urllib.parse.urlencode({**query, "format": "json"})
        url = f"{self._server}/{path}?{written}"
        if self._spent_s > _LONGEST_S:
            raise _Unreadable("it takes too long to tell about people and groups")
        began = time.monotonic()
        try:
            body = parsed(self._client.request("GET", url, headers=_HEADERS))
        except Refused as error:
            why = f"HTTP {error.status_code}"
            raise (_Declined if error.status_code in _DECLINED else _Unreadable)(why) from None
        except Unavailable as error:
            raise _Unreadable(error.message.rstrip(".")) from None
        finally:
            self._spent_s += time.monotonic() - began
        # Version 2 says 200 where version 1 says 100; both carry the refusals of version 1.
        code = number(body, "ocs", "meta", "statuscode")
        if code not in {100, 200}:
            why = "it answers without a status" if code is None else f"status {code}"
            raise (_Declined if code in {*_DECLINED, 997, 998} else _Unreadable)(why)
        return record(body, "ocs").get("data")


class _Declined(Exception):
    """Nextcloud does not give this to the account; the words say how it was said."""


class _Unreadable(Exception):
    """Nextcloud does not answer, or not so that it is understood; the words say why."""


def facts_of(found: Any) -> Facts:
    """What the properties of an item (an element `prop` of RFC 4918) say for its rights."""
    rules = found.find(f"{NEXTCLOUD}acl-list")
    mount = found.findtext(f"{NEXTCLOUD}mount-type")
    return Facts(
        (found.findtext(f"{OWNCLOUD}fileid") or "").strip(),
        (found.findtext(f"{OWNCLOUD}owner-id") or "").strip(),
        None if mount is None else mount.strip()[:_LONGEST_KIND],
        (found.findtext(f"{NEXTCLOUD}group-folder-id") or "").strip(),
        rules is not None and (len(rules) > 0 or bool((rules.text or "").strip())),
    )


def server_of(origin: str, path: str) -> tuple[str, int] | None:
    """The address of the Nextcloud that a path of WebDAV is of, and how many steps lead to an account's home.

    Args:
        origin: scheme and host.
        path: decoded, without slashes around it.
    """
    steps = path.split("/")
    for place, step in enumerate(steps):
        home = 0
        if step == "remote.php" and steps[place + 1 : place + 3] == ["dav", "files"]:
            home = place + 4
        elif step == "remote.php" and steps[place + 1 : place + 2] == ["webdav"]:
            home = place + 2
        if 0 < home <= len(steps):
            root = "".join(f"/{urllib.parse.quote(name, safe='')}" for name in steps[:place])
            return f"{origin}{root}", home
    return None


def _objects(found: object) -> list[Record]:
    """The objects of a list, or of an object that names each; PHP writes an empty one as a list."""
    values = [*cast("Record", found).values()] if isinstance(found, dict) else found
    return [*records({"all": values}, "all")]


def _opens(kind: str, share: Record) -> bool:
    """Whether a share lets a user or a group read now."""
    permissions = number(share, "permissions")
    if kind not in {_USER, _GROUP} or permissions is None or not permissions & _READ:
        return False
    return not _has_ended(share) and _lets_download(share.get("attributes"))


def _has_ended(share: Record) -> bool:
    """Whether it has expired, by UTC: a day without a time ends it as it begins."""
    if "expiration" not in share:
        return True
    written = share["expiration"]
    if written is None:
        return False
    ends = moment(written) if isinstance(written, str) else None
    return ends is None or ends <= time.time()


def _lets_download(attributes: object) -> bool:
    """Whether nothing is taken from the right to read; what cannot be understood takes it.

    Attributes are a list in JSON inside a text, of objects such as `{"scope": "permissions", "key":
    "download", "value": false}`; before Nextcloud 30 they had `enabled` in place of `value`.
    """
    if attributes is None or attributes == "":
        return True
    try:
        found = json.loads(attributes) if isinstance(attributes, str) else attributes
    except (ValueError, RecursionError):
        return False
    if not isinstance(found, list):
        return False
    for attribute in cast("list[object]", found):
        told = record(attribute)
        if not told:
            return False
        value = told.get("value", told.get("enabled"))
        if text(told, "scope") == "permissions" and value is not True:
            return False
    return True


def _is_name(name: str) -> bool:
    """Whether an identifier can be one step of an address."""
    return bool(name) and name.isprintable() and not {".", ".."}.intersection(name.split("/"))


def _step(identifier: str) -> str:
    return urllib.parse.quote(identifier, safe="")

"""A twin of Nextcloud: files over WebDAV (RFC 4918), and what its OCS API tells of shares, people and groups.

Shapes are those of Nextcloud's developer manual: the properties of a PROPFIND with `oc:` and `nc:` names, the
OCS Share API and the user provisioning API, in JSON and with the statuses of their second version, and the
list of team folders (the app groupfolders).
"""

import base64
import re
import time
import urllib.parse
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import Any, ClassVar
from xml.sax.saxutils import escape

from centaure.knowledge.connectors.twins.server import Answered, Asked, Twin, in_json

ACCOUNT = "robot"
KINDS = {
    "user": 0,
    "group": 1,
    "link": 3,
    "mail": 4,
    "remote": 6,
    "team": 7,
    "room": 10,
    "deck": 12,
}
"""Kinds of shares, by the number that the OCS Share API gives them."""

_COLLECTION = "<d:resourcetype><d:collection/></d:resourcetype>"
_MULTISTATUS = (
    '<?xml version="1.0"?>\n<d:multistatus xmlns:d="DAV:" xmlns:oc="http://owncloud.org/ns"'
    ' xmlns:nc="http://nextcloud.org/ns">%s</d:multistatus>'
)


@dataclass(slots=True)
class _Node:
    """A file, or a folder where the content is None."""

    id: int
    content: bytes | None
    owner: str
    modified: float
    version: int
    mount: str = ""
    team: int = 0
    rules: str = ""


@dataclass(slots=True)
class _User:
    email: str = ""
    enabled: bool = True


@dataclass(slots=True)
class _State:
    nodes: dict[str, _Node] = field(default_factory=dict[str, _Node])
    users: dict[str, _User] = field(default_factory=dict[str, _User])
    groups: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    shares: dict[int, dict[str, Any]] = field(default_factory=dict[int, dict[str, Any]])
    teams: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])


class NextcloudTwin(Twin):
    """One server, with the files of the account `robot`.

    Attributes:
        administrator: whether the account may know of other people and of groups.
        refuse_credentials: whether every password is wrong.
        ocs_status: a status of HTTP that the OCS API answers everything with; 0 has it answer.
        asked: the paths that were asked for, in order.
        url: of the account's files, as a source's location.
    """

    def __init__(self, root: str = "") -> None:
        """Begins with no files.

        Args:
            root: where Nextcloud is below its host, such as `/nextcloud`.
        """
        super().__init__()
        self.administrator = True
        self.refuse_credentials = False
        self.ocs_status = 0
        self.asked: list[str] = []
        self.password = "twin-password"  # noqa: S105 - of a twin on this machine
        self._numbers = 100
        self._state = _State()
        self._root = urllib.parse.quote(root)
        self._home = f"{self._root}/remote.php/dav/files/{ACCOUNT}"
        self._server = self.serve(self._answer)
        self.url = f"{self._server.url}{self._home}"
        self.add_user(ACCOUNT, "robot@example.org")
        self._state.nodes[""] = self._node(None)

    # What a test changes.

    def add_user(self, identifier: str, email: str = "") -> None:
        """A person."""
        with self.lock:
            self._state.users[identifier] = _User(email)

    def disable(self, identifier: str) -> None:
        """Have a person sign in no more."""
        with self.lock:
            self._state.users[identifier].enabled = False

    def set_group(self, name: str, members: Sequence[str]) -> None:
        """A group with exactly these members."""
        with self.lock:
            self._state.groups[name] = [*members]

    def write(self, path: str, content: bytes) -> None:
        """Write a file, and the folders that it lies in."""
        with self.lock:
            self._make_folders(path)
            known = self._state.nodes.get(path)
            node = self._node(content)
            if known is not None:
                node.id, node.owner = known.id, known.owner
            self._state.nodes[path] = node

    def make_folder(self, path: str) -> None:
        """Make a folder, and those that it lies in."""
        with self.lock:
            self._make_folders(f"{path}/")

    def remove(self, path: str) -> None:
        """Remove a file, or a folder with all below it."""
        with self.lock:
            for known in self._below(path):
                del self._state.nodes[known]

    def move(self, old: str, new: str) -> None:
        """Move a file or a folder, which keeps its number."""
        with self.lock:
            self._make_folders(new)
            for known in self._below(old):
                self._state.nodes[new + known[len(old) :]] = self._state.nodes.pop(known)

    def give(self, path: str, owner: str) -> None:
        """Let something belong to another account, that shares it with this one."""
        with self.lock:
            for known in self._below(path):
                self._state.nodes[known].owner = owner
                self._state.nodes[known].mount = "shared"

    def mount(self, path: str, kind: str) -> None:
        """Have something come from elsewhere, such as from an 'external' storage."""
        with self.lock:
            for known in self._below(path):
                self._state.nodes[known].mount = kind

    def team_folder(self, path: str, groups: Sequence[str], **others: Any) -> int:
        """Make a folder a team folder of groups; gives its number.

        Args:
            path: of the folder.
            groups: whom it is given to, with all permissions.
            others: what the list of team folders tells otherwise than usual, such as `acl`.
        """
        with self.lock:
            number = self._number()
            self.mount(path, "group")
            for known in self._below(path):
                self._state.nodes[known].team = number
            self._state.teams[str(number)] = {
                "id": number,
                "mount_point": path,
                "quota": -3,
                "size": 0,
                "acl": False,
                "manage": [],
                "groups": dict.fromkeys(groups, 31),
                "group_details": {
                    name: {"displayName": name.title(), "permissions": 31, "type": "group"}
                    for name in groups
                },
                **others,
            }
            return number

    def rule(self, path: str, kind: str, name: str, mask: int, permissions: int) -> None:
        """Add an advanced permission, as the app for team folders writes it."""
        with self.lock:
            self._state.nodes[path].rules += (
                f"<nc:acl><nc:acl-mapping-type>{kind}</nc:acl-mapping-type>"
                f"<nc:acl-mapping-id>{escape(name)}</nc:acl-mapping-id><nc:acl-mask>{mask}</nc:acl-mask>"
                f"<nc:acl-permissions>{permissions}</nc:acl-permissions></nc:acl>"
            )

    def share(self, path: str, kind: str, name: str, **others: Any) -> int:
        """Share a file or a folder; gives the number of the share.

        Args:
            path: of what is shared.
            kind: one of `KINDS`.
            name: of whom it is shared with.
            others: fields of the share that are otherwise than usual, such as `permissions`.
        """
        with self.lock:
            number = self._number()
            node = self._state.nodes[path]
            self._state.shares[number] = {
                "id": str(number),
                "share_type": KINDS[kind],
                "uid_owner": ACCOUNT,
                "uid_file_owner": node.owner,
                "displayname_owner": ACCOUNT.title(),
                "permissions": 19,
                "stime": int(time.time()),
                "parent": None,
                "expiration": None,
                "token": "token" if kind == "link" else None,
                "attributes": None,
                "path": f"/{path}",
                "item_type": "folder" if node.content is None else "file",
                "item_source": node.id,
                "file_source": node.id,
                "file_target": f"/{path.rsplit('/', maxsplit=1)[-1]}",
                "share_with": name,
                "share_with_displayname": name.title(),
                "hide_download": 0,
                **others,
            }
            return number

    def unshare(self, number: int) -> None:
        """Take a share back, which changes nothing of the file."""
        with self.lock:
            del self._state.shares[number]

    def unshare_all(self, path: str) -> None:
        """Take back every share of one file or folder."""
        with self.lock:
            item = self._state.nodes[path].id
            kept = self._state.shares.items()
            self._state.shares = {key: share for key, share in kept if share["file_source"] != item}

    def _number(self) -> int:
        self._numbers += 1
        return self._numbers

    def _node(self, content: bytes | None) -> _Node:
        return _Node(self._number(), content, ACCOUNT, time.time(), self._number())

    def _make_folders(self, path: str) -> None:
        steps = path.split("/")[:-1]
        for end in range(1, len(steps) + 1):
            self._state.nodes.setdefault("/".join(steps[:end]), self._node(None))

    def _below(self, path: str) -> list[str]:
        return [known for known in self._state.nodes if f"{known}/".startswith(f"{path}/")]

    # What is answered.

    def _answer(self, asked: Asked) -> Answered:
        if (wait := self.throttled()) is not None:
            return wait
        with self.lock:
            self.asked.append(asked.path)
            if not self._is_known(asked.headers.get("authorization", "")):
                return Answered(401, b"", {"WWW-Authenticate": "Basic"})
            if asked.path == self._home or asked.path.startswith(f"{self._home}/"):
                return self._file(asked)
            path = asked.path.removeprefix(f"{self._root}/")
            if path != asked.path or not self._root:
                return self._ocs(asked, path.lstrip("/"))
            return Answered(404)

    def _is_known(self, authorization: str) -> bool:
        basic = base64.b64encode(f"{ACCOUNT}:{self.password}".encode()).decode()
        return not self.refuse_credentials and authorization == f"Basic {basic}"

    def _file(self, asked: Asked) -> Answered:
        path = urllib.parse.unquote(asked.path.removeprefix(self._home)).strip("/")
        node = self._state.nodes.get(path)
        if node is None:
            return Answered(404)
        if asked.method == "PROPFIND":
            return self._found(path, node, asked.headers.get("depth", "1"))
        if asked.method != "GET" or node.content is None:
            return Answered(405)
        return Answered(200, node.content, {"ETag": f'"{node.version:x}"'})

    def _found(self, path: str, node: _Node, depth: str) -> Answered:
        found = {path: node}
        if depth == "1" and node.content is None:
            found |= {
                known: inner
                for known, inner in self._state.nodes.items()
                if known and known.rpartition("/")[0] == path
            }
        body = "".join(self._response(known, inner) for known, inner in found.items())
        headers = {"Content-Type": "application/xml; charset=utf-8"}
        return Answered(207, (_MULTISTATUS % body).encode(), headers)

    def _response(self, path: str, node: _Node) -> str:
        whole = f"{self._home}/{urllib.parse.quote(path)}".rstrip("/")
        is_folder = node.content is None
        size = (
            ""
            if is_folder
            else f"<d:getcontentlength>{len(node.content or b'')}</d:getcontentlength>"
        )
        told = (
            f"{_COLLECTION if is_folder else '<d:resourcetype/>'}{size}"
            f"<d:getlastmodified>{formatdate(node.modified, usegmt=True)}</d:getlastmodified>"
            f"<d:getetag>&quot;{node.version:x}&quot;</d:getetag><oc:fileid>{node.id}</oc:fileid>"
            f"<oc:owner-id>{escape(node.owner)}</oc:owner-id><nc:mount-type>{node.mount}</nc:mount-type>"
        )
        missing = "<d:getcontentlength/>" if is_folder else ""
        if node.mount == "group" or node.rules:
            told += f"<nc:acl-list>{node.rules}</nc:acl-list>"
            told += f"<nc:group-folder-id>{node.team or ''}</nc:group-folder-id>"
        else:
            missing += "<nc:acl-list/><nc:group-folder-id/>"
        href = f"{escape(whole)}{'/' if is_folder else ''}"
        return (
            f"<d:response><d:href>{href}</d:href><d:propstat><d:prop>{told}"
            "</d:prop><d:status>HTTP/1.1 200 OK</d:status></d:propstat><d:propstat><d:prop>"
            f"{missing}</d:prop><d:status>HTTP/1.1 404 Not Found</d:status></d:propstat></d:response>"
        )

    def _ocs(self, asked: Asked, path: str) -> Answered:
        if asked.headers.get("ocs-apirequest") != "true" or asked.query.get("format") != "json":
            return _told(None, 412, "CSRF check failed")
        if self.ocs_status:
            return _told(None, self.ocs_status, "Fault")
        for pattern, answer in self._OCS:
            if (match := re.fullmatch(pattern, path)) is not None:
                return answer(self, asked, *map(urllib.parse.unquote, match.groups()))
        return _told(None, 404, "Invalid query", 998)

    def _account(self, asked: Asked) -> Answered:
        _ = asked
        return _told(self._person(ACCOUNT))

    def _user(self, asked: Asked, identifier: str) -> Answered:
        _ = asked
        if identifier not in self._state.users or not self._may_know(identifier):
            return _told(None, 404, "", 998)
        return _told(self._person(identifier))

    def _members(self, asked: Asked, name: str) -> Answered:
        if name not in self._state.groups:
            return _told(None, 404, "The requested group could not be found")
        if not self.administrator:
            return _told(None, 403, "")
        start = int(asked.query.get("offset", 0))
        end = start + int(asked.query.get("limit", len(self._state.groups[name])))
        page = self._state.groups[name][start:end]
        users = {identifier: self._person(identifier) for identifier in page}
        # As PHP writes it: an array with nothing in it is a list.
        return _told({"users": users or []})

    def _shares(self, asked: Asked) -> Answered:
        reshares = asked.query.get("reshares") == "true"
        return _told(
            [
                share
                for share in self._state.shares.values()
                if share["uid_owner"] == ACCOUNT
                or (reshares and share["uid_file_owner"] == ACCOUNT)
            ]
        )

    def _team_folders(self, asked: Asked) -> Answered:
        _ = asked
        known = self._state.teams if self.administrator else {}
        return _told(known, code=100)

    def _may_know(self, identifier: str) -> bool:
        return self.administrator or identifier == ACCOUNT

    def _person(self, identifier: str) -> dict[str, Any]:
        user = self._state.users[identifier]
        found: dict[str, Any] = {"enabled": user.enabled} if self.administrator else {}
        return {
            **found,
            "id": identifier,
            "email": user.email or None,
            "displayname": identifier.title(),
            "groups": [
                name for name, members in self._state.groups.items() if identifier in members
            ],
        }

    _OCS: ClassVar[tuple[tuple[str, Callable[..., Answered]], ...]] = (
        (r"ocs/v2\.php/cloud/user", _account),
        (r"ocs/v2\.php/cloud/users/([^/]+)", _user),
        (r"ocs/v2\.php/cloud/groups/([^/]+)/users/details", _members),
        (r"ocs/v2\.php/apps/files_sharing/api/v1/shares", _shares),
        (r"index\.php/apps/groupfolders/folders", _team_folders),
    )


def _told(data: Any, status: int = 200, message: str = "OK", code: int = 0) -> Answered:
    """An answer of the second version, whose status is that of HTTP too."""
    meta = {"status": "ok" if status == 200 else "failure", "statuscode": code or status}
    return in_json({"ocs": {"meta": {**meta, "message": message}, "data": data or []}}, status)

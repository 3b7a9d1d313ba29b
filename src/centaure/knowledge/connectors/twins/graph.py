"""A twin of Microsoft Graph for one site and one OneDrive: drives, delta, permissions, groups, downloads.

Shapes and behaviours are those of Microsoft's documentation of Graph v1.0 (driveitem-delta, resources
driveItem, permission, sharePointIdentitySet, driveitem-get-content, driveitem-list-permissions,
group-list-transitivemembers, json-batching), of "Best practices for discovering files and detecting
changes at scale" for the `Prefer` headers and the `shared` facet, of the Microsoft identity platform for
client credentials (secret, and certificate assertion), and of SharePoint's REST service for `_api/web/
sitegroups`, which takes no token that was got with a secret. Known departures of the real service are kept
where they are dangerous to forget: items of a delta hold no path, and a folder whose rights changed bears no
`@microsoft.graph.sharedChanged`.
"""

import base64
import json
import re
import time
import urllib.parse
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, ClassVar

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from centaure.knowledge.connectors.twins.server import Answered, Asked, Twin, in_json

Permission = dict[str, Any]

SITE_HOST = "contoso.sharepoint.com"
SITE_PATH = "sites/hr"
SITE_COLLECTION = "aaaaaaaa-0000-0000-0000-000000000001"
_SITE_ID = f"{SITE_HOST},{SITE_COLLECTION},aaaaaaaa-0000-0000-0000-000000000002"
_TICK_S = 3
_FORBIDDEN = re.compile(r'["*:<>?/\\|\x00-\x1f]|^[ ~]|[ .]$|^\.')
_LIFETIME_S = 3600
_MOST_IN_A_BATCH = 20
_SHARING_CHANGES = "deltashowsharingchanges"
_NEEDED_WITH_IT = {"deltashowremovedasdeleted", "deltatraversepermissiongaps"}


class Refused(ValueError):
    """The service refuses this name."""


@dataclass(slots=True)
class _Node:
    id: str
    number: int
    drive: str
    parent: str
    name: str
    content: bytes | None
    created: float
    modified: float
    changed: int = 0
    revision: int = 1
    content_revision: int = 1
    deleted: bool = False
    sharing_changed: bool = False
    permissions: list[Permission] | None = None
    facets: dict[str, Any] = field(default_factory=dict[str, Any])


class GraphTwin(Twin):
    """One tenant, with the site contoso.sharepoint.com/sites/hr.

    Paths begin with a library ("Documents/folder/file.txt"), or with "onedrive:LOGIN/" for somebody's own.

    Attributes:
        page_size: items of one page of a delta.
        full_control: whether the application has Sites.FullControl.All; without it no `shared` facets.
        refuse_credentials: whether every secret is wrong.
        leaked: requests for downloads that came with an Authorization header.
        requests: how many were answered, by the last words of their paths.
    """

    tenant = "contoso.onmicrosoft.com"
    client_id = "11111111-2222-3333-4444-555555555555"

    def __init__(self, *, page_size: int = 50) -> None:
        super().__init__()
        self.page_size = page_size
        self.full_control = True
        self.refuse_credentials = False
        self.client_secret = "twin-secret"  # noqa: S105 - of a twin on this machine
        self.certificate: x509.Certificate | None = None
        self.leaked = 0
        self.requests: dict[str, int] = {}
        self._clock = time.time()
        self._sequence = 0
        self._epoch = 1
        self._numbers = 0
        self._nodes: dict[str, _Node] = {}
        self._drives: dict[str, str] = {}
        self._users: dict[str, dict[str, Any]] = {}
        self._groups: dict[str, dict[str, Any]] = {}
        self._site_groups: dict[str, dict[str, Any]] = {}
        self._hidden: set[str] = set()
        self._unreadable: set[str] = set()
        self._tokens: dict[str, str] = {}
        self._graph = self.serve(self._answer, lambda: self._clock)
        self._downloads = self.serve(self._answer_download)
        self.graph_url = f"{self._graph.url}/v1.0"
        self.login_url = self._graph.url
        self.rest_url = f"{self._graph.url}/{SITE_PATH}"
        self.add_library("Documents")

    # What a test changes.

    def add_library(self, name: str) -> None:
        """A library of the site."""
        with self.lock:
            drive = f"b!drive{len(self._drives) + 1}"
            self._drives[name] = drive
            self._make(drive, "", "root", None).permissions = []

    def rename_library(self, old: str, new: str) -> None:
        """Give a library another name."""
        with self.lock:
            self._drives[new] = self._drives.pop(old)

    def add_user(self, login: str, mail: str = "", kind: str = "Member") -> str:
        """A user of the directory; gives the identifier."""
        with self.lock:
            number = f"bbbbbbbb-0000-0000-0000-{len(self._users) + 1:012}"
            self._users[login] = {
                "@odata.type": "#microsoft.graph.user",
                "id": number,
                "displayName": login.split("@", maxsplit=1)[0].title(),
                "userPrincipalName": login,
                "mail": mail or None,
                "userType": kind,
            }
            if f"onedrive:{login}" not in self._drives:
                self.add_library(f"onedrive:{login}")
            return number

    def add_group(self, name: str, members: tuple[str, ...]) -> str:
        """A group of the directory, with the logins of its members; gives the identifier."""
        with self.lock:
            known = [key for key, group in self._groups.items() if group["displayName"] == name]
            number = known[0] if known else f"cccccccc-0000-0000-0000-{len(self._groups) + 1:012}"
            self._groups[number] = {"displayName": name, "members": members}
            return number

    def add_site_group(self, number: str, name: str, login_names: tuple[str, ...]) -> None:
        """A group of the site, with the claims of its members, such as `i:0#.f|membership|LOGIN`."""
        with self.lock:
            self._site_groups[number] = {"Title": name, "members": login_names}

    def write(self, path: str, content: bytes) -> str:
        """Write a file, and the folders that it needs; gives its identifier.

        Raises:
            Refused: SharePoint holds no such name.
        """
        with self.lock:
            drive, names = self._split(path)
            node = self._root(drive)
            for name in names[:-1]:
                node = self._child(node, name) or self._make(drive, node.id, name, None)
            found = self._child(node, names[-1])
            if found is None:
                return self._make(drive, node.id, names[-1], content).id
            found.content = content
            found.content_revision += 1
            self._touch(found)
            return found.id

    def mark(self, path: str, facet: str, value: Any) -> None:
        """Give an item a facet, such as `malware`, `remoteItem` or `package`."""
        with self.lock:
            node = self._at(path)
            node.facets[facet] = value
            self._touch(node)

    def move(self, old: str, new: str) -> None:
        """Move or rename an item within its library."""
        with self.lock:
            node = self._at(old)
            drive, names = self._split(new)
            parent = self._root(drive)
            for name in names[:-1]:
                parent = self._child(parent, name) or self._make(drive, parent.id, name, None)
            node.parent, node.name = parent.id, names[-1]
            self._touch(node)

    def remove(self, path: str) -> None:
        """Remove an item, and what is below it."""
        with self.lock:
            for node in [*self._below(self._at(path))]:
                node.deleted = True
                self._touch(node)

    def set_permissions(self, path: str, permissions: list[Permission] | None) -> None:
        """Give an item permissions of its own, instead of those above it; None to inherit again."""
        with self.lock:
            node = self._at(path)
            node.permissions = permissions
            node.sharing_changed = True
            self._touch(node)

    def add_permission(self, path: str, permission: Permission) -> None:
        """Share an item besides what it inherits."""
        with self.lock:
            self.set_permissions(path, [*self._effective(self._at(path)), permission])

    def hide_permissions(self, path: str) -> None:
        """Answer 403 when the permissions of an item are asked for."""
        with self.lock:
            self._hidden.add(self._at(path).id)

    def refuse_content(self, path: str) -> None:
        """Answer 403 when the bytes of an item are asked for."""
        with self.lock:
            self._unreadable.add(self._at(path).id)

    def expire_tokens(self) -> None:
        """Forget all delta tokens: they are answered with 410."""
        with self.lock:
            self._epoch += 1

    def revoke_sessions(self) -> None:
        """Forget all access tokens: they are answered with 401."""
        with self.lock:
            self._tokens.clear()

    def for_user(self, login: str, roles: tuple[str, ...] = ("read",)) -> Permission:
        """A permission of one person."""
        user = self._users[login]
        return {
            "id": f"u-{login}",
            "roles": list(roles),
            "grantedToV2": {
                "user": {
                    "id": user["id"],
                    "displayName": user["displayName"],
                    "email": user["mail"],
                },
                "siteUser": {
                    "id": "11",
                    "displayName": user["displayName"],
                    "loginName": f"i:0#.f|membership|{login}",
                },
            },
        }

    def for_group(self, number: str) -> Permission:
        """A permission of a group of the directory."""
        name = self._groups[number]["displayName"]
        return {
            "id": f"g-{number}",
            "roles": ["read"],
            "grantedToV2": {
                "group": {"id": number, "displayName": name},
                "siteUser": {
                    "id": "12",
                    "displayName": name,
                    "loginName": f"c:0t.c|tenant|{number}",
                },
            },
        }

    def for_site_group(self, number: str) -> Permission:
        """A permission of a group of the site."""
        name = self._site_groups[number]["Title"]
        return {
            "id": f"s-{number}",
            "roles": ["read"],
            "grantedToV2": {"siteGroup": {"id": number, "displayName": name, "loginName": name}},
        }

    def for_link(self, scope: str, people: tuple[str, ...] = ()) -> Permission:
        """A sharing link, and who has used it or was named."""
        return {
            "id": f"l-{scope}",
            "roles": ["read"],
            "shareId": "u!aHR0cHM6",
            "hasPassword": False,
            "link": {"scope": scope, "type": "view", "webUrl": f"https://{SITE_HOST}/:t:/s/x"},
            "grantedToIdentitiesV2": [self.for_user(login)["grantedToV2"] for login in people],
        }

    # The state.

    def _now(self) -> float:
        self._clock = max(self._clock + _TICK_S, time.time())
        return self._clock

    def _make(self, drive: str, parent: str, name: str, content: bytes | None) -> _Node:
        if parent and _FORBIDDEN.search(name):
            raise Refused(name)
        self._numbers += 1
        now = self._now()
        number = self._numbers
        node = _Node(f"01TWIN{number:026}", number, drive, parent, name, content, now, now)
        self._nodes[node.id] = node
        self._sequence += 1
        node.changed = self._sequence
        return node

    def _touch(self, node: _Node) -> None:
        self._sequence += 1
        node.changed = self._sequence
        node.revision += 1
        node.modified = self._now()

    def _split(self, path: str) -> tuple[str, list[str]]:
        library, *names = path.split("/")
        return self._drives[library], names

    def _root(self, drive: str) -> _Node:
        return next(
            node for node in self._nodes.values() if node.drive == drive and not node.parent
        )

    def _children(self, node: _Node) -> Iterator[_Node]:
        for other in self._nodes.values():
            if other.parent == node.id and not other.deleted:
                yield other

    def _child(self, node: _Node, name: str) -> _Node | None:
        found = (
            other for other in self._children(node) if other.name.casefold() == name.casefold()
        )
        return next(found, None)

    def _find(self, drive: str, names: list[str]) -> _Node | None:
        node: _Node | None = self._root(drive)
        for name in names:
            node = self._child(node, name) if node else None
        return node

    def _at(self, path: str) -> _Node:
        node = self._find(*self._split(path))
        if node is None:
            raise KeyError(path)
        return node

    def _below(self, node: _Node) -> Iterator[_Node]:
        yield node
        for child in [*self._children(node)]:
            yield from self._below(child)

    def _effective(self, node: _Node) -> list[Permission]:
        if node.permissions is not None:
            return node.permissions
        parent = self._nodes[node.parent]
        origin = {"inheritedFrom": {"driveId": node.drive, "id": parent.id}}
        return [{**permission, **origin} for permission in self._effective(parent)]

    # What is answered.

    def _answer(self, asked: Asked) -> Answered:
        if (wait := self.throttled()) is not None:
            return wait
        with self.lock:
            path = urllib.parse.unquote(asked.path)
            if asked.path == f"/{self.tenant}/oauth2/v2.0/token":
                return self._token(asked)
            kind = self._tokens.get(asked.headers.get("authorization", "").removeprefix("Bearer "))
            if path.startswith(f"/{SITE_PATH}/_api/"):
                return self._site_service(path.removeprefix(f"/{SITE_PATH}/_api/"), kind)
            if kind is None:
                return _error(401, "InvalidAuthenticationToken", "The token is not valid.")
            return self._graph_answer(asked)

    def _graph_answer(self, asked: Asked) -> Answered:
        if asked.path == "/v1.0/$batch":
            return self._batch(asked)
        # What is between two colons is a path, whose own slashes stay within it.
        path = asked.path.removeprefix("/v1.0/")
        words = path.rsplit("/", maxsplit=1)[-1]
        self.requests[words] = self.requests.get(words, 0) + 1
        for pattern, answer in self._ROUTES:
            if (match := re.fullmatch(pattern, path)) is not None:
                values = [urllib.parse.unquote(value or "") for value in match.groups()]
                return answer(self, asked, *values)
        return _not_found()

    def _token(self, asked: Asked) -> Answered:
        form = asked.form()
        with_secret = form.get("client_secret") == self.client_secret
        with_key = self._is_ours(form.get("client_assertion", ""))
        if form.get("client_id") != self.client_id or self.refuse_credentials:
            with_secret = with_key = False
        if not (with_secret or with_key):
            return in_json(
                {
                    "error": "invalid_client",
                    "error_description": "AADSTS7000215: Invalid client secret provided.",
                    "error_codes": [7000215],
                },
                401,
            )
        token = f"token-{len(self._tokens) + 1}-{self._numbers}"
        on_site = SITE_HOST in form["scope"]
        self._tokens[token] = f"{'site' if on_site else 'graph'} {'key' if with_key else 'secret'}"
        return in_json({"token_type": "Bearer", "expires_in": _LIFETIME_S, "access_token": token})

    def _is_ours(self, assertion: str) -> bool:
        parts = assertion.split(".")
        if self.certificate is None or len(parts) != 3:
            return False
        head, claims, signature = (base64.urlsafe_b64decode(f"{part}==") for part in parts)
        shown = json.loads(head).get("x5t#S256", "")
        print_of_it = self.certificate.fingerprint(hashes.SHA256())
        if base64.urlsafe_b64decode(f"{shown}==") != print_of_it:
            return False
        if json.loads(claims)["aud"] != f"{self.login_url}/{self.tenant}/oauth2/v2.0/token":
            return False
        key = self.certificate.public_key()
        if not isinstance(key, rsa.RSAPublicKey):
            return False
        try:
            key.verify(
                signature,
                f"{parts[0]}.{parts[1]}".encode(),
                padding.PSS(padding.MGF1(hashes.SHA256()), hashes.SHA256().digest_size),
                hashes.SHA256(),
            )
        except InvalidSignature:
            return False
        return True

    def _batch(self, asked: Asked) -> Answered:
        requests = json.loads(asked.body)["requests"]
        if len(requests) > _MOST_IN_A_BATCH:
            return _error(400, "BadRequest", "Number of batch request steps exceeds 20.")
        self.requests["$batch"] = self.requests.get("$batch", 0) + 1
        responses: list[dict[str, Any]] = []
        for request in requests:
            inner = Asked(request["method"], f"/v1.0{request['url']}", {}, asked.headers, b"")
            answered = self.throttled() or self._graph_answer(inner)
            responses.append(
                {
                    "id": request["id"],
                    "status": answered.status,
                    "headers": dict(answered.headers),
                    "body": json.loads(answered.body or b"{}"),
                }
            )
        return in_json({"responses": responses[::-1]})  # in no particular order, as documented

    def _site(self, asked: Asked, host: str, path: str) -> Answered:
        _ = asked
        if (host, path) != (SITE_HOST, SITE_PATH):
            return _not_found()
        url = f"https://{SITE_HOST}/{SITE_PATH}"
        return in_json({"id": _SITE_ID, "displayName": "HR", "webUrl": url})

    def _site_drives(self, asked: Asked, site: str) -> Answered:
        _ = asked
        if site != _SITE_ID:
            return _not_found()
        return in_json(
            {
                "value": [
                    {"id": drive, "name": name, "driveType": "documentLibrary"}
                    for name, drive in self._drives.items()
                    if not name.startswith("onedrive:")
                ]
            }
        )

    def _own_drive(self, asked: Asked, login: str) -> Answered:
        _ = asked
        drive = self._drives.get(f"onedrive:{login}")
        if drive is None:
            return _not_found()
        return in_json({"id": drive, "name": "OneDrive", "driveType": "business"})

    def _delta(self, asked: Asked, drive: str) -> Answered:
        prefer = {word.strip() for word in asked.headers.get("prefer", "").split(",")}
        if _SHARING_CHANGES in prefer and not prefer >= _NEEDED_WITH_IT:
            return _error(400, "invalidRequest", "Must also prefer deltashowremovedasdeleted.")
        match = re.fullmatch(r"(\d+)\.(-?\d+)\.(\d+)\.(\d+)", asked.query.get("token", ""))
        if "token" in asked.query and match is None:
            return _error(400, "invalidRequest", "The provided token is malformed.")
        epoch, since, start, after = (
            (int(value) for value in match.groups())
            if match
            else (self._epoch, -1, self._sequence, 0)
        )
        if epoch != self._epoch:
            fresh = f"{self.graph_url}/drives/{drive}/root/delta"
            return _error(410, "resyncRequired", "Resync required.", {"Location": fresh})
        return self._delta_page(drive, since, start, after, asked.headers, prefer)

    def _delta_page(  # noqa: PLR0913, PLR0917 - a page has this many coordinates
        self,
        drive: str,
        since: int,
        start: int,
        after: int,
        headers: Any,
        prefer: set[str],
    ) -> Answered:
        whole = since < 0
        nodes = [node for node in self._nodes.values() if node.drive == drive]
        if whole:
            due = sorted(
                (node for node in nodes if not node.deleted and node.number > after),
                key=lambda node: node.number,
            )
        else:
            due = sorted(
                (node for node in nodes if node.changed > max(since, after)),
                key=lambda node: node.changed,
            )
        page = due[: self.page_size]
        value = [self._item(node, prefer=prefer, in_delta=True) for node in page]
        if not whole and "deltaexcludeparent" not in headers:
            value = self._with_parents(page, prefer) + value
        if len(due) > len(page):
            last = page[-1].number if whole else page[-1].changed
            name, token = "nextLink", f"{self._epoch}.{since}.{start}.{last}"
        else:
            upto = start if whole else max([since, after, *(node.changed for node in page)])
            name, token = "deltaLink", f"{self._epoch}.{upto}.0.0"
        link = f"{self.graph_url}/drives/{drive}/root/delta?token={token}"
        return in_json({"value": value, f"@odata.{name}": link})

    def _with_parents(self, page: list[_Node], prefer: set[str]) -> list[dict[str, Any]]:
        parents: dict[str, _Node] = {}
        for node in page:
            above = self._nodes.get(node.parent)
            while above is not None:
                parents[above.id] = above
                above = self._nodes.get(above.parent)
        ordered = sorted(parents.values(), key=lambda node: node.number)
        return [self._item(node, prefer=prefer, in_delta=True) for node in ordered]

    def _item(self, node: _Node, *, prefer: set[str], in_delta: bool = False) -> dict[str, Any]:
        if node.deleted:
            return {
                "id": node.id,
                "deleted": {"state": "deleted"},
                "parentReference": {"driveId": node.drive, "id": node.parent},
                **({"folder": {"childCount": 0}} if node.content is None else {"file": {}}),
            }
        item: dict[str, Any] = {
            "id": node.id,
            "name": node.name,
            "eTag": f'"{{{node.id}}},{node.revision}"',
            "cTag": f'"c:{{{node.id}}},{node.content_revision}"',
            "createdDateTime": _written(node.created),
            "lastModifiedDateTime": _written(node.modified),
            "size": len(node.content or b""),
            "parentReference": {"driveId": node.drive, "driveType": "documentLibrary"},
            **node.facets,
        }
        if node.parent:
            item["parentReference"]["id"] = node.parent
            if not in_delta:
                item["parentReference"]["path"] = f"/drives/{node.drive}/root:/…"
        else:
            item["root"] = {}
        if node.content is None:
            if "package" not in node.facets:
                item["folder"] = {"childCount": len([*self._children(node)])}
        else:
            item["file"] = {
                "mimeType": "application/octet-stream",
                "hashes": {"quickXorHash": base64.b64encode(bytes(20)).decode()},
            }
        return self._shared(node, item, prefer)

    def _shared(self, node: _Node, item: dict[str, Any], prefer: set[str]) -> dict[str, Any]:
        hierarchical = "hierarchicalsharing" in prefer
        if self.full_control and (node.permissions is not None or not hierarchical):
            shared = any("link" in permission for permission in self._effective(node))
            item["shared"] = {"scope": "users"} if shared else {}
        if self.full_control and _SHARING_CHANGES in prefer:
            if node.sharing_changed and node.content is not None:
                item["@microsoft.graph.sharedChanged"] = "True"
            node.sharing_changed = False
        return item

    def _get_item(self, asked: Asked, drive: str, item: str) -> Answered:
        node = self._nodes.get(item)
        if node is None or node.deleted or node.drive != drive:
            return _not_found()
        return in_json(self._item(node, prefer=_prefer(asked)))

    def _get_root(self, asked: Asked, drive: str) -> Answered:
        return in_json(self._item(self._root(drive), prefer=_prefer(asked)))

    def _get_by_path(self, asked: Asked, drive: str, path: str) -> Answered:
        if drive not in self._drives.values():
            return _not_found()
        node = self._find(drive, path.split("/"))
        return in_json(self._item(node, prefer=_prefer(asked))) if node else _not_found()

    def _content(self, asked: Asked, drive: str, item: str) -> Answered:
        _ = asked
        node = self._nodes.get(item)
        if node is None or node.deleted or node.drive != drive or node.content is None:
            return _not_found()
        if item in self._unreadable:
            return _error(403, "accessDenied", "Access denied")
        return Answered(302, b"", {"Location": f"{self._downloads.url}/download/{item}?tempauth=1"})

    def _answer_download(self, asked: Asked) -> Answered:
        with self.lock:
            if "authorization" in asked.headers:
                self.leaked += 1
                return Answered(401)
            node = self._nodes.get(asked.path.rsplit("/", 1)[-1])
            if node is None or node.content is None:
                return Answered(404)
            return Answered(200, node.content, {"Content-Type": "application/octet-stream"})

    def _root_permissions(self, asked: Asked, drive: str) -> Answered:
        return self._permissions(asked, drive, self._root(drive).id)

    def _permissions(self, asked: Asked, drive: str, item: str) -> Answered:
        _ = asked
        node = self._nodes.get(item)
        if node is None or node.deleted or node.drive != drive:
            return _not_found()
        if item in self._hidden:
            return _error(403, "accessDenied", "Access denied")
        return in_json({"value": self._effective(node)})

    def _group(self, asked: Asked, number: str) -> Answered:
        _ = asked
        group = self._groups.get(number)
        if group is None:
            return _not_found()
        return in_json({"id": number, "displayName": group["displayName"]})

    def _members(self, asked: Asked, number: str) -> Answered:
        _ = asked
        group = self._groups.get(number)
        if group is None:
            return _not_found()
        devices = [{"@odata.type": "#microsoft.graph.device", "id": "a-device"}]
        return in_json({"value": [self._users[login] for login in group["members"]] + devices})

    def _user(self, asked: Asked, name: str) -> Answered:
        _ = asked
        for user in self._users.values():
            if name in {user["id"], user["userPrincipalName"]}:
                return in_json(user)
        return _not_found()

    def _all_users(self, asked: Asked) -> Answered:
        wanted = asked.query.get("$filter", "")
        return in_json(
            {
                "value": [
                    user
                    for user in self._users.values()
                    if not wanted or f"'{user['userType']}'" in wanted
                ]
            }
        )

    def _site_service(self, path: str, kind: str | None) -> Answered:
        if kind != "site key":
            return in_json({"error_description": "Unsupported app only token."}, 401)
        match = re.fullmatch(r"web/sitegroups/getbyid\((\d+)\)(/users)?", path)
        group = self._site_groups.get(match[1]) if match else None
        if match is None or group is None:
            return _not_found()
        if not match[2]:
            return in_json({"Id": int(match[1]), "Title": group["Title"]})
        members = [
            {"Id": 20 + index, "LoginName": name, "Title": name, "PrincipalType": 1}
            for index, name in enumerate(group["members"])
        ]
        return in_json({"value": members})

    _ROUTES: ClassVar[tuple[tuple[str, Callable[..., Answered]], ...]] = (
        (r"sites/([^/:]+):/([^:]+)", _site),
        (r"sites/([^/]+)/drives", _site_drives),
        (r"users/([^/]+)/drive", _own_drive),
        (r"users/([^/]+)", _user),
        (r"users", _all_users),
        (r"drives/([^/]+)/root/delta", _delta),
        (r"drives/([^/]+)/root/permissions", _root_permissions),
        (r"drives/([^/]+)/root", _get_root),
        (r"drives/([^/]+)/root:/([^:]+):?", _get_by_path),
        (r"drives/([^/]+)/items/([^/]+)/content", _content),
        (r"drives/([^/]+)/items/([^/]+)/permissions", _permissions),
        (r"drives/([^/]+)/items/([^/]+)", _get_item),
        (r"groups/([^/]+)/(?:transitiveMembers|owners)", _members),
        (r"groups/([^/]+)", _group),
    )


def _prefer(asked: Asked) -> set[str]:
    return {word.strip() for word in asked.headers.get("prefer", "").split(",")}


def _written(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _error(status: int, code: str, message: str, headers: dict[str, str] | None = None) -> Answered:
    return in_json({"error": {"code": code, "message": message}}, status, headers)


def _not_found() -> Answered:
    return _error(404, "itemNotFound", "The resource could not be found.")

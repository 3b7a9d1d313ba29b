"""A twin of Confluence, as Cloud (REST v2, with v1 where v2 has nothing) and as Data Center (REST v1).

Shapes are those of Atlassian's documentation: Cloud REST v2 (spaces, pages, blog posts, folders, attachments,
space permissions, users-bulk) with cursors in `_links.next`; Cloud REST v1 for restrictions by operation,
members of groups and downloads of attachments, which redirect to another host; and the Data Center reference
for content, restrictions, space permissions and members of groups.
"""

import base64
import json
import re
import time
import urllib.parse
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, ClassVar

from centaure.knowledge.connectors.twins.server import Answered, Asked, Twin, in_json

USER = "robot@contoso.com"
_SPACE_NUMBER = 9000


@dataclass(slots=True)
class _Attachment:
    id: str
    title: str
    content: bytes
    version: int = 1


@dataclass(slots=True)
class _Content:
    id: str
    kind: str
    space: str
    title: str
    body: str
    parent: str
    modified: float
    version: int = 1
    readers: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
    attachments: dict[str, _Attachment] = field(default_factory=dict[str, _Attachment])


class ConfluenceTwin(Twin):
    """One site, with the space `HR`.

    Attributes:
        page_size: entries of one page of a list.
        refuse_credentials: whether every token is wrong.
        leaked: downloads that came with an Authorization header.
        url: of the site, as a source's location.
    """

    def __init__(self, *, page_size: int = 25, cloud: bool = True) -> None:
        super().__init__()
        self.cloud = cloud
        self.page_size = page_size
        self.refuse_credentials = False
        self.token = "twin-token"  # noqa: S105 - of a twin on this machine
        self.leaked = 0
        self._numbers = 100
        self._spaces: dict[str, str] = {}
        self._permissions: dict[str, list[tuple[str, str]]] = {}
        self._contents: dict[str, _Content] = {}
        self._people: dict[str, dict[str, Any]] = {}
        self._groups: dict[str, tuple[str, tuple[str, ...]]] = {}
        self._hidden: set[str] = set()
        self._site = self.serve(self._answer)
        self._media = self.serve(self._answer_media)
        self._base = "/wiki" if cloud else "/confluence"
        self.url = f"{self._site.url}{self._base}"
        self.add_space("HR")

    # What a test changes.

    def add_space(self, key: str) -> None:
        """A space that nobody may read yet."""
        with self.lock:
            self._spaces[key] = str(_SPACE_NUMBER + len(self._spaces))
            self._permissions[key] = []

    def add_user(self, login: str, *, email: bool = True) -> str:
        """A person; gives the account's identifier. Without `email`, the profile hides it."""
        with self.lock:
            account = f"557058:{len(self._people) + 1:04}" if self.cloud else login
            self._people[account] = {
                "type": "known",
                "accountId": account,
                "accountType": "atlassian",
                "username": login,
                "userKey": f"key-{login}",
                "displayName": login.title(),
                "email": login if email else "",
            }
            return account

    def add_group(self, name: str, accounts: Sequence[str]) -> str:
        """A group; gives its identifier."""
        with self.lock:
            known = [key for key, (label, _) in self._groups.items() if label == name]
            number = f"dddddddd-0000-0000-0000-{len(self._groups) + 1:012}" if self.cloud else name
            number = known[0] if known else number
            self._groups[number] = (name, tuple(accounts))
            return number

    def let_read(self, space: str, kind: str, identifier: str) -> None:
        """Let a 'user', a 'group' or, in Data Center, 'anonymous' read a space."""
        with self.lock:
            self._permissions[space].append((kind, identifier))

    def close_space(self, space: str) -> None:
        """Let nobody read a space."""
        with self.lock:
            self._permissions[space].clear()

    def write(
        self, title: str, body: str, *, space: str = "HR", parent: str = "", kind: str = "page"
    ) -> str:
        """Write a page, a 'blogpost' or a 'folder', or a new version of one; gives its identifier."""
        with self.lock:
            for content in self._contents.values():
                if (content.space, content.kind, content.title) == (space, kind, title):
                    content.body = body
                    self._touch(content)
                    return content.id
            self._numbers += 1
            number = str(self._numbers)
            self._contents[number] = _Content(number, kind, space, title, body, parent, time.time())
            return number

    def rename(self, identifier: str, title: str) -> None:
        """Give a page another title, which is a new version."""
        with self.lock:
            self._contents[identifier].title = title
            self._touch(self._contents[identifier])

    def move(self, identifier: str, parent: str, space: str = "HR") -> None:
        """Move a page below another one, which is no new version."""
        with self.lock:
            self._contents[identifier].parent = parent
            self._contents[identifier].space = space

    def remove(self, identifier: str) -> None:
        """Remove a page."""
        with self.lock:
            del self._contents[identifier]

    def attach(self, identifier: str, name: str, content: bytes) -> str:
        """Attach a file to a page, or a new version of it; gives its identifier."""
        with self.lock:
            attachments = self._contents[identifier].attachments
            if name in attachments:
                attachments[name].content = content
                attachments[name].version += 1
            else:
                self._numbers += 1
                attachments[name] = _Attachment(f"att{self._numbers}", name, content)
            return attachments[name].id

    def restrict(
        self, identifier: str, accounts: Sequence[str] = (), groups: Sequence[str] = ()
    ) -> None:
        """Let only these read a page, and what is below it; no one named means no restriction."""
        with self.lock:
            self._contents[identifier].readers = (tuple(accounts), tuple(groups))

    def hide_restrictions(self, identifier: str) -> None:
        """Answer 403 when the restrictions of a page are asked for."""
        with self.lock:
            self._hidden.add(identifier)

    @staticmethod
    def _touch(content: _Content) -> None:
        content.version += 1
        content.modified = time.time()

    # What is answered.

    def _answer(self, asked: Asked) -> Answered:
        if (wait := self.throttled()) is not None:
            return wait
        with self.lock:
            if not self._is_known(asked.headers.get("authorization", "")):
                return in_json({"statusCode": 401, "message": "Unauthorized"}, 401)
            path = asked.path.removeprefix(f"{self._base}/")
            for pattern, answer in self._CLOUD if self.cloud else self._DATA_CENTER:
                if (match := re.fullmatch(pattern, path)) is not None:
                    values = [urllib.parse.unquote(value or "") for value in match.groups()]
                    return answer(self, asked, *values)
            return _not_found()

    def _is_known(self, authorization: str) -> bool:
        if self.refuse_credentials:
            return False
        basic = base64.b64encode(f"{USER}:{self.token}".encode()).decode()
        return authorization in {f"Basic {basic}", f"Bearer {self.token}"}

    def _current(self, asked: Asked) -> Answered:
        _ = asked
        return in_json({"type": "known", "accountId": "557058:robot", "displayName": "Robot"})

    def _page(self, asked: Asked, entries: Sequence[Any]) -> Answered:
        start = int(asked.query.get("cursor") or asked.query.get("start") or 0)
        page = entries[start : start + self.page_size]
        links: dict[str, str] = {"base": self.url}
        if start + len(page) < len(entries):
            name = "cursor" if "/api/v2/" in asked.path else "start"
            query = {**asked.query, name: str(start + len(page))}
            path = asked.path if name == "cursor" else asked.path.removeprefix(self._base)
            links["next"] = f"{path}?{urllib.parse.urlencode(query)}"
        return in_json(
            {
                "results": page,
                "start": start,
                "limit": self.page_size,
                "size": len(page),
                "_links": links,
            }
        )

    def _list_spaces(self, asked: Asked) -> Answered:
        wanted = asked.query.get("keys", "")
        return self._page(
            asked,
            [
                {"id": number, "key": key, "name": key, "type": "global", "status": "current"}
                for key, number in self._spaces.items()
                if not wanted or key in wanted.split(",")
            ],
        )

    def _key(self, number: str) -> str:
        return next((key for key, value in self._spaces.items() if value == number), "")

    def _list_permissions(self, asked: Asked, number: str) -> Answered:
        entries = [
            {
                "id": f"{number}-{index}",
                "principal": {"type": kind, "id": identifier},
                "operation": {"key": key, "targetType": "space"},
            }
            for index, (kind, identifier) in enumerate(self._permissions.get(self._key(number), []))
            for key in ("read", "export")
        ]
        others = {
            "id": "other",
            "principal": {"type": "user", "id": "557058:editor"},
            "operation": {"key": "create", "targetType": "page"},
        }
        return self._page(asked, [*entries, others])

    def _list_contents(self, asked: Asked, number: str, kinds: str) -> Answered:
        kind = {"pages": "page", "blogposts": "blogpost"}[kinds]
        key = self._key(number)
        return self._page(
            asked,
            [
                self._v2(content)
                for content in self._contents.values()
                if content.space == key and content.kind == kind
            ],
        )

    def _v2(self, content: _Content) -> dict[str, Any]:
        parent = self._contents.get(content.parent)
        return {
            "id": content.id,
            "status": "current",
            "title": content.title,
            "spaceId": self._spaces[content.space],
            "parentId": content.parent or None,
            "parentType": parent.kind if parent else None,
            "version": {"number": content.version, "createdAt": _written(content.modified)},
        }

    def _one_content(self, asked: Asked, kinds: str, identifier: str) -> Answered:
        content = self._contents.get(identifier)
        if content is None or f"{content.kind}s" != kinds:
            return _not_found()
        found = self._v2(content)
        form = asked.query.get("body-format")
        if form == "storage":
            found["body"] = {form: {"representation": form, "value": content.body}}
        return in_json(found)

    def _list_attachments(self, asked: Asked, kinds: str, identifier: str) -> Answered:
        _ = kinds
        content = self._contents.get(identifier)
        if content is None:
            return _not_found()
        return self._page(
            asked,
            [
                {
                    "id": attachment.id,
                    "status": "current",
                    "title": attachment.title,
                    "pageId": identifier,
                    "mediaType": "application/octet-stream",
                    "fileSize": len(attachment.content),
                    "version": {
                        "number": attachment.version,
                        "createdAt": _written(content.modified),
                    },
                    "downloadLink": f"/download/attachments/{identifier}/x",
                }
                for attachment in content.attachments.values()
            ],
        )

    def _bulk(self, asked: Asked) -> Answered:
        wanted = json.loads(asked.body)["accountIds"]
        return in_json(
            {"results": [self._people[account] for account in wanted if account in self._people]}
        )

    def _restriction(self, asked: Asked, identifier: str) -> Answered:
        content = self._contents.get(identifier)
        if content is None:
            return _not_found()
        if identifier in self._hidden:
            return in_json({"statusCode": 403, "message": "Forbidden"}, 403)
        accounts, groups = content.readers
        start = int(asked.query.get("start") or 0)
        limit = min(int(asked.query.get("limit") or 100), self.page_size)

        def part(entries: list[dict[str, Any]]) -> dict[str, Any]:
            page = entries[start : start + limit]
            return {"results": page, "start": start, "limit": limit, "size": len(page)}

        return in_json(
            {
                "operation": "read",
                "restrictions": {
                    "user": part([self._people[account] for account in accounts]),
                    "group": part([self._group_entry(number) for number in groups]),
                },
            }
        )

    def _group_entry(self, number: str) -> dict[str, Any]:
        name = self._groups[number][0]
        return {"type": "group", "name": name, **({"id": number} if self.cloud else {})}

    def _group(self, asked: Asked, name: str = "") -> Answered:
        number = name or asked.query.get("id", "")
        return in_json(self._group_entry(number)) if number in self._groups else _not_found()

    def _members(self, asked: Asked, number: str) -> Answered:
        if number not in self._groups:
            return _not_found()
        return self._page(asked, [self._people[account] for account in self._groups[number][1]])

    def _download(self, asked: Asked, page: str, attachment: str) -> Answered:
        _ = asked
        if self._attachment(page, attachment) is None:
            return _not_found()
        return Answered(
            302, b"", {"Location": f"{self._media.url}/file/{page}/{attachment}/binary"}
        )

    def _attachment(self, page: str, identifier: str) -> _Attachment | None:
        content = self._contents.get(page)
        found = content.attachments.values() if content else ()
        return next((attachment for attachment in found if attachment.id == identifier), None)

    def _answer_media(self, asked: Asked) -> Answered:
        with self.lock:
            if "authorization" in asked.headers:
                self.leaked += 1
                return Answered(403)
            _, _, page, identifier, _ = asked.path.split("/")
            attachment = self._attachment(page, identifier)
            return Answered(200, attachment.content) if attachment else Answered(404)

    # Data Center.

    def _v1_spaces(self, asked: Asked) -> Answered:
        wanted = asked.query.get("spaceKey", "")
        return self._page(
            asked,
            [
                {"id": int(number), "key": key, "name": key, "type": "global"}
                for key, number in self._spaces.items()
                if not wanted or key == wanted
            ],
        )

    def _v1_permissions(self, asked: Asked, key: str) -> Answered:
        _ = asked
        permissions: list[dict[str, Any]] = []
        for kind, identifier in self._permissions.get(key, []):
            subject: dict[str, Any] = {"type": kind, "displayName": identifier}
            if kind == "user":
                subject = {**self._people[identifier], "type": "user"}
            elif kind == "group":
                subject["name"] = identifier
            permissions.append(
                {
                    "operation": {"targetType": "space", "operationKey": "read"},
                    "subject": subject,
                    "spaceKey": key,
                }
            )
        return in_json(permissions)

    def _v1(self, content: _Content) -> dict[str, Any]:
        ancestors: list[dict[str, Any]] = []
        parent = self._contents.get(content.parent)
        while parent is not None:
            ancestors.insert(0, {"id": parent.id, "type": parent.kind, "title": parent.title})
            parent = self._contents.get(parent.parent)
        return {
            "id": content.id,
            "type": content.kind,
            "status": "current",
            "title": content.title,
            "space": {"id": int(self._spaces[content.space]), "key": content.space},
            "version": {"number": content.version, "when": _written(content.modified)},
            "ancestors": ancestors,
            "body": {"storage": {"representation": "storage", "value": content.body}},
        }

    def _v1_contents(self, asked: Asked) -> Answered:
        key, kind = asked.query.get("spaceKey"), asked.query.get("type")
        return self._page(
            asked,
            [
                self._v1(content)
                for content in self._contents.values()
                if content.space == key and content.kind == kind
            ],
        )

    def _v1_content(self, asked: Asked, identifier: str) -> Answered:
        _ = asked
        content = self._contents.get(identifier)
        return in_json(self._v1(content)) if content else _not_found()

    def _v1_attachments(self, asked: Asked, identifier: str) -> Answered:
        content = self._contents.get(identifier)
        if content is None:
            return _not_found()
        return self._page(
            asked,
            [
                {
                    "id": attachment.id,
                    "type": "attachment",
                    "title": attachment.title,
                    "version": {"number": attachment.version, "when": _written(content.modified)},
                    "extensions": {"fileSize": len(attachment.content)},
                    "_links": {
                        "download": f"/download/attachments/{identifier}/{attachment.id}?version=1"
                    },
                }
                for attachment in content.attachments.values()
            ],
        )

    def _v1_file(self, asked: Asked, page: str, identifier: str) -> Answered:
        _ = asked
        attachment = self._attachment(page, identifier)
        return Answered(200, attachment.content) if attachment else _not_found()

    _CLOUD: ClassVar[tuple[tuple[str, Callable[..., Answered]], ...]] = (
        (r"rest/api/user/current", _current),
        (r"api/v2/spaces", _list_spaces),
        (r"api/v2/spaces/([^/]+)/permissions", _list_permissions),
        (r"api/v2/spaces/([^/]+)/(pages|blogposts)", _list_contents),
        (r"api/v2/(pages|blogposts|folders)/([^/]+)", _one_content),
        (r"api/v2/(pages|blogposts)/([^/]+)/attachments", _list_attachments),
        (r"api/v2/users-bulk", _bulk),
        (r"rest/api/content/([^/]+)/restriction/byOperation/read", _restriction),
        (r"rest/api/content/([^/]+)/child/attachment/([^/]+)/download", _download),
        (r"rest/api/group/by-id", _group),
        (r"rest/api/group/([^/]+)/membersByGroupId", _members),
    )
    _DATA_CENTER: ClassVar[tuple[tuple[str, Callable[..., Answered]], ...]] = (
        (r"rest/api/user/current", _current),
        (r"rest/api/space", _v1_spaces),
        (r"rest/api/space/([^/]+)/permissions", _v1_permissions),
        (r"rest/api/content", _v1_contents),
        (r"rest/api/content/([^/]+)", _v1_content),
        (r"rest/api/content/([^/]+)/child/attachment", _v1_attachments),
        (r"rest/api/content/([^/]+)/restriction/byOperation/read", _restriction),
        (r"rest/api/group/([^/]+)", _group),
        (r"rest/api/group/([^/]+)/member", _members),
        (r"download/attachments/([^/]+)/([^/]+)", _v1_file),
    )


def _written(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).isoformat(timespec="milliseconds")


def _not_found() -> Answered:
    return in_json({"errors": [{"status": 404, "code": "NOT_FOUND", "title": "Not Found"}]}, 404)

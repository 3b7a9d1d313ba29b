"""Confluence Cloud: REST v2, and v1 for restrictions, members of groups and downloads."""

import urllib.parse
from collections.abc import Collection, Iterator
from itertools import islice
from typing import Literal

from typing_extensions import override

from centaure.knowledge.connectors.answers import Record, nanoseconds, number, record, records, text
from centaure.knowledge.connectors.confluence.service import (
    Attachment,
    Client,
    Content,
    Group,
    Kind,
    NotThere,
    Readers,
    RightsUnreadable,
    Service,
    Space,
    identifier_of,
    space_key,
    step,
)
from centaure.knowledge.connectors.confluence.storage import as_html

_PAGE = 250
_MOST_ACCOUNTS = 100
_COLLECTIONS = {
    "page": "pages",
    "blogpost": "blogposts",
    "folder": "folders",
    "whiteboard": "whiteboards",
    "database": "databases",
    "embed": "embeds",
}


class CloudService(Service):
    """A site of *.atlassian.net."""

    def __init__(self, client: Client, login: Literal["email", "account"]) -> None:
        super().__init__(client)
        self._login: Literal["email", "accountId"] = "email" if login == "email" else "accountId"

    @override
    def spaces(self, keys: Collection[str]) -> Iterator[Space]:
        wanted = f"&keys={urllib.parse.quote(','.join(sorted(keys)))}" if keys else ""
        path = f"/api/v2/spaces?status=current&limit={_PAGE}{wanted}"
        for page in self.client.pages(path, "The spaces"):
            yield from (Space(identifier_of(found), space_key(found)) for found in page)

    @override
    def space_readers(self, space: Space) -> Readers:
        accounts: set[str] = set()
        groups: set[str] = set()
        try:
            path = f"/api/v2/spaces/{step(space.id)}/permissions?limit={_PAGE}"
            for page in self.client.pages(path, "The permissions of a space"):
                for permission in page:
                    operation = record(permission, "operation")
                    if (text(operation, "key"), text(operation, "targetType")) != ("read", "space"):
                        continue
                    kinds = {"user": accounts, "group": groups}
                    kind = text(permission, "principal", "type")
                    if kind in kinds:
                        kinds[kind].add(text(permission, "principal", "id"))
        except NotThere:
            raise RightsUnreadable(
                "The permissions of a space cannot be read, so nobody sees its pages. Let the account of "
                "this source see them."
            ) from None
        return Readers(frozenset(accounts - {""}), frozenset(groups - {""}))

    @override
    def contents(self, space: Space, kind: Kind) -> Iterator[list[Content]]:
        path = f"/api/v2/spaces/{step(space.id)}/{_COLLECTIONS[kind]}?status=current&limit={_PAGE}"
        for page in self.client.pages(path, "The pages of a space"):
            yield [_content(found, kind) for found in page]

    @override
    def content(self, kind: str, identifier: str, *, body: bool) -> Content:
        if kind not in _COLLECTIONS:
            raise NotThere
        form = "?body-format=storage" if body else ""
        status, found = self.client.get(f"/api/v2/{_COLLECTIONS[kind]}/{step(identifier)}{form}")
        if status != 200 or text(found, "status") not in {"current", ""}:
            raise NotThere
        return _content(found, kind)

    @override
    def attachments(self, content: Content) -> list[Attachment]:
        collection = f"/api/v2/{_COLLECTIONS[content.kind]}/{step(content.id)}/attachments"
        path = f"{collection}?status=current&limit={_PAGE}"
        return [
            _attachment(found, content)
            for page in self.client.pages(path, "Attachments")
            for found in page
        ]

    @override
    def logins(self, accounts: Collection[str]) -> dict[str, str]:
        if self._login == "accountId":
            return {account: account for account in accounts}
        found: dict[str, str] = {}
        waiting = iter(sorted(accounts))
        while part := list(islice(waiting, _MOST_ACCOUNTS)):
            status, body = self.client.get("/api/v2/users-bulk", {"accountIds": part})
            if status != 200:
                raise RightsUnreadable(
                    f"Confluence does not tell who its accounts are (HTTP {status}), so nobody sees what "
                    "they may read."
                )
            for user in records(body, "results"):
                if email := text(user, "email").casefold():
                    found[text(user, "accountId")] = email
        return found

    @override
    def group(self, identifier: str) -> Group | None:
        status, found = self.client.get(f"/rest/api/group/by-id?id={step(identifier)}")
        if status != 200:
            return None
        logins: dict[str, None] = {}
        path = f"/rest/api/group/{step(identifier)}/membersByGroupId?start=0&limit=200"
        for page in self.client.pages(path, "The members of a group"):
            for user in page:
                if login := text(user, self._login):
                    logins[login.casefold() if self._login == "email" else login] = None
        return Group(text(found, "name") or identifier, tuple(logins))

    @staticmethod
    @override
    def account_of(user: Record) -> str:
        return text(user, "accountId")

    @staticmethod
    @override
    def group_of(group: Record) -> str:
        return text(group, "id")


def _content(found: Record, kind: str) -> Content:
    return Content(
        identifier_of(found),
        kind,
        text(found, "spaceId"),
        text(found, "title"),
        text(found, "version", "number"),
        nanoseconds(text(found, "version", "createdAt")),
        text(found, "parentId"),
        text(found, "parentType"),
        as_html(text(found, "body", "storage", "value")),
    )


def _attachment(found: Record, content: Content) -> Attachment:
    identifier = identifier_of(found)
    return Attachment(
        identifier,
        text(found, "title"),
        text(found, "version", "number"),
        number(found, "fileSize"),
        nanoseconds(text(found, "version", "createdAt")),
        f"/rest/api/content/{step(content.id)}/child/attachment/{step(identifier)}/download",
    )

"""Confluence Data Center, 9.1 or later: REST v1. People are known by their user names, groups by theirs."""

import re
import urllib.parse
from collections.abc import Collection, Iterator

from typing_extensions import override

from centaure.knowledge.connectors.answers import Record, nanoseconds, number, record, records, text
from centaure.knowledge.connectors.confluence.service import (
    Attachment,
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
from centaure.knowledge.connectors.port import PlaceUnavailable

_PAGE = 100
_DOWNLOAD = re.compile(r"/download/attachments/[^\s#]+")


class DataCenterService(Service):
    """A site of one's own."""

    @override
    def spaces(self, keys: Collection[str]) -> Iterator[Space]:
        for wanted in sorted(keys) or [""]:
            named = f"&spaceKey={step(wanted)}" if wanted else ""
            path = f"/rest/api/space?limit={_PAGE}{named}"
            for page in self.client.pages(path, "The spaces"):
                yield from (Space(space_key(found), space_key(found)) for found in page)

    @override
    def space_readers(self, space: Space) -> Readers:
        status, body = self.client.get(f"/rest/api/space/{step(space.key)}/permissions")
        if status != 200 or not isinstance(body.get("results"), list):
            raise RightsUnreadable(
                f"The permissions of a space cannot be read (HTTP {status}), so nobody sees its pages. Let "
                "the account of this source administer the space; this needs Confluence 9.1 or later."
            )
        accounts: set[str] = set()
        groups: set[str] = set()
        everyone = False
        for permission in records(body, "results"):
            operation = record(permission, "operation")
            if (text(operation, "operationKey"), text(operation, "targetType")) != (
                "read",
                "space",
            ):
                continue
            subject = record(permission, "subject")
            kind = text(subject, "type")
            if kind in {"user", "known"}:
                accounts.add(self.account_of(subject))
            elif kind == "group":
                groups.add(self.group_of(subject))
            everyone = everyone or kind == "anonymous"
        return Readers(frozenset(accounts - {""}), frozenset(groups - {""}), everyone)

    @override
    def contents(self, space: Space, kind: Kind) -> Iterator[list[Content]]:
        query = urllib.parse.urlencode(
            {
                "spaceKey": space.key,
                "type": kind,
                "status": "current",
                "expand": "version,ancestors,space",
                "limit": _PAGE,
            }
        )
        for page in self.client.pages(f"/rest/api/content?{query}", "The pages of a space"):
            yield [_content(found) for found in page]

    @override
    def content(self, kind: str, identifier: str, *, body: bool) -> Content:
        wanted = "version,ancestors,space" + (",body.storage" if body else "")
        status, found = self.client.get(f"/rest/api/content/{step(identifier)}?expand={wanted}")
        if status != 200 or text(found, "status") != "current" or text(found, "type") != kind:
            raise NotThere
        return _content(found)

    @override
    def attachments(self, content: Content) -> list[Attachment]:
        path = f"/rest/api/content/{step(content.id)}/child/attachment?expand=version&limit={_PAGE}"
        return [
            _attachment(found) for page in self.client.pages(path, "Attachments") for found in page
        ]

    @override
    def logins(self, accounts: Collection[str]) -> dict[str, str]:
        return {account: account for account in accounts if account}

    @override
    def group(self, identifier: str) -> Group | None:
        status, found = self.client.get(f"/rest/api/group/{step(identifier)}")
        if status != 200:
            return None
        logins: dict[str, None] = {}
        path = f"/rest/api/group/{step(identifier)}/member?start=0&limit=200"
        for page in self.client.pages(path, "The members of a group"):
            for user in page:
                if login := self.account_of(user):
                    logins[login] = None
        return Group(text(found, "name") or identifier, tuple(logins))

    @staticmethod
    @override
    def account_of(user: Record) -> str:
        return text(user, "username").casefold()

    @staticmethod
    @override
    def group_of(group: Record) -> str:
        return text(group, "name")


def _content(found: Record) -> Content:
    ancestors = [*records(found, "ancestors")]
    nearest = ancestors[-1] if ancestors else {}
    return Content(
        identifier_of(found),
        text(found, "type"),
        text(found, "space", "key"),
        text(found, "title"),
        text(found, "version", "number"),
        nanoseconds(text(found, "version", "when")),
        identifier_of(nearest) if nearest else "",
        text(nearest, "type") or "page",
        as_html(text(found, "body", "storage", "value")),
    )


def _attachment(found: Record) -> Attachment:
    link = text(found, "_links", "download")
    # The link is the site's own, and leads nowhere else on its host.
    if not _DOWNLOAD.fullmatch(link) or ".." in urllib.parse.unquote(link.split("?")[0]).split("/"):
        raise PlaceUnavailable("Confluence gave a link that leads elsewhere. Nothing was asked.")
    return Attachment(
        identifier_of(found),
        text(found, "title"),
        text(found, "version", "number"),
        number(found, "extensions", "fileSize"),
        nanoseconds(text(found, "version", "when")),
        link,
    )

"""What Confluence is asked for, in whichever of its two forms, and how it is spoken to."""

import base64
import re
import urllib.parse
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Literal, cast

from centaure.kit.outbound import Answer, Outbound
from centaure.knowledge.connectors.answers import (
    LONGEST_ANSWER_S,
    LONGEST_DOWNLOAD_S,
    Record,
    parsed,
    place_errors,
    record,
    records,
    text,
)
from centaure.knowledge.connectors.port import PlaceUnavailable

Kind = Literal["page", "blogpost"]

LARGEST_PAGE = 64 * 1024 * 1024
_MOST_PAGES = 100_000
_MOST_READER_PAGES = 1000
_ANSWERS = frozenset({400, 401, 403, 404, 410})
_IDENTIFIER = re.compile(r"[A-Za-z0-9_-]{1,64}")
_SPACE_KEY = re.compile(r"~?[A-Za-z0-9_][A-Za-z0-9_.:-]{0,254}|~[A-Za-z0-9_.:-]{1,254}")


@dataclass(frozen=True, slots=True)
class Space:
    """A space; `id` is what contents name it by."""

    id: str
    key: str


@dataclass(frozen=True, slots=True)
class Content:
    """A page, a blog post, or a folder that pages lie below.

    Attributes:
        kind: 'page', 'blogpost' or another one.
        space: as `Space.id`.
        version: a number as text.
        parent: what it lies below; "" at the top.
        parent_kind: of the parent.
        body: HTML, where it was asked for.
    """

    id: str
    kind: str
    space: str
    title: str
    version: str
    modified_ns: int | None
    parent: str = ""
    parent_kind: str = ""
    body: str = ""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file on a page; `path` leads to its bytes, below the site's address."""

    id: str
    title: str
    version: str
    size: int | None
    modified_ns: int | None
    path: str


@dataclass(frozen=True, slots=True)
class Readers:
    """Who may read, by the names that Confluence has for them."""

    accounts: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    everyone: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """A group and the logins of its members."""

    label: str
    logins: tuple[str, ...]


class RightsUnreadable(Exception):
    """Rights cannot be read; the message is a sentence."""


class NotThere(Exception):
    """Confluence does not know it, or not for these credentials."""


class Service(ABC):
    """One form of Confluence. Everything raises `PlaceUnavailable` where there is no answer."""

    def __init__(self, client: "Client") -> None:
        self.client = client

    def check(self) -> None:
        """See that the credentials are somebody's: without, an open site lists what strangers see."""
        who = self.client.needed("/rest/api/user/current", "The account")
        if text(who, "type") != "known":
            raise PlaceUnavailable(
                "Confluence takes these credentials for nobody's. Check user and token."
            )

    @abstractmethod
    def spaces(self, keys: Collection[str]) -> Iterator[Space]:
        """The spaces of these keys, or all."""

    @abstractmethod
    def space_readers(self, space: Space) -> Readers:
        """Who may read a space.

        Raises:
            RightsUnreadable: Confluence does not tell.
        """

    @abstractmethod
    def contents(self, space: Space, kind: Kind) -> Iterator[list[Content]]:
        """Pages or blog posts of a space, without bodies, some hundred at a time."""

    @abstractmethod
    def content(self, kind: str, identifier: str, *, body: bool) -> Content:
        """One of them, or a folder.

        Raises:
            NotThere: it is not there.
        """

    @abstractmethod
    def attachments(self, content: Content) -> list[Attachment]:
        """The files on a page.

        Raises:
            NotThere: the page is not there.
        """

    @abstractmethod
    def logins(self, accounts: Collection[str]) -> dict[str, str]:
        """Logins by account; one that cannot be told is left out."""

    @abstractmethod
    def group(self, identifier: str) -> Group | None:
        """A group; None where it cannot be read."""

    def restriction(self, identifier: str) -> Readers | None:
        """Who alone may read a page and what lies below it; None where it is not restricted.

        Raises:
            RightsUnreadable: Confluence does not tell.
        """
        accounts: set[str] = set()
        groups: set[str] = set()
        start = 0
        for _ in range(_MOST_READER_PAGES):
            users, names = self._restriction_page(identifier, start)
            # An entry that says nothing is kept: without it the page would seem to be open.
            accounts.update(self.account_of(record(user)) for user in users)
            groups.update(self.group_of(record(group)) for group in names)
            if not users and not names:
                return (
                    Readers(frozenset(accounts), frozenset(groups)) if accounts or groups else None
                )
            start += max(len(users), len(names))
        raise RightsUnreadable("The restrictions of a page have no end, so nobody sees it.")

    def _restriction_page(self, identifier: str, start: int) -> tuple[list[object], list[object]]:
        path = (
            f"/rest/api/content/{step(identifier)}/restriction/byOperation/read"
            f"?expand=restrictions.user,restrictions.group&start={start}&limit=100"
        )
        status, body = self.client.get(path)
        users = record(body, "restrictions", "user").get("results")
        names = record(body, "restrictions", "group").get("results")
        if status != 200 or not isinstance(users, list) or not isinstance(names, list):
            raise RightsUnreadable(
                f"The restrictions of a page cannot be read (HTTP {status}), so nobody sees it. Let the "
                "account of this source see the page and what lies above it."
            )
        return cast("list[object]", users), cast("list[object]", names)

    @staticmethod
    @abstractmethod
    def account_of(user: Record) -> str:
        """The name that Confluence has for a person."""

    @staticmethod
    @abstractmethod
    def group_of(group: Record) -> str:
        """The name that Confluence has for a group."""


class Client:
    """Requests to one site; safe to share between threads."""

    def __init__(self, url: str, user: str, token: str, download_hosts: tuple[str, ...]) -> None:
        """Opens nothing yet.

        Args:
            url: of the site, with its path (/wiki).
            user: with the token of Cloud; "" for a personal access token of Data Center.
            token: never shown.
            download_hosts: besides the site's own.
        """
        self.url = url
        split = urllib.parse.urlsplit(url)
        self._origin = f"{split.scheme}://{split.netloc}"
        self._path = split.path
        pair = base64.b64encode(f"{user}:{token}".encode()).decode()
        word = f"Basic {pair}" if user else f"Bearer {token}"
        hosts = (split.hostname or "", *download_hosts)
        headers = {"Authorization": word}
        self._downloads = Outbound(hosts=hosts, headers=headers, longest_s=LONGEST_DOWNLOAD_S)
        headers["Accept"] = "application/json"
        self._outbound = Outbound(hosts=hosts, headers=headers, longest_s=LONGEST_ANSWER_S)

    def get(self, path: str, document: object = None) -> tuple[int, Record]:
        """The status and the object behind a path below the site's address.

        Args:
            path: with its query.
            document: to post, instead of a request that only asks.

        Raises:
            PlaceUnavailable: no answer, or the credentials are refused.
        """
        method = "GET" if document is None else "POST"
        with place_errors():
            answer = self._outbound.request(
                method, f"{self.url}{path}", json=document, accept=_ANSWERS, most=LARGEST_PAGE
            )
            if answer.status_code == 401:
                raise PlaceUnavailable(
                    "Confluence refuses these credentials. Check user and token, and whether the token has "
                    "ended."
                )
            return answer.status_code, parsed(answer)

    def needed(self, path: str, what: str) -> Record:
        """As `get`, where no other status than 200 is of use; `what` is for the sentence."""
        status, body = self.get(path)
        if status != 200:
            raise PlaceUnavailable(
                f"{what} cannot be read from Confluence (HTTP {status}). Check the address, and what the "
                "account may see."
            )
        return body

    def pages(self, path: str, what: str) -> Iterator[list[Record]]:
        """The objects of a list, a page at a time; errors as in `needed`, and below.

        Raises:
            NotThere: what the list belongs to is not there.
        """
        for _ in range(_MOST_PAGES):
            status, body = self.get(path)
            if status == 404:
                raise NotThere
            if status != 200 or not isinstance(body.get("results"), list):
                raise PlaceUnavailable(
                    f"{what} cannot be read from Confluence (HTTP {status}). Check the address, and what "
                    "the account may see."
                )
            yield [*records(body, "results")]
            following = text(body, "_links", "next")
            if not following:
                return
            following = self._below(following)
            if following == path:
                break
            path = following
        raise PlaceUnavailable(f"{what} come from Confluence in a circle.")

    def stream(self, path: str) -> AbstractContextManager[Answer]:
        """The bytes behind a path; a redirect to another host is followed without credentials."""
        return self._downloads.stream("GET", f"{self.url}{path}", accept=_ANSWERS)

    def close(self) -> None:
        """Let go of connections."""
        self._outbound.close()
        self._downloads.close()

    def _below(self, link: str) -> str:
        """A link of a list, which is relative to the host (v2) or to the site (v1), as a path."""
        path = link.removeprefix(self._origin)
        if not path.startswith("/") or path.startswith("//"):
            raise PlaceUnavailable(
                "Confluence gave a link that leads elsewhere. Nothing was asked."
            )
        if self._path and path.startswith(f"{self._path}/"):
            path = path[len(self._path) :]
        return path


def step(identifier: str) -> str:
    """An identifier as one step of a path."""
    return urllib.parse.quote(identifier, safe="")


def identifier_of(found: Record) -> str:
    """The identifier of an object.

    Raises:
        PlaceUnavailable: it is none, and the listing would lack it.
    """
    identifier = text(found, "id")
    if not _IDENTIFIER.fullmatch(identifier):
        raise PlaceUnavailable("Confluence told of something without a name. Sync again later.")
    return identifier


def space_key(found: Record) -> str:
    """The key of a space; errors as in `identifier_of`."""
    key = text(found, "key")
    if not _SPACE_KEY.fullmatch(key):
        raise PlaceUnavailable("Confluence told of a space without a key. Sync again later.")
    return key

"""SharePoint libraries and OneDrive through Microsoft Graph: what changed by delta, rights as they are there.

The location is a site's address (`https://contoso.sharepoint.com/sites/hr`, each library a folder at the
top) or one person's files (`onedrive:alice@contoso.com`).

Changes. Graph tells what changed since a token. It does not tell what that means for what lies in a folder
whose name, place or rights changed, so a folder that was there before and shows up in a delta has everything
listed again (`TokenExpired`), and so has a folder that is gone, a library whose own rights or name changed,
and a token that is older than `relist_hours`: Microsoft's own issue tracker knows changes of rights that no
delta tells, and this bounds how long one can go unseen.

Rights. The permissions of an item cost a request, 20 of them one batch. A whole listing asks for them where
Graph's `shared` facet says that an item has rights of its own (`Prefer: hierarchicalsharing`); the others
have those of the folder above. The facet is only believed where the library's root bears it, which Graph
promises to applications with Sites.FullControl.All, and as long as one file of each page (500 items), which
is asked for nevertheless, bears it out; else, and with `permissions=every`, each item is asked for: 5 batches
for 100 items. Of changes each item is asked for.
"""

import re
import threading
import time
import urllib.parse
from collections.abc import Collection, Generator, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Self

from typing_extensions import override

from centaure.kit.errors import InvalidInput
from centaure.kit.outbound import Outbound
from centaure.knowledge.connectors.answers import (
    LONGEST_ANSWER_S,
    LONGEST_DOWNLOAD_S,
    Record,
    bounded,
    nanoseconds,
    number,
    place_errors,
    printable,
    text,
    too_large,
)
from centaure.knowledge.connectors.copies import Fetched, copied
from centaure.knowledge.connectors.microsoft.client import (
    Credentials,
    Graph,
    Reply,
    Tokens,
    named,
    quoted,
)
from centaure.knowledge.connectors.microsoft.feed import Drive, DriveFeed, Progress, version_of
from centaure.knowledge.connectors.microsoft.options import MicrosoftOptions
from centaure.knowledge.connectors.microsoft.rights import Rights, Settings
from centaure.knowledge.connectors.names import is_ignored
from centaure.knowledge.connectors.port import (
    Checkpoint,
    Connector,
    Gone,
    Item,
    ItemGone,
    ItemUnreadable,
    Options,
    PlaceGroup,
    PlaceUnavailable,
    Problem,
    TokenExpired,
    path_problem,
)
from centaure.knowledge.parsing.limits import DEFAULT_LIMITS

DOWNLOAD_HOSTS = ("*.sharepoint.com", "*.sharepoint.us", "*.sharepoint.cn", "*.svc.ms")
"""Where Graph's downloads lead; none is sent a token."""

_ONEDRIVE = "onedrive:"
_LONGEST_NAME = 200
_IDENTIFIER = re.compile(r"[\w!.,=-]{1,256}", re.ASCII)
_SITE_PATH = re.compile(r"(/[^/?#:\\\x00-\x20]+)*")
_NO_SITE = (
    "This is no address of a site. Write it as the browser shows it, such as "
    "https://contoso.sharepoint.com/sites/hr, or onedrive: and a user principal name."
)


@dataclass(frozen=True, slots=True)
class _Place:
    """What a location turned out to be; `drives` are names of folders at the top by identifier."""

    rights: Rights
    drives: dict[str, str]


class MicrosoftConnector(Connector):
    """A site's libraries, or one person's OneDrive."""

    kind = "sharepoint"
    options_model = MicrosoftOptions
    reports_access = True
    has_feed = True

    def __init__(self, location: str, options: MicrosoftOptions) -> None:
        self.location = location
        self._options = options
        site = urllib.parse.urlsplit(location)
        self._site_host = "" if location.startswith(_ONEDRIVE) else site.hostname or ""
        self._site_path = site.path.strip("/")
        addresses = (options.graph_url, options.login_url, options.rest_url)
        named = {urllib.parse.urlsplit(address).hostname or "" for address in addresses}
        hosts = {*named, self._site_host, *DOWNLOAD_HOSTS, *options.download_hosts} - {""}
        self._outbound = Outbound(hosts=tuple(sorted(hosts)), longest_s=LONGEST_ANSWER_S)
        self._downloads = Outbound(hosts=tuple(sorted(hosts)), longest_s=LONGEST_DOWNLOAD_S)
        self._graph = self._service(_origin(options.graph_url), options.graph_url)
        self._lock = threading.Lock()
        self._known: _Place | None = None

    def __repr__(self) -> str:
        """Without secrets."""
        return f"MicrosoftConnector({self.location!r})"

    @classmethod
    @override
    def normal_location(cls, written: str, options: Options) -> str:
        location = written.strip()
        if location.casefold().startswith(_ONEDRIVE):
            name = location[len(_ONEDRIVE) :].strip().casefold()
            if not re.fullmatch(r"[^/\\?#\s\x00-\x1f]{1,320}", name):
                raise InvalidInput(
                    f"'{written}' names no OneDrive. Write onedrive: and a user principal name, such as "
                    "onedrive:alice@contoso.com."
                )
            return f"{_ONEDRIVE}{name}"
        try:
            split = urllib.parse.urlsplit(location)
            wrong = split.port not in {None, 443} or split.username or split.password
        except ValueError:
            wrong, split = True, urllib.parse.urlsplit("")
        path = urllib.parse.unquote(split.path).rstrip("/")
        climbs = any(name in {".", ".."} for name in path.split("/"))
        if wrong or climbs or split.scheme != "https" or not split.hostname:
            raise InvalidInput(_NO_SITE)
        if not _SITE_PATH.fullmatch(urllib.parse.quote(path)):
            raise InvalidInput(_NO_SITE)
        return f"https://{split.hostname}{urllib.parse.quote(path)}"

    @classmethod
    @override
    def connect(cls, location: str, options: Options) -> Self:
        if not isinstance(options, MicrosoftOptions):
            raise InvalidInput("A SharePoint source needs tenant, client_id and client_secret.")
        return cls(location, options)

    @override
    def check(self) -> None:
        with place_errors():
            for drive in self._place(fresh=True).drives:
                self._graph.needed(f"/drives/{named(drive)}/root", "A library")

    @override
    def items(self, since: str | None = None) -> Iterator[Item | Problem | Gone | Checkpoint]:
        """Everything, or what changed; memory grows with folders (some 300 bytes each), not files.

        An item can come twice where it changes during the listing: what comes last is right.
        """
        self.passed_over = 0
        try:
            with place_errors():
                yield from self._items(since)
        except TokenExpired:
            if since is not None:
                raise
            raise PlaceUnavailable(
                "SharePoint broke off a listing that it had begun. Sync again later."
            ) from None

    @override
    @contextmanager
    def fetch(self, path: str) -> Generator[Fetched]:
        with ExitStack() as stack:
            with place_errors():
                drive, inside = self._inside(path)
                reply = self._graph.get(f"/drives/{named(drive)}/root:/{quoted(inside)}")
                item = _readable(reply, path)
                identifier = text(item, "id")
                copy = copied(
                    path.rsplit("/", maxsplit=1)[-1],
                    self._pieces(f"/drives/{named(drive)}/items/{named(identifier)}/content", path),
                    modified_ns=nanoseconds(text(item, "lastModifiedDateTime")),
                    version=version_of(item),
                    identity=f"{drive}/{identifier}",
                )
                fetched = stack.enter_context(copy)
            yield fetched

    @override
    def groups(self, named: Collection[str]) -> Iterable[PlaceGroup]:
        with place_errors():
            yield from self._place().rights.groups(named)

    @override
    def close(self) -> None:
        self._outbound.close()
        self._downloads.close()

    def _items(self, since: str | None) -> Iterator[Item | Problem | Gone | Checkpoint]:
        place = self._place(fresh=True)
        progress = self._progress(since, place)
        begun = False
        for identifier, name in place.drives.items():
            state = progress.drives.setdefault(identifier, Drive(name))
            if state.finished:
                continue
            feed = DriveFeed(
                self._graph,
                place.rights,
                identifier,
                state,
                every=self._options.permissions == "every",
            )
            before = self.passed_over
            for page in feed.pages():
                if begun:
                    yield Checkpoint(progress.token(), complete=False)
                begun = True
                yield from page
                self.passed_over = before + feed.passed_over
        progress.next_round()
        yield Checkpoint(progress.token())

    def _progress(self, since: str | None, place: _Place) -> Progress:
        now = time.time()
        if since is None:
            return Progress(self._options.meaning(), now)
        progress = Progress.read(since)
        if progress.meaning != self._options.meaning():
            raise TokenExpired
        if not 0 <= now - progress.listed_at < self._options.relist_hours * 3600:
            raise TokenExpired
        if any(place.drives.get(key) != drive.name for key, drive in progress.drives.items()):
            raise TokenExpired
        return progress

    def _service(self, audience: str, url: str) -> Graph:
        options = self._options
        credentials = Credentials(
            options.login_url,
            options.tenant,
            options.client_id,
            options.client_secret.get_secret_value(),
            options.certificate.get_secret_value(),
        )
        tokens = Tokens(self._outbound, credentials, f"{audience}/.default")
        return Graph(self._outbound, self._downloads, tokens, url)

    def _place(self, *, fresh: bool = False) -> _Place:
        with self._lock:
            if self._known is None or fresh:
                self._known = self._opened()
            return self._known

    def _opened(self) -> _Place:
        if not self._site_host:
            login = urllib.parse.quote(self.location[len(_ONEDRIVE) :], safe="@")
            drive = text(self._graph.needed(f"/users/{login}/drive", "This OneDrive"), "id")
            return _Place(self._rights(drive), {_identifier(drive): ""})
        path = f":/{self._site_path}" if self._site_path else ""
        site = text(self._graph.needed(f"/sites/{self._site_host}{path}", "This site"), "id")
        listed = self._graph.pages(f"/sites/{named(_identifier(site))}/drives", "Its libraries")
        return _Place(self._rights(site), self._named(listed))

    def _rights(self, site: str) -> Rights:
        """Groups are those of the site collection, the second of a site's three identifiers."""
        service = None
        if self._site_host and self._options.certificate.get_secret_value():
            url = self._options.rest_url or self.location
            service = self._service(f"https://{self._site_host}", url)
        collection = site.split(",")[1] if site.count(",") == 2 else site
        settings = Settings(self._options.login, self._options.links == "everyone", collection)
        return Rights(self._graph, service, settings)

    def _named(self, listed: Iterable[Record]) -> dict[str, str]:
        """Libraries by identifier, with names that are folders and no two alike."""
        found: dict[str, str] = {}
        missing = set(self._options.libraries)
        for drive in listed:
            name = text(drive, "name")
            if self._options.libraries and name not in self._options.libraries:
                continue
            missing.discard(name)
            identifier = _identifier(text(drive, "id"))
            folder = name.replace("/", "-").strip() or "Library"
            if folder in found.values() or path_problem(folder) or len(folder) > _LONGEST_NAME:
                folder = f"{printable(folder[:_LONGEST_NAME], identifier[-8:])}"
            found[identifier] = folder
        if not found and not missing:
            raise PlaceUnavailable(
                "The site shows no library to this application. Check its rights."
            )
        if missing:
            raise PlaceUnavailable(
                f"The site has no library named {', '.join(sorted(missing))}. Check the names."
            )
        return found

    def _inside(self, path: str) -> tuple[str, str]:
        """The drive that a path is in, and where; a name passed over in listings is not there either."""
        if path_problem(path) is not None:
            raise ItemGone(path)
        for identifier, name in self._place().drives.items():
            inside = path.removeprefix(f"{name}/") if name else path
            if (inside != path or not name) and not any(map(is_ignored, inside.split("/"))):
                return identifier, inside
        raise ItemGone(path)

    def _pieces(self, content: str, path: str) -> Iterator[bytes]:
        with self._graph.stream(content) as answer:
            if answer.status_code in {404, 410}:
                raise ItemGone(path)
            if answer.status_code != 200:
                raise _unreadable(answer.status_code)
            yield from bounded(answer, DEFAULT_LIMITS.file_bytes)


def _readable(reply: Reply, path: str) -> Record:
    """The item at a path, as long as it is a file of this name that may be copied."""
    if reply.status in {400, 404, 410}:
        raise ItemGone(path)
    item = reply.body
    if reply.status != 200 or "malware" in item:
        raise _unreadable(reply.status)
    # Paths are compared without case by SharePoint: of another spelling, the listing told nothing.
    if "file" not in item or "remoteItem" in item or path.rsplit("/", 1)[-1] != text(item, "name"):
        raise ItemGone(path)
    if (number(item, "size") or 0) > DEFAULT_LIMITS.file_bytes:
        raise too_large(DEFAULT_LIMITS.file_bytes)
    return item


def _unreadable(status: int) -> ItemUnreadable:
    return ItemUnreadable(
        f"SharePoint does not give this file (HTTP {status}). It may be locked, checked out, or closed to "
        "the application."
    )


def _identifier(found: str) -> str:
    if not _IDENTIFIER.fullmatch(found):
        raise PlaceUnavailable("Microsoft Graph gave an identifier that is none. Check graph_url.")
    return found


def _origin(url: str) -> str:
    split = urllib.parse.urlsplit(url)
    return f"{split.scheme}://{split.netloc}"

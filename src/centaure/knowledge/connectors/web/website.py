"""Pages and documents of a web site: those its sitemap names, and those that its pages link to.

Only one site is ever spoken to, the one of the location, and of it only what lies at or below the location's
path, besides `/robots.txt` and the sitemaps that it names. What the site asks of robots is obeyed.

What a listing asks of the site: robots.txt and the sitemaps; one GET for each page of HTML, because its
links, its canonical address and its wish to be listed are in it; one HEAD for each document (PDF, DOCX and
the like). A version is the ETag, else the Last-Modified with the size, else the hash of the page's bytes; a
document for which the site says neither is fetched and compared each time. With the option
`discover=sitemap` no link is followed, and a page for which the sitemap says when it was changed last is not
asked for until that changes: a second listing of an unchanged site is then robots.txt and the sitemaps.
"""

import hashlib
import re
import tempfile
import time
from collections import deque
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from importlib.metadata import version as version_of
from threading import Lock
from typing import IO, ClassVar, Literal, cast

from pydantic import Field, SecretStr

from centaure.kit.errors import InvalidInput, Refused, Unavailable
from centaure.kit.outbound import Answer, Outbound
from centaure.knowledge.connectors.copies import Fetched
from centaure.knowledge.connectors.names import is_ignored
from centaure.knowledge.connectors.port import (
    Checkpoint,
    Connector,
    Gone,
    Item,
    ItemGone,
    ItemTooLarge,
    ItemUnreadable,
    Options,
    PlaceUnavailable,
    Problem,
    path_problem,
)
from centaure.knowledge.connectors.web import pages
from centaure.knowledge.connectors.web.addresses import (
    Address,
    NotAnAddress,
    address,
    is_within,
    item_path,
    possible_addresses,
)
from centaure.knowledge.connectors.web.robots import LARGEST_ROBOTS, Robots, robots
from centaure.knowledge.parsing.limits import DEFAULT_LIMITS, MEBIBYTE, megabytes

PRODUCT = "Centaure"
_HTML = frozenset({"text/html", "application/xhtml+xml"})
_HTML_NAMES = (".html", ".htm", ".xhtml")
_OFFICE = "application/vnd.openxmlformats-officedocument"
_DOCUMENTS = {
    "application/pdf": ".pdf",
    f"{_OFFICE}.wordprocessingml.document": ".docx",
    f"{_OFFICE}.presentationml.presentation": ".pptx",
    f"{_OFFICE}.spreadsheetml.sheet": ".xlsx",
    "application/vnd.oasis.opendocument.text": ".odt",
    "application/vnd.oasis.opendocument.spreadsheet": ".ods",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "text/csv": ".csv",
    "message/rfc822": ".eml",
}
_DOCUMENT_NAMES = frozenset(_DOCUMENTS.values())
_TEXT_NAMES = frozenset({".txt", ".md", ".csv"})
_NO_DOCUMENT = re.compile(
    r"\.(css|m?js|json|map|wasm|xml|rss|atom|ico|png|jpe?g|gif|svg|webp|avif|bmp|tiff?|woff2?|ttf|otf|eot|mp[34]"
    r"|m4[av]|webm|og[gvam]|wav|flac|avi|mov|mkv|zip|gz|tgz|bz2|xz|7z|rar|tar|exe|msi|dmg|iso|apk|deb|rpm|bin)$",
    re.IGNORECASE,
)
_LARGEST_PAGE = 32 * MEBIBYTE
_MOST_SITEMAPS = 500
_MOST_REDIRECTS = 5
_MOST_FAILURES = 3
_ANSWERS = frozenset(range(300, 600)) - {429, 503}
_MOVED = frozenset({301, 302, 303, 307, 308})
_GONE = frozenset({404, 410})
_NO_HEAD = frozenset({403, 405, 406, 501})
_LONGEST_ANSWER_S = 600.0
_DAY_ONLY = re.compile(r"\d{4}-\d{2}-\d{2}")


class WebsiteOptions(Options):
    """How far to go, how fast, and how to sign in.

    Attributes:
        user: for HTTP's basic authentication.
        password: of the user.
        discover: `links` follows links besides the sitemap, `sitemap` reads only what it names.
        sitemap: where the sitemap is, when neither robots.txt nor the usual place says.
        requests_per_second: how many at most; the site's own Crawl-delay may ask for fewer.
        most_pages: how many pages and documents are listed at most.
        deepest: how many links from the start, or from the sitemap, at most.
        most_megabytes: how much is downloaded by one listing at most.
        most_seconds: how long one listing takes at most.
        ca_file: certificates to trust besides the system's own.
    """

    user: str = ""
    password: SecretStr = SecretStr("")
    discover: Literal["links", "sitemap"] = "links"
    sitemap: str = ""
    requests_per_second: float = Field(default=2.0, gt=0, le=1000)
    most_pages: int = Field(default=10_000, ge=1, le=1_000_000)
    deepest: int = Field(default=20, ge=0, le=1000)
    most_megabytes: int = Field(default=4000, ge=1)
    most_seconds: int = Field(default=14_400, ge=1)
    ca_file: str = ""


@dataclass(slots=True)
class _Seen:
    """What one look at a page brought."""

    status: int
    headers: Mapping[str, str]
    content: bytes | None = None
    moved_to: Address | None = None

    @property
    def content_type(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


@dataclass(slots=True)
class _Walk:
    """One listing, on its way."""

    ends: float
    bytes_left: int
    waiting: deque[tuple[Address, int, str]] = field(
        default_factory=deque[tuple[Address, int, str]]
    )
    seen: set[Address] = field(default_factory=set[Address])
    paths: set[str] = field(default_factory=set[str])
    preferred: set[Address] = field(default_factory=set[Address])
    failures: int = 0
    failed: bool = False
    lost: bool = False
    cut: str = ""

    def add(self, page: Address, depth: int, modified: str = "") -> None:
        if page not in self.seen:
            self.seen.add(page)
            self.waiting.append((page, depth, modified))


class Website(Connector):
    """A site, or the part of it at and below a path."""

    kind: ClassVar[str] = "website"
    options_model: ClassVar[type[Options]] = WebsiteOptions

    def __init__(self, start: Address, options: WebsiteOptions) -> None:
        """Opens nothing yet."""
        self._start = start
        self._options = options
        self._client: Outbound | None = None
        self._robots: Robots | None = None
        self._known: dict[str, Address] = {}
        self._turn = Lock()
        self._next = 0.0

    @classmethod
    def normal_location(cls, written: str, options: Options) -> str:
        """`https://host[:port]/path`, without query and fragment."""
        _ = options
        if "@" in written.partition("//")[2].partition("/")[0]:
            raise InvalidInput("A location holds no user and no password: give them as options.")
        try:
            start = address(written)
        except NotAnAddress:
            raise InvalidInput("A web site is written https://www.example.org/path.") from None
        if start.query:
            raise InvalidInput("The location of a web site has no query: end it before the '?'.")
        return str(start)

    @classmethod
    def connect(cls, location: str, options: Options) -> "Website":
        """A connector; errors as in `normal_location`."""
        start = address(cls.normal_location(location, options))
        return cls(start, cast("WebsiteOptions", options))

    def check(self) -> None:
        """Reads robots.txt and the first page."""
        self._robots = None
        rules = self._rules()
        if not rules.allows(self._start.target):
            raise PlaceUnavailable(
                f"{self._start.host} asks robots not to read {self._start.path} (robots.txt). Have the "
                f"site allow '{PRODUCT}', or choose another path."
            )
        seen = self._first()
        if seen.status in _GONE and not any(True for _ in self._sitemap_entries(rules, _Cut())):
            raise PlaceUnavailable(
                f"There is nothing at {self._start} (HTTP {seen.status}), and no sitemap names pages "
                "below it. Correct the location."
            )

    def items(self, since: str | None = None) -> Iterator[Item | Problem | Gone | Checkpoint]:
        """Every page and document that is found, each under its canonical address."""
        _ = since
        self.passed_over = 0
        self._robots = None
        rules = self._rules()
        first = self._first()
        options = self._options
        walk = _Walk(time.monotonic() + options.most_seconds, options.most_megabytes * 1_000_000)
        cut = _Cut()
        walk.add(self._start, 0)
        for page, modified in self._sitemap_entries(rules, cut):
            walk.add(page, 0, modified)
        if first.status in _GONE and len(walk.seen) == 1:
            raise PlaceUnavailable(
                f"There is nothing at {self._start} any more (HTTP {first.status}), and no sitemap names "
                "pages below it. Correct the location, or have the site mended."
            )
        while walk.waiting and not walk.cut:
            page, depth, modified = walk.waiting.popleft()
            yield from self._visited(walk, rules, page, depth, modified)
            walk.cut = self._limit(walk)
        walk.cut = walk.cut or (self._too_many() if walk.lost else "")
        yield from _unsure(walk, cut)

    @contextmanager
    def fetch(self, path: str) -> Generator[Fetched]:
        """The page or document as the site sends it; errors as in `Connector.fetch`."""
        if path_problem(path) is not None:
            raise ItemGone(path)
        known = self._known.get(path)
        rules = self._rules()
        for page in [known] if known else possible_addresses(self._start, path):
            if not is_within(page, self._start) or not rules.allows(page.target):
                continue
            with tempfile.TemporaryFile(prefix="centaure-copy-") as file:
                headers = self._downloaded(page, file)
                if headers is None or not self._is_still(page, path, headers, file):
                    continue
                size = file.tell()
                file.flush()
                yield Fetched(
                    file.fileno(),
                    path.rsplit("/", 1)[-1],
                    size,
                    _moment_ns(headers.get("last-modified", "")),
                    version=_version(headers, None),
                )
                return
        raise ItemGone(path)

    def _is_still(
        self, page: Address, path: str, headers: Mapping[str, str], file: IO[bytes]
    ) -> bool:
        """Whether what was fetched is the document that is listed under this path."""
        if self._options.discover == "sitemap":
            # Its listing asked the page for nothing: its wishes are seen here.
            if _is_html(headers):
                file.seek(0)
                content_type = headers.get("content-type", "")
                found = pages.page(file.read(_LARGEST_PAGE), content_type, PRODUCT)
                file.seek(0, 2)
                return found.is_listed
            return self._path(page, headers) is not None
        return self._path(page, headers) == path

    def close(self) -> None:
        """Lets go of the connection."""
        if self._client is not None:
            self._client.close()
            self._client = None

    def _visited(
        self, walk: _Walk, rules: Robots, page: Address, depth: int, modified: str
    ) -> Iterator[Item | Problem]:
        if not rules.allows(page.target) or self._is_no_document(page):
            self.passed_over += 1
            return
        if self._options.discover == "sitemap" and (dated := _dated(modified)):
            suffix = _suffix(page, "")
            yield from self._listed(walk, page, item_path(page, suffix), dated, modified, None)
            return
        seen = self._seen(page, walk)
        if seen.status >= 500:
            walk.failures += 1
            walk.failed = True
            if walk.failures >= _MOST_FAILURES:
                raise self._failing(seen.status)
            yield Problem(
                item_path(page, _suffix(page, "")),
                "unreadable",
                f"{page.host} answers with HTTP {seen.status} for this page. The next synchronisation tries "
                "again.",
            )
            return
        walk.failures = 0
        if seen.moved_to is not None:
            self._follow(walk, seen.moved_to, depth)
        elif seen.status in {401, 403}:
            yield Problem(
                item_path(page, _suffix(page, "")),
                "unreadable",
                f"{page.host} does not let this page be read (HTTP {seen.status}). Give a user who may "
                "read it, or have the site open it.",
            )
        elif 200 <= seen.status < 300:
            yield from self._read(walk, page, depth, seen, modified)

    def _read(
        self, walk: _Walk, page: Address, depth: int, seen: _Seen, modified: str
    ) -> Iterator[Item | Problem]:
        path = self._path(page, seen.headers)
        if path is None:
            self.passed_over += 1
            return
        wishes = pages.directives(seen.headers.get("x-robots-tag", ""), PRODUCT)
        is_listed = not wishes & {"noindex", "none"}
        if seen.content_type in _HTML:
            if seen.content is None:
                yield Problem(
                    path,
                    "unreadable",
                    f"The page is larger than {megabytes(_LARGEST_PAGE)}: it is not read.",
                )
                return
            found = pages.page(seen.content, seen.headers.get("content-type", ""), PRODUCT)
            if self._options.discover == "links" and not wishes & {"nofollow", "none"}:
                self._add_links(walk, page, depth, found)
            is_listed = (
                is_listed and found.is_listed and self._is_canonical(walk, page, depth, found)
            )
        if not is_listed:
            self.passed_over += 1
            return
        modified_ns = _moment_ns(seen.headers.get("last-modified", "")) or _written_ns(modified)
        size = _length(seen)
        yield from self._listed(
            walk, page, path, _version(seen.headers, seen.content), modified_ns, size
        )

    def _listed(  # noqa: PLR0913, PLR0917 - the parts of an item
        self,
        walk: _Walk,
        page: Address,
        path: str,
        version: str,
        modified: str | int | None,
        size: int | None,
    ) -> Iterator[Item | Problem]:
        if path in walk.paths:
            return
        walk.paths.add(path)
        if any(is_ignored(name) for name in path.split("/")):
            self.passed_over += 1
        elif (problem := path_problem(path)) is not None:
            yield Problem(path[:500], "unreadable", problem)
        else:
            self._known[path] = page
            moment = _written_ns(modified) if isinstance(modified, str) else modified
            yield Item(path, size=size, modified_ns=moment, version=version)

    def _add_links(self, walk: _Walk, page: Address, depth: int, found: pages.Page) -> None:
        if depth >= self._options.deepest:
            return
        try:
            base = address(found.base, page) if found.base else page
        except NotAnAddress:
            base = page
        for link in found.links:
            self._follow(walk, link, depth + 1, base)

    def _follow(
        self, walk: _Walk, link: str | Address, depth: int, base: Address | None = None
    ) -> None:
        try:
            page = address(link, base) if isinstance(link, str) else link
        except NotAnAddress:
            return
        if not is_within(page, self._start):
            return
        if len(walk.seen) >= 10 * self._options.most_pages:
            walk.lost = True
            return
        walk.add(page, depth)

    def _is_canonical(self, walk: _Walk, page: Address, depth: int, found: pages.Page) -> bool:
        """Whether a page is listed under its own address, and not under another that it names."""
        if not found.canonical or page in walk.preferred:
            return True
        try:
            canonical = address(found.canonical, page)
        except NotAnAddress:
            return True
        if canonical == page or not is_within(canonical, self._start):
            return True
        # Of two pages that name each other, the first one named is listed.
        walk.preferred.add(canonical)
        self._follow(walk, canonical, depth)
        return False

    def _limit(self, walk: _Walk) -> str:
        if walk.waiting and len(walk.paths) >= self._options.most_pages:
            return self._too_many()
        if time.monotonic() > walk.ends:
            return (
                f"Reading the site takes longer than {self._options.most_seconds} s: the rest is not read, "
                "and what was known of it is kept. Raise the option most_seconds or requests_per_second."
            )
        if walk.bytes_left < 0:
            return (
                f"The site has more than {self._options.most_megabytes} MB of pages: the rest is not read, "
                "and what was known of it is kept. Raise the option most_megabytes."
            )
        return ""

    def _too_many(self) -> str:
        return (
            f"The site has more than {self._options.most_pages} pages: the rest is not read, and what "
            "was known of it is kept. Raise the option most_pages, or choose a longer path."
        )

    def _path(self, page: Address, headers: Mapping[str, str]) -> str | None:
        """The path of the item that an answer is; None for what is no document."""
        content_type = headers.get("content-type", "").partition(";")[0].strip().lower()
        if content_type not in _HTML and content_type not in _DOCUMENTS:
            # Servers that do not know a format say so; its name then tells.
            unknown = content_type in {"", "application/octet-stream", "binary/octet-stream"}
            if not unknown or _suffix(page, "") not in _DOCUMENT_NAMES:
                return None
        return item_path(page, _suffix(page, content_type))

    def _is_no_document(self, page: Address) -> bool:
        return _NO_DOCUMENT.search(page.path) is not None

    def _rules(self) -> Robots:
        """What the site asks of robots; read once for a listing."""
        if self._robots is not None:
            return self._robots
        where = address("/robots.txt", self._start)
        for _ in range(_MOST_REDIRECTS):
            seen = self._seen(where, None, most=LARGEST_ROBOTS)
            if seen.moved_to is None:
                break
            where = seen.moved_to
        else:
            raise PlaceUnavailable(f"{self._start.host} redirects its robots.txt in a circle.")
        if seen.status >= 500 or 300 <= seen.status < 400:
            raise PlaceUnavailable(
                f"{self._start.host} does not say what robots may read (HTTP {seen.status} for robots.txt). "
                "The next synchronisation tries again."
            )
        found = Robots()
        if seen.status < 300:
            found = robots((seen.content or b"").decode("utf-8", "replace"), PRODUCT)
        self._robots = found
        return found

    def _first(self) -> _Seen:
        """The first page; redirects within the site are followed."""
        seen = self._seen(self._start, None)
        for _ in range(_MOST_REDIRECTS):
            if seen.moved_to is None:
                break
            if not is_within(seen.moved_to, self._start):
                raise self._elsewhere(seen.moved_to)
            seen = self._seen(seen.moved_to, None)
        if seen.status in _MOVED:
            raise self._elsewhere(None)
        if seen.status >= 500:
            raise self._failing(seen.status)
        if seen.status in {401, 403}:
            raise PlaceUnavailable(
                f"{self._start.host} does not let {self._start.path} be read (HTTP {seen.status}). Give a "
                "user and a password that may read it."
            )
        return seen

    def _elsewhere(self, target: Address | None) -> PlaceUnavailable:
        where = f" to {target.origin}{target.path}" if target else " to another site or in a circle"
        return PlaceUnavailable(
            f"{self._start} redirects{where}. If that is the site that is meant, give its address as the "
            "location."
        )

    def _failing(self, status: int) -> PlaceUnavailable:
        return PlaceUnavailable(
            f"{self._start.host} answers with HTTP {status}: the site has a fault now. The next "
            "synchronisation tries again."
        )

    def _sitemap_entries(self, rules: Robots, cut: "_Cut") -> Iterator[tuple[Address, str]]:
        """Pages within the location that sitemaps name, and when they were changed, as it is written."""
        usual = [self._options.sitemap] if self._options.sitemap else [*rules.sitemaps]
        waiting = deque(self._sitemaps([*usual, "/sitemap.xml"]))
        asked: set[Address] = set(waiting)
        count = 0
        while waiting:
            where = waiting.popleft()
            count += 1
            if count > _MOST_SITEMAPS:
                cut.reason = (
                    f"The site has more than {_MOST_SITEMAPS} sitemaps: the rest is not read."
                )
                return
            for entry in self._sitemap(where, cut):
                inner = self._sitemaps([entry.address])
                if entry.is_sitemap:
                    fresh = [each for each in inner if each not in asked]
                    asked.update(fresh)
                    waiting.extend(fresh)
                    continue
                for page in inner:
                    if is_within(page, self._start):
                        yield page, entry.modified

    def _sitemaps(self, written: list[str]) -> list[Address]:
        """Addresses of the same site; others are not spoken to."""
        kept: list[Address] = []
        for each in written:
            try:
                where = address(each, self._start)
            except NotAnAddress:
                continue
            if where.origin == self._start.origin and where not in kept:
                kept.append(where)
        return kept

    def _sitemap(self, where: Address, cut: "_Cut") -> list[pages.Entry]:
        seen = self._seen(where, None, most=pages.LARGEST_SITEMAP)
        for _ in range(_MOST_REDIRECTS):
            if seen.moved_to is None:
                break
            seen = self._seen(seen.moved_to, None, most=pages.LARGEST_SITEMAP)
        if seen.status >= 500:
            raise self._failing(seen.status)
        if seen.status >= 300:
            return []
        try:
            if seen.content is None:
                raise pages.BrokenSitemap  # noqa: TRY301 - too large is as good as broken
            return list(pages.sitemap(seen.content))
        except pages.BrokenSitemap:
            # A site that answers whatever it is asked with its first page has no sitemap.
            if seen.content_type not in _HTML:
                cut.reason = (
                    f"The sitemap {where.path} is damaged or too large: pages that only it names are "
                    "not read, and what was known of them is kept."
                )
            return []

    def _seen(self, page: Address, walk: _Walk | None, *, most: int = _LARGEST_PAGE) -> _Seen:
        """One look: HEAD for what is a document by its name, else GET, the body read of HTML.

        Raises:
            PlaceUnavailable: the site does not answer.
        """
        if walk is not None and _suffix(page, "") in _DOCUMENT_NAMES:
            with self._asked("HEAD", page) as answer:
                seen = self._answered(page, answer)
            if seen.status not in _NO_HEAD:
                return seen
        with self._asked("GET", page) as answer:
            seen = self._answered(page, answer)
            readable = walk is None or seen.content_type in _HTML
            if 200 <= seen.status < 300 and readable:
                seen.content = self._body(answer, most)
        if walk is not None:
            walk.bytes_left -= len(seen.content or b"")
        return seen

    def _answered(self, page: Address, answer: Answer) -> _Seen:
        moved_to: Address | None = None
        if answer.status_code in _MOVED:
            try:
                target = address(answer.headers.get("location", ""), page)
            except NotAnAddress:
                target = None
            if target is not None and target.origin == self._start.origin:
                moved_to = target
            elif target is not None and page == self._start:
                raise self._elsewhere(target)
        return _Seen(answer.status_code, dict(answer.headers), None, moved_to)

    def _body(self, answer: Answer, most: int) -> bytes | None:
        """The body; None for one that is larger than it may be."""
        received = bytearray()
        for piece in answer.pieces(DEFAULT_LIMITS.file_bytes):
            received += piece
            if len(received) > most:
                return None
        return bytes(received)

    def _downloaded(self, page: Address, file: IO[bytes]) -> Mapping[str, str] | None:
        """The bytes of a page in a file, and the headers with them; None where it is not there.

        Raises:
            ItemUnreadable: it may not be read.
            ItemTooLarge: as the site says, or once so much was received.
            PlaceUnavailable: the site does not answer.
        """
        most = DEFAULT_LIMITS.file_bytes
        with self._asked("GET", page) as answer:
            status = answer.status_code
            if status in {401, 403}:
                raise ItemUnreadable(
                    f"{page.host} does not let this page be read (HTTP {status}). Give a user who may "
                    "read it."
                )
            if status >= 500:
                raise self._failing(status)
            wishes = pages.directives(answer.headers.get("x-robots-tag", ""), PRODUCT)
            if status >= 300 or wishes & {"noindex", "none"}:
                return None
            headers = dict(answer.headers)
            size = 0
            if (_declared(headers) or 0) > most:
                raise _too_large()
            for piece in answer.pieces(most * 2):
                size += len(piece)
                if size > most:
                    raise _too_large()
                file.write(piece)
        if not _validator(headers) and _is_html(headers):
            file.seek(0)
            headers["etag"] = _hash(file.read(_LARGEST_PAGE + 1))
            file.seek(0, 2)
        return headers

    @contextmanager
    def _asked(self, method: str, page: Address) -> Generator[Answer]:
        """One request, no sooner than the site wants it, and none beside another."""
        if page.origin != self._start.origin:
            raise PlaceUnavailable(f"{page.origin} is not the site of this source.")
        with self._turn:
            delay = self._robots.delay_s if self._robots else 0.0
            time.sleep(max(0.0, self._next - time.monotonic()))
            self._next = time.monotonic() + max(delay, 1 / self._options.requests_per_second)
            try:
                with self._outbound().stream(method, str(page), accept=_ANSWERS) as answer:
                    yield answer
            except Refused as refused:
                raise self._failing(refused.status_code) from None
            except PlaceUnavailable:
                raise
            except Unavailable as error:
                raise PlaceUnavailable(error.message) from None

    def _outbound(self) -> Outbound:
        if self._client is None:
            options = self._options
            password = options.password.get_secret_value()
            self._client = Outbound(
                hosts=(self._start.host,),
                headers={
                    "User-Agent": f"{PRODUCT}/{version_of('centaure')}",
                    "Accept": "text/html, application/xhtml+xml, */*;q=0.8",
                },
                basic=(options.user, password) if options.user else None,
                ca_file=options.ca_file or None,
                longest_s=_LONGEST_ANSWER_S,
                redirects=False,
            )
        return self._client


@dataclass(slots=True)
class _Cut:
    """Why sitemaps were not read to their end, in a sentence."""

    reason: str = ""


def _unsure(walk: _Walk, cut: _Cut) -> Iterator[Problem]:
    """What keeps that which this listing did not come by from being removed."""
    reasons = [reason for reason in (walk.cut, cut.reason) if reason]
    if walk.failed and not reasons:
        reasons.append(
            "Some pages answered with a fault of the site: what only they link to is not read, and what "
            "was known of it is kept."
        )
    if reasons:
        yield Problem(".", "unreadable", " ".join(reasons), holds_below=True)


def _suffix(page: Address, content_type: str) -> str:
    """How the name of an item ends: by what the site says it is, else by its address."""
    name = page.path.rpartition("/")[2].lower()
    ending = name[name.rfind(".") :] if "." in name else ""
    if content_type in _HTML:
        return ending if ending in _HTML_NAMES else ".html"
    if content_type in _DOCUMENTS and not (content_type == "text/plain" and ending in _TEXT_NAMES):
        return _DOCUMENTS[content_type]
    return ending if ending in _DOCUMENT_NAMES or ending in _HTML_NAMES else ".html"


def _is_html(headers: Mapping[str, str]) -> bool:
    return headers.get("content-type", "").partition(";")[0].strip().lower() in _HTML


def _validator(headers: Mapping[str, str]) -> str:
    """What the site itself says of the version of its bytes; '' where it says too little."""
    if etag := headers.get("etag", "").strip():
        return etag[:300]
    modified, now = (
        _moment_ns(headers.get("last-modified", "")),
        _moment_ns(headers.get("date", "")),
    )
    # It counts in seconds: what changed in the last two may change again unseen.
    if modified is None or now is None or now - modified < 2_000_000_000:
        return ""
    return f"{modified // 1_000_000_000} {_declared(headers) or ''}".strip()


def _version(headers: Mapping[str, str], content: bytes | None) -> str:
    said = _validator(headers)
    return said or ("" if content is None else _hash(content))


def _hash(content: bytes) -> str:
    return "sha256:" + hashlib.sha256(content).hexdigest()


def _declared(headers: Mapping[str, str]) -> int | None:
    """Content-Length, where it is that of the bytes and not of a packed form."""
    length = headers.get("content-length", "").strip()
    packed = headers.get("content-encoding", "identity").lower() not in {"", "identity"}
    return int(length) if re.fullmatch(r"\d{1,15}", length) and not packed else None


def _length(seen: _Seen) -> int | None:
    return _declared(seen.headers) if seen.content is None else len(seen.content)


def _moment_ns(date: str) -> int | None:
    """A date of HTTP, in nanoseconds since 1970."""
    try:
        return int(parsedate_to_datetime(date).timestamp()) * 1_000_000_000
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _written_ns(date: str) -> int | None:
    """A date of a sitemap (W3C, a profile of ISO 8601), in nanoseconds since 1970."""
    try:
        moment = datetime.fromisoformat(date)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return int(moment.timestamp()) * 1_000_000_000
    except (ValueError, OverflowError):
        return None


def _dated(modified: str) -> str:
    """A version by a date of a sitemap; '' where more could have changed on that very day."""
    moment = _written_ns(modified)
    if moment is None:
        return ""
    recent = time.time() - moment / 1e9 < 2 * 86_400
    return "" if recent and _DAY_ONLY.fullmatch(modified) else f"sitemap:{modified[:60]}"


def _too_large() -> ItemTooLarge:
    return ItemTooLarge(
        f"The document is larger than {megabytes(DEFAULT_LIMITS.file_bytes)}: it is not read."
    )

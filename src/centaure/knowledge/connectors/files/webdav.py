"""WebDAV (RFC 4918): Nextcloud, ownCloud, Apache, nginx, SharePoint's mapped drives.

It is spoken through `kit.outbound`, like every request over HTTP: hosts, sizes, times and certificates have
one guard. A folder's answer is kept in a file and read piece by piece, for it may be larger than memory.

WebDAV says nothing of who may read. Of Nextcloud it can be known; see `webdav_nextcloud`.
"""

import base64
import tempfile
import unicodedata
from collections.abc import Collection, Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from email.utils import parsedate_to_datetime
from importlib import import_module
from ipaddress import ip_address
from threading import Lock
from typing import IO, Any, Literal, Self, cast
from urllib.parse import quote, unquote, urlsplit

from pydantic import SecretStr
from typing_extensions import override

from centaure.kit.errors import InvalidInput, Refused, Unavailable
from centaure.kit.outbound import Answer, Outbound
from centaure.knowledge.connectors.answers import LONGEST_ANSWER_S
from centaure.knowledge.connectors.files.remote_files import (
    TIMEOUT_S,
    Entry,
    Opened,
    RemoteFolders,
    plain_path,
    settled,
    split_location,
)
from centaure.knowledge.connectors.files.webdav_nextcloud import (
    OWNCLOUD,
    Facts,
    NextcloudRights,
    Way,
    facts_of,
    server_of,
)
from centaure.knowledge.connectors.names import is_ignored
from centaure.knowledge.connectors.port import (
    Item,
    ItemChanged,
    ItemGone,
    ItemUnreadable,
    Options,
    PlaceAccess,
    PlaceGroup,
    PlaceUnavailable,
    Problem,
)
from centaure.knowledge.parsing.limits import DEFAULT_LIMITS, MEBIBYTE

_EXAMPLE = "https://cloud.example.org/remote.php/dav/files/name/folder"
_XML = cast("Any", import_module("lxml.etree"))  # it has no types
_LARGEST_LISTING = 512 * MEBIBYTE
_LONGEST_S = 3600.0  # the largest file at 150 kB a second
_DAV = "{DAV:}"
_ASK = b"""<?xml version="1.0" encoding="utf-8"?>
<propfind xmlns="DAV:" xmlns:oc="http://owncloud.org/ns"><prop><resourcetype/><getcontentlength/>
<getlastmodified/><getetag/><oc:fileid/></prop></propfind>"""
_ASK_RIGHTS = b"""<?xml version="1.0" encoding="utf-8"?>
<propfind xmlns="DAV:" xmlns:oc="http://owncloud.org/ns" xmlns:nc="http://nextcloud.org/ns"><prop>
<resourcetype/><getcontentlength/><getlastmodified/><getetag/><oc:fileid/><oc:owner-id/>
<nc:mount-type/><nc:group-folder-id/><nc:acl-list/></prop></propfind>"""
_NO_RIGHTS = (
    "Rights are read of a Nextcloud, at the address of an account's files such as "
    f"{_EXAMPLE}, with its user and an app password."
)
_ABOVE = (
    "The folders above it cannot be seen, and they may be shared. Give the address of the account's files, "
    "or let the account see them."
)
_NO_FACTS = Facts("", "", None, "", ruled=False)
_UNSEEN = PlaceAccess.unreadable(
    "The server tells of what lies in a folder before it tells of the folder itself, so that its rights "
    "cannot be known. Check that it is a Nextcloud."
)


class WebdavOptions(Options):
    """As whom the folder is read.

    Attributes:
        user: name to sign in with.
        password: of the user; of Nextcloud, an app password.
        ca_file: certificates to trust besides the system's own.
        rights: `nextcloud` mirrors who owns an item there and whom it is shared with.
        login: which name of a person of Nextcloud is the login here: 'id', or 'email'.
    """

    user: str = ""
    password: SecretStr = SecretStr("")
    ca_file: str = ""
    rights: Literal["manifest", "nextcloud"] = "manifest"
    login: Literal["id", "email"] = "id"


class WebdavConnector(RemoteFolders):
    """A folder of a WebDAV server; its location is the folder's address."""

    kind = "webdav"
    options_model = WebdavOptions

    def __init__(self, location: str, options: WebdavOptions) -> None:
        parts = urlsplit(location)
        self._origin = f"{parts.scheme}://{parts.netloc}"
        self._host = parts.hostname or ""
        self._base = plain_path(parts.path)
        headers = {"Accept-Encoding": "identity"}  # a compressed answer has another ETag
        if options.user:
            pair = f"{options.user}:{options.password.get_secret_value()}".encode()
            headers["Authorization"] = f"Basic {base64.b64encode(pair).decode()}"
        self._options = options
        self._headers = headers
        self._made: Outbound | None = None
        self._making = Lock()
        self.reports_access = options.rights == "nextcloud"
        self._rights: NextcloudRights | None = None
        self._top = Way("", frozenset())
        self._ways: dict[str, Way] = {}

    @classmethod
    @override
    def normal_location(cls, written: str, options: Options) -> str:
        parts = split_location(written, "https|http", _EXAMPLE)
        if parts.query or parts.fragment:
            raise InvalidInput(f"This is not the address of a folder such as {_EXAMPLE}.")
        host = cast("str", parts.hostname)
        if (
            parts.scheme == "http"
            and cast("WebdavOptions", options).user
            and not _is_this_machine(host)
        ):
            raise InvalidInput(
                "Over http the password could be read on the way. Give an https address."
            )
        base = plain_path(parts.path)
        _refuse_without_rights(cast("WebdavOptions", options), base)
        return f"{parts.scheme}://{_netloc(parts.scheme, host, parts.port)}/{quote(base)}"

    @classmethod
    @override
    def connect(cls, location: str, options: Options) -> Self:
        return cls(location, cast("WebdavOptions", options))

    @override
    def check(self) -> None:
        try:
            found = self._described("")
        except ItemGone:
            raise PlaceUnavailable(self._root_gone()) from None
        except ItemUnreadable as error:
            raise PlaceUnavailable(error.message) from None
        if found.kind != "folder":
            raise PlaceUnavailable(
                found.problem
                or f"{self._origin}/{self._base} is a file. Give the folder that it lies in."
            )

    @override
    def items(self, since: str | None = None) -> Iterator[Item | Problem]:
        """Everything in the place, folder by folder; with rights, who reads what is asked each time."""
        self._ways.clear()
        yield from super().items(since)
        if self._rights is not None and (left_out := self._rights.left_out()):
            yield Problem(".", "unreadable", left_out)

    @override
    def groups(self, named: Collection[str]) -> Iterable[PlaceGroup]:
        return self._nextcloud().groups(named) if self.reports_access else ()

    @override
    def close(self) -> None:
        made, self._made = self._made, None
        if made is not None:
            made.close()
        rights, self._rights = self._rights, None
        if rights is not None:
            rights.close()

    @override
    def _entries(self, folder: str) -> Iterator[Entry]:
        if self.reports_access and not folder:
            self._top = self._way_above()
        here: Way | None = None
        with tempfile.TemporaryFile(prefix="centaure-listing-") as listing:
            self._propfind(self._whole(folder), "1", listing)
            listing.seek(0)
            for path, entry, facts in self._parsed(listing):
                if path is None:
                    continue
                holder, _, name = path.rpartition("/")
                if _same(path, self._whole(folder)):
                    here = self._way_to(folder, facts) if self.reports_access else None
                    continue
                if not _same(holder, self._whole(folder)):
                    raise ItemUnreadable(
                        "The server lists here what lies elsewhere; what was read of it before is kept. "
                        "Check the address of this source."
                    )
                access = self._access(folder, name, here, entry, facts)
                yield replace(entry, name=name, access=access)

    def _way_above(self) -> Way:
        """Who reads what lies in the folders above the place, all of them, by what is shared now."""
        rights = self._nextcloud()
        rights.begin()
        steps = self._base.split("/")
        _, home = server_of(self._origin, self._base) or ("", len(steps))
        try:
            told = [
                self._told("/".join(steps[:end]), "/".join(steps[:home]))
                for end in range(home, len(steps))
            ]
        except (ItemGone, ItemUnreadable):
            return Way("", frozenset(), _ABOVE)
        return rights.above(facts for _, facts in told)

    def _way_to(self, folder: str, facts: Facts) -> Way:
        """The way to the folder whose listing begins."""
        if not folder:
            return self._nextcloud().step(self._top, facts)
        return self._nextcloud().listed(self._ways.pop(folder, Way("", frozenset())), facts)

    def _access(
        self, folder: str, name: str, here: Way | None, entry: Entry, facts: Facts
    ) -> PlaceAccess | None:
        """Whom the place lets read what lies in a folder; None where the manifest alone says so."""
        if not self.reports_access:
            return None
        if here is None:
            return _UNSEEN
        way = self._nextcloud().step(here, facts)
        if entry.kind == "folder" and not is_ignored(name):
            self._ways[f"{folder}/{name}" if folder else name] = way
        return way.access()

    @override
    @contextmanager
    def _opened(self, path: str) -> Generator[Opened]:
        found = self._described(path)
        if found.problem:
            raise ItemUnreadable(found.problem)
        if found.kind != "file":
            raise ItemGone(path)
        try:
            with self._outbound().stream("GET", self._url(self._whole(path))) as answer:
                self._same_place(answer)
                # A GET of what became a folder meanwhile answers with a page about it.
                told = _version(answer.headers.get("etag") or "", found.modified_ns)
                if found.version and told and told != found.version:
                    raise ItemChanged(path)
                yield Opened(
                    self._pieces(path, found, answer),
                    found.size,
                    found.modified_ns,
                    found.version,
                    found.identity,
                )
        except Refused as error:
            raise self._refusal(path, error) from None
        except Unavailable as error:
            raise PlaceUnavailable(error.message) from None

    def _pieces(self, path: str, found: Entry, answer: Answer) -> Iterator[bytes]:
        yield from answer.pieces(DEFAULT_LIMITS.file_bytes + MEBIBYTE)
        if not answer.headers.get("etag") and self._described(path) != found:
            raise ItemChanged(path)

    def _described(self, path: str) -> Entry:
        """One file or folder, by the server's word of it."""
        return self._told(self._whole(path), self._base)[0]

    def _told(self, whole: str, base: str) -> tuple[Entry, Facts]:
        """The same by its whole path, below `base`, with what its rights depend on."""
        with tempfile.TemporaryFile(prefix="centaure-listing-") as listing:
            self._propfind(whole, "0", listing, base)
            listing.seek(0)
            for told, entry, facts in self._parsed(listing):
                if told is not None and _same(told, whole):
                    return entry, facts
        raise ItemGone(whole)

    def _propfind(
        self, whole: str, depth: str, listing: IO[bytes], base: str | None = None
    ) -> None:
        headers = {"Depth": depth, "Content-Type": "application/xml; charset=utf-8"}
        url = self._url(whole) + ("/" if depth == "1" or whole == self._base else "")
        asked = _ASK_RIGHTS if self.reports_access else _ASK
        try:
            with self._outbound().stream("PROPFIND", url, headers=headers, content=asked) as answer:
                self._same_place(answer, base)
                if answer.status_code != 207:
                    raise self._not_webdav(f"HTTP {answer.status_code}")
                for piece in answer.pieces(_LARGEST_LISTING):
                    listing.write(piece)
        except Refused as error:
            raise self._refusal("" if whole == self._base else whole, error) from None
        except Unavailable as error:
            raise PlaceUnavailable(error.message) from None

    def _refusal(self, path: str, error: Refused) -> Exception:
        if error.status_code in {404, 409, 410} or (path and error.status_code in {400, 414}):
            return ItemGone(path)
        if error.status_code == 403:
            return ItemUnreadable(
                "The server does not let these credentials read it (HTTP 403). Give them the right to."
            )
        if error.status_code == 405:
            return self._not_webdav("HTTP 405")
        return PlaceUnavailable(error.message)

    def _not_webdav(self, why: str) -> PlaceUnavailable:
        return PlaceUnavailable(
            f"{self._host} does not speak WebDAV there ({why}). Check the address; it is one such as "
            f"{_EXAMPLE}."
        )

    def _same_place(self, answer: Answer, base: str | None = None) -> None:
        """Refuse the answer of another address, to which the server redirected."""
        base = self._base if base is None else base
        parts = urlsplit(answer.url)
        origin = f"{parts.scheme}://{_netloc(parts.scheme, parts.hostname or '', parts.port)}"
        path = unquote(parts.path).strip("/")
        if origin != self._origin or not f"{path}/".startswith(f"{base}/".lstrip("/")):
            raise PlaceUnavailable(
                f"{self._host} redirects to {origin}. If that is where the folder is, give its address."
            )

    def _parsed(self, listing: IO[bytes]) -> Iterator[tuple[str | None, Entry, Facts]]:
        """Each response: its path without slashes around it, None where it tells nothing."""
        try:
            for _, element in _XML.iterparse(
                listing,
                events=("end",),
                tag=f"{_DAV}response",
                resolve_entities=False,
                no_network=True,
                load_dtd=False,
                huge_tree=False,
            ):
                yield _response(element)
                element.clear()
                while element.getprevious() is not None:
                    del element.getparent()[0]
        except _XML.XMLSyntaxError:
            raise self._not_webdav("the answer is not XML") from None

    def _whole(self, path: str) -> str:
        return f"{self._base}/{path}".strip("/")

    def _url(self, whole: str) -> str:
        return f"{self._origin}/{quote(whole)}"

    def _nextcloud(self) -> NextcloudRights:
        with self._making:
            if self._rights is None:
                found = server_of(self._origin, self._base)
                if found is None:
                    raise PlaceUnavailable(_NO_RIGHTS)
                client = Outbound(
                    hosts=(self._host,),
                    headers=self._headers,
                    ca_file=self._options.ca_file or None,
                    timeout_s=TIMEOUT_S,
                    longest_s=LONGEST_ANSWER_S,
                    redirects=False,
                )
                self._rights = NextcloudRights(found[0], client, self._options.login)
            return self._rights

    def _outbound(self) -> Outbound:
        with self._making:
            if self._made is None:
                self._made = Outbound(
                    hosts=(self._host,),
                    headers=self._headers,
                    ca_file=self._options.ca_file or None,
                    timeout_s=TIMEOUT_S,
                    longest_s=_LONGEST_S,
                )
            return self._made


def _response(element: Any) -> tuple[str | None, Entry, Facts]:
    href = element.findtext(f"{_DAV}href") or ""
    path = unquote(urlsplit(href.strip()).path, errors="surrogateescape").strip("/")
    for part in element.iterfind(f"{_DAV}propstat"):
        if " 200" not in (part.findtext(f"{_DAV}status") or ""):
            continue
        found = part.find(f"{_DAV}prop")
        if found is not None:
            return path, _entry(found), facts_of(found)
    status = element.findtext(f"{_DAV}status") or element.findtext(f"{_DAV}propstat/{_DAV}status")
    if not path or " 404" in (status or " 404"):
        return None, Entry("", "other"), _NO_FACTS
    problem = f"The server does not tell what it is ({status})."
    return path, Entry("", "other", problem=problem), _NO_FACTS


def _entry(found: Any) -> Entry:
    modified_ns = _nanoseconds(found.findtext(f"{_DAV}getlastmodified"))
    size = (found.findtext(f"{_DAV}getcontentlength") or "").strip()
    resource = found.find(f"{_DAV}resourcetype")
    is_folder = resource is not None and resource.find(f"{_DAV}collection") is not None
    return Entry(
        "",
        "folder" if is_folder else "file",
        int(size) if size.isdecimal() and len(size) < 20 else None,
        modified_ns,
        _version(found.findtext(f"{_DAV}getetag") or "", modified_ns),
        (found.findtext(f"{OWNCLOUD}fileid") or "").strip()[:200],
    )


def _version(etag: str, modified_ns: int | None) -> str:
    """An ETag; a weak one only when nothing changed lately (RFC 9110, section 8.8.3)."""
    etag = etag.strip()[:1000]
    opaque = etag.removeprefix("W/").strip('"').removesuffix("-gzip")
    return settled(opaque, modified_ns) if etag.startswith("W/") else opaque


def _nanoseconds(written: str | None) -> int | None:
    try:
        return int(parsedate_to_datetime(written or "").timestamp()) * 1_000_000_000
    except (TypeError, ValueError, OverflowError):
        return None


def _same(path: str, other: str) -> bool:
    """Whether two paths are one; some servers write accents in another form than they were asked in."""
    return path == other or unicodedata.normalize("NFC", path) == unicodedata.normalize(
        "NFC", other
    )


def _netloc(scheme: str, host: str, port: int | None) -> str:
    shown = f"[{host}]" if ":" in host else host
    return shown if port in {None, {"http": 80, "https": 443}.get(scheme)} else f"{shown}:{port}"


def _refuse_without_rights(options: WebdavOptions, base: str) -> None:
    """Refuse a location whose rights are to be read and cannot be."""
    if options.rights == "nextcloud" and not (options.user and server_of("", base)):
        raise InvalidInput(_NO_RIGHTS)


def _is_this_machine(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False

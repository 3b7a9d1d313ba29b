"""Addresses of pages in one form, and the paths that stand for them."""

import hashlib
import posixpath
import re
from dataclasses import dataclass
from urllib.parse import quote, unquote_to_bytes, urljoin, urlsplit

from centaure.knowledge.connectors.port import LONGEST_PATH_BYTES

LONGEST_ADDRESS = 2000
_LONGEST_QUERY = 120
_PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"[a-z0-9_](?:[a-z0-9._-]*[a-z0-9_])?|[0-9a-f:.]*:[0-9a-f:.]*")
_TRACKING = re.compile(
    r"utm_.*|mtm_.*|pk_.*|piwik_.*|matomo_.*|hsa_.*|_hs.*|mc_[ce]id|[gdf]clid|gclsrc|gbraid|wbraid|fbclid"
    r"|msclkid|yclid|igshid|twclid|_ga|_gl|phpsessid|jsessionid|sessionid|sid",
    re.IGNORECASE,
)
_SESSION = re.compile(r";jsessionid=[^/;]*", re.IGNORECASE)
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
# As they are in a path: what RFC 3986 allows there, but for "%", which is only ever part of an escape.
_PATH_SAFE = "!$&'()*+,;=:@-._~/%"
_QUERY_SAFE = "!$'()*+,;=:@-._~/?&%[]"
# Escaped in the path of an item too: they would be taken for something else there.
_KEPT_ESCAPED = frozenset('%/?#\\"<>|')
HASHED = "~"


class NotAnAddress(ValueError):
    """It is no address of a page."""


@dataclass(frozen=True, slots=True)
class Address:
    """Of a page: scheme, host and port of its site, its path, and its query ('' where there is none)."""

    scheme: str
    host: str
    port: int
    path: str
    query: str = ""

    @property
    def origin(self) -> str:
        """The site, as it is written."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == _PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{host}{port}"

    @property
    def target(self) -> str:
        """Path and query."""
        return f"{self.path}?{self.query}" if self.query else self.path

    def __str__(self) -> str:
        """The whole of it."""
        return f"{self.origin}{self.target}"


def address(written: str, base: Address | None = None) -> Address:
    """An address in its one form; fragments, parameters that only track people, usual ports fall away.

    Raises:
        NotAnAddress: it is none of http or https.
    """
    if len(written) > LONGEST_ADDRESS * 2:
        raise NotAnAddress
    try:
        whole = urljoin(str(base), written.strip()) if base else written.strip()
        parts = urlsplit(whole)
        host, port = parts.hostname or "", parts.port
        if not host.isascii():
            host = host.encode("idna").decode()
    except ValueError:
        raise NotAnAddress from None
    host = host.rstrip(".")
    if parts.scheme not in _PORTS or not _HOST.fullmatch(host) or "@" in parts.netloc:
        raise NotAnAddress
    path = _SESSION.sub("", _normal(parts.path or "/", _PATH_SAFE))
    return _bounded(
        Address(
            parts.scheme,
            host,
            _PORTS[parts.scheme] if port is None else port,
            _without_dots(path),
            _normal(_query(parts.query), _QUERY_SAFE),
        )
    )


def _bounded(made: Address) -> Address:
    if len(str(made)) > LONGEST_ADDRESS:
        raise NotAnAddress
    return made


def _normal(text: str, safe: str) -> str:
    """The same text with one way of writing each character (RFC 3986, section 6.2.2)."""

    def unescaped(found: re.Match[str]) -> str:
        character = chr(int(found.group(1), 16))
        is_unreserved = character.isascii() and (character.isalnum() or character in "-._~")
        return character if is_unreserved else found.group().upper()

    lone = re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", text.encode(errors="replace").decode())
    return quote(_ESCAPE.sub(unescaped, lone), safe=safe)


def _without_dots(path: str) -> str:
    """Without `.` and `..`, and with the slash at its end where it had one."""
    ends = path.endswith(("/", "/.", "/.."))
    # Leading slashes are one: "//host/path" would be taken for another host.
    clean = posixpath.normpath("/" + path.lstrip("/"))
    return clean + "/" if ends and clean != "/" else clean


def _query(query: str) -> str:
    kept = [
        part
        for part in query.split("&")
        if part and not _TRACKING.fullmatch(part.partition("=")[0])
    ]
    return "&".join(kept)


def is_within(page: Address, start: Address) -> bool:
    """Whether a page is on the same site and at or below the path of `start`."""
    if (page.scheme, page.host, page.port) != (start.scheme, start.host, start.port):
        return False
    folder = start.path.rstrip("/")
    return page.path == folder or page.path.startswith(folder + "/")


def item_path(page: Address, suffix: str) -> str:
    """The path of the item that a page is; `suffix`, such as ".html", is added where its name lacks it.

    A folder's own page is its `index.html`. A query follows `?`; a long one is hashed after `?~`.
    """
    path = _readable(page.path.removeprefix("/"))
    folder, _, name = path.rpartition("/")
    name = name or "index"
    if page.query:
        query = _readable(page.query).replace("/", "%2F")
        if len(query) > _LONGEST_QUERY or query.startswith(HASHED):
            query = HASHED + hashlib.sha256(page.query.encode()).hexdigest()[:16]
        name = f"{name}?{query}"
    if not name.lower().endswith(suffix):
        name += suffix
    return f"{folder}/{name}" if folder else name


def possible_addresses(site: Address, path: str) -> list[Address]:
    """The addresses that a path may stand for, the likeliest first; none where the query is hashed."""
    folder, _, name = path.rpartition("/")
    stem, mark, query = name.partition("?")
    if mark and query.startswith(HASHED):
        return []
    endings = [(stem, query), *_shorter(stem, query)]
    made: list[Address] = []
    for each, asked in endings:
        names = ["", each] if each in {"index", "index.html"} else [each]
        for last in names:
            try:
                whole = _escaped(f"/{folder}/{last}" if folder else f"/{last}")
                written = address(
                    site.origin + whole + (f"?{asked.replace('%2F', '/')}" if asked else "")
                )
            except NotAnAddress:
                continue
            if written not in made and _names(written, path):
                made.append(written)
    return made


def _shorter(stem: str, query: str) -> list[tuple[str, str]]:
    """A name without the suffix that may have been added to it."""
    if query:
        shorter, dot, _ = query.rpartition(".")
        return [(stem, shorter)] if dot else []
    shorter, dot, _ = stem.rpartition(".")
    return [(shorter, "")] if dot else []


def _names(page: Address, path: str) -> bool:
    suffix = "." + path.rpartition(".")[2]
    return item_path(page, suffix) == path or item_path(page, "") == path


def _readable(text: str) -> str:
    """Escapes of UTF-8 text as the characters they stand for, but for those that mean something else."""

    def shown(found: re.Match[str]) -> str:
        try:
            characters = unquote_to_bytes(found.group()).decode()
        except UnicodeDecodeError:
            return found.group()
        return "".join(
            character
            if character.isprintable() and character not in _KEPT_ESCAPED
            else "".join(f"%{byte:02X}" for byte in character.encode())
            for character in characters
        )

    return re.sub(r"(?:%[0-9A-F]{2})+", shown, text)


def _escaped(path: str) -> str:
    return quote(path, safe=_PATH_SAFE)


def fits(path: str) -> bool:
    """Whether a path is short enough to be kept."""
    return len(path.encode()) <= LONGEST_PATH_BYTES

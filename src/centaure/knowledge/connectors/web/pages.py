"""What a page and a sitemap say of other pages."""

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any, cast

import lxml.etree
import lxml.html

# lxml has no types of its own: it is spoken to through these two names only.
etree = cast("Any", lxml.etree)  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
html = cast("Any", lxml.html)

_MOST_LINKS = 20_000
LARGEST_SITEMAP = 50 * 1024 * 1024
_MOST_ENTRIES = 50_000
_CHARSET = re.compile(r"charset\s*=\s*\"?([A-Za-z0-9_.:-]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Page:
    """What a page says of itself and of others; addresses as they are written.

    Attributes:
        base: what its links are relative to; '' for its own address.
        links: to other pages.
        canonical: its address by its own word; '' where it says none.
        is_listed: whether it wants to be found (no `noindex`).
    """

    base: str = ""
    links: tuple[str, ...] = ()
    canonical: str = ""
    is_listed: bool = True


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a sitemap: a page, or another sitemap; `modified` as it is written, or ''."""

    address: str
    modified: str
    is_sitemap: bool


class BrokenSitemap(ValueError):
    """It is no sitemap, or larger than one may be."""


def page(content: bytes, content_type: str, product: str) -> Page:
    """What a page of HTML says; nothing of what cannot be read."""
    try:
        root = _tree(content, content_type)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, LookupError):
        return Page()
    base, canonical, wishes = "", "", set[str]()
    links: list[str] = []
    for element in root.iter("a", "area", "base", "link", "meta"):
        attributes = {str(key): str(value) for key, value in element.attrib.items()}
        relations = attributes.get("rel", "").lower().split()
        href = attributes.get("href", "").strip()
        if element.tag == "base":
            base = base or href
        elif element.tag == "link":
            canonical = canonical or (href if "canonical" in relations else "")
        elif element.tag == "meta":
            if attributes.get("name", "").lower() in {"robots", product.lower()}:
                wishes |= directives(attributes.get("content", ""), product)
        elif href and "nofollow" not in relations and len(links) < _MOST_LINKS:
            links.append(href)
    return Page(
        base,
        () if wishes & {"nofollow", "none"} else tuple(links),
        canonical,
        not wishes & {"noindex", "none"},
    )


def directives(value: str, product: str) -> set[str]:
    """What a robots tag or an X-Robots-Tag asks of this product and of all."""
    wishes: set[str] = set()
    meant = True
    for part in value.lower().split(","):
        name, colon, rest = part.strip().partition(":")
        if colon and name not in {"max-snippet", "max-image-preview", "unavailable_after"}:
            meant = name.strip() in {"robots", "*", product.lower()}
            name = rest
        if meant:
            wishes.add(name.strip())
    return wishes


def _tree(content: bytes, content_type: str) -> Any:
    declared = _CHARSET.search(content_type)
    encoding = declared.group(1) if declared else None
    parser: Any = html.HTMLParser(
        encoding=encoding, no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    return html.document_fromstring(content or b"<html></html>", parser=parser)


def sitemap(content: bytes) -> Iterator[Entry]:
    """The lines of a sitemap or of an index of sitemaps, packed or not.

    Raises:
        BrokenSitemap: it is none.
    """
    try:
        events = etree.iterparse(
            BytesIO(_unpacked(content)),
            events=("end",),
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        count = 0
        for _, element in events:
            name = etree.QName(element).localname
            if name not in {"url", "sitemap"}:
                continue
            found = {etree.QName(child).localname: (child.text or "").strip() for child in element}
            element.clear()
            while (before := element.getprevious()) is not None:
                element.getparent().remove(before)
            count += 1
            if count > _MOST_ENTRIES:
                raise BrokenSitemap
            if found.get("loc"):
                yield Entry(found["loc"], found.get("lastmod", ""), name == "sitemap")
    except (etree.XMLSyntaxError, ValueError, zlib.error) as error:
        raise BrokenSitemap from error


def _unpacked(content: bytes) -> bytes:
    if not content.startswith(b"\x1f\x8b"):
        return content
    unpacking = zlib.decompressobj(wbits=31)
    unpacked = unpacking.decompress(content, LARGEST_SITEMAP)
    if not unpacking.eof:
        raise BrokenSitemap
    return unpacked

"""The text that a page itself holds, as HTML, without anything that Confluence would render into it.

A page is stored as XHTML with elements of Confluence's own. Rendered by Confluence (`view`, `export_view`),
macros that show other pages are filled with what the account of the source may read, and so closed text would
stand in an open page. Nothing is rendered here: of macros, the bodies that their authors wrote into the page
are kept where the macro only frames them, and all others are dropped, with their parameters. Of links, the
author's own words are kept, and no title of the page that they lead to.
"""

import html
import importlib
import re
from typing import Any, cast

_AC, _RI, _AT = "urn:confluence:ac", "urn:confluence:ri", "urn:confluence:at"
_ROOT = f'<root xmlns:ac="{_AC}" xmlns:ri="{_RI}" xmlns:at="{_AT}">'
_FRAMES = frozenset(
    [
        "code",
        "noformat",
        "panel",
        "info",
        "note",
        "tip",
        "warning",
        "expand",
        "quote",
        "excerpt",
        "details",
    ]
)
_PANELS = frozenset({"panel", "decision-list", "decision-item"})
_BODIES = frozenset({"plain-text-body", "rich-text-body"})
_LINK_BODIES = frozenset({"plain-text-link-body", "link-body"})
# Which elements of Confluence become which of HTML; "" keeps what they hold.
_WRITTEN = {
    "structured-macro": "div",
    "macro": "div",
    "plain-text-body": "pre",
    "rich-text-body": "",
    "link": "",
    "plain-text-link-body": "",
    "link-body": "",
    "task-list": "ul",
    "task": "li",
    "task-body": "",
    "layout": "div",
    "layout-section": "div",
    "layout-cell": "div",
    "inline-comment-marker": "",
    "adf-extension": "div",
    "adf-node": "div",
    "adf-content": "",
}
# Of these, only some of the elements in them are kept.
_INSIDE = {
    "structured-macro": _BODIES,
    "macro": _BODIES,
    "link": _LINK_BODIES,
    "task-list": frozenset({"task"}),
    "task": frozenset({"task-body"}),
    "adf-extension": frozenset({"adf-node"}),
    "adf-node": frozenset({"adf-node", "adf-content"}),
}
_DROPPED = frozenset(["script", "style", "iframe", "object", "embed", "form", "img"])
_EMPTY = frozenset(["br", "hr", "col", "wbr"])
_ATTRIBUTES = frozenset(["href", "colspan", "rowspan", "start"])
_OF_HTML = re.compile(r"[a-z][a-z0-9]*")
_ENTITY = re.compile(r"<!\[CDATA\[.*?(?:\]\]>|\Z)|&[A-Za-z][A-Za-z0-9]*;", re.DOTALL)
_OF_XML = frozenset({"&amp;", "&lt;", "&gt;", "&quot;", "&apos;"})
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def as_html(storage: str) -> str:
    """A page's own text; what is no well-formed storage format gives what could be read of it."""
    if not storage.strip():
        return ""
    written: list[str] = []
    waiting: list[Any] = [_parsed(storage)]
    while waiting:  # not by recursion: elements may lie in each other as deep as somebody likes
        part = waiting.pop()
        if isinstance(part, str):
            written.append(part)
        elif part is not None:
            waiting.extend(reversed(_parts(part)))
    return "".join(written)


def _parsed(storage: str) -> Any:
    """The page's elements below one root; nothing outside the text is read."""
    etree = cast("Any", importlib.import_module("lxml.etree"))
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        recover=True,
        remove_comments=True,
        remove_pis=True,
    )
    text = _ENTITY.sub(_as_character, _NO_XML.sub(" ", storage))
    return etree.fromstring(f"{_ROOT}{text}</root>".encode(), parser)


def _as_character(found: re.Match[str]) -> str:
    """Entities are those of HTML, which XML does not know; in a CDATA section there are none."""
    entity = found.group()
    if entity.startswith("<") or entity in _OF_XML:
        return entity
    return html.escape(html.unescape(entity))


def _parts(element: Any) -> list[Any]:
    """An element as pieces of HTML, and elements that are still to be written."""
    namespace, _, name = str(element.tag).rpartition("}")
    if namespace.removeprefix("{") == _AC:
        return _of_confluence(element, name)
    if name == "root":
        return _held(element)
    if namespace or name in _DROPPED or not _OF_HTML.fullmatch(name):
        return []
    if name == "time":
        return [html.escape(element.get("datetime") or ""), *_held(element)]
    attributes = "".join(
        f' {key}="{html.escape(value)}"' for key, value in element.items() if key in _ATTRIBUTES
    )
    return [f"<{name}{attributes}>", *_held(element), "" if name in _EMPTY else f"</{name}>"]


def _of_confluence(element: Any, name: str) -> list[Any]:
    is_macro = name in {"structured-macro", "macro"}
    if name not in _WRITTEN or (is_macro and element.get(f"{{{_AC}}}name") not in _FRAMES):
        return []
    if name == "adf-node" and element.get("type") not in _PANELS:
        return []
    only = _INSIDE.get(name)
    held = _held(element) if only is None else _chosen(element, only)
    tag = _WRITTEN[name]
    return [f"<{tag}>", *held, f"</{tag}>"] if tag else held


def _held(element: Any) -> list[Any]:
    """The texts and elements in an element, in order."""
    held: list[Any] = [html.escape(element.text or "", quote=False)]
    for child in element:
        held += (child, html.escape(child.tail or "", quote=False))
    return held


def _chosen(element: Any, names: frozenset[str]) -> list[Any]:
    wanted = {f"{{{_AC}}}{name}" for name in names}
    return [child for child in element if child.tag in wanted]

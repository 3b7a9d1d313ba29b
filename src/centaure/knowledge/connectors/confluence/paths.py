"""Where pages lie in a source: `SPACE/Title (ID).html`, their attachments in `SPACE/Title (ID)/`."""

import html
import re
from dataclasses import dataclass
from pathlib import PurePosixPath

from centaure.knowledge.connectors.confluence.service import Attachment, Content
from centaure.knowledge.connectors.port import path_problem

_LONGEST_TITLE = 150
_UNSAFE = re.compile(r"[/\\\x00-\x1f\x7f]")
_PATH = re.compile(
    r"(?P<space>[^/]+)/(?P<blog>blog/)?[^/]* \((?P<id>[A-Za-z0-9_-]{1,64})\)(?:\.html|/(?P<file>[^/]+))"
)
_BLOG = "blog/"


@dataclass(frozen=True, slots=True)
class Meant:
    """What a path means; `file` is the name of an attachment, "" for the page itself."""

    space: str
    kind: str
    id: str
    file: str


def folder_of(space: str, content: Content) -> str:
    """The folder of a page's attachments."""
    blog = _BLOG if content.kind == "blogpost" else ""
    return f"{space}/{blog}{_safe(content.title, 'untitled')} ({content.id})"


def page_path(space: str, content: Content) -> str:
    """The path of a page or blog post."""
    return f"{folder_of(space, content)}.html"


def attachment_path(space: str, content: Content, attachment: Attachment) -> str:
    """The path of an attachment; a name that is none carries the identifier, to stay the only one."""
    name = attachment.title
    safe = _safe(name, "file")
    if safe != name or path_problem(name) is not None:
        stem, suffix = PurePosixPath(safe).stem, PurePosixPath(safe).suffix
        name = f"{stem} ({attachment.id}){suffix}"
    return f"{folder_of(space, content)}/{name}"


def meaning(path: str) -> Meant | None:
    """What a path means; None where it is of no form that a listing has."""
    match = _PATH.fullmatch(path)
    if match is None or path_problem(path) is not None:
        return None
    kind = "blogpost" if match["blog"] else "page"
    return Meant(match["space"], kind, match["id"], match["file"] or "")


def document(space: str, titles: list[str], content: Content) -> bytes:
    """A page as an HTML document of its own.

    Args:
        space: its key.
        titles: of what it lies below, from the top.
        content: with its body.
    """
    way = " › ".join(html.escape(step) for step in [space, *titles])
    title = html.escape(content.title)
    return (
        f'<!DOCTYPE html>\n<html>\n<head><meta charset="utf-8"><title>{title}</title></head>\n'
        f"<body>\n<p>{way}</p>\n<h1>{title}</h1>\n{content.body}\n</body>\n</html>\n"
    ).encode("utf-8", "replace")


def _safe(name: str, otherwise: str) -> str:
    """A name as one step of a path, and no longer than most systems hold."""
    shown = _UNSAFE.sub("-", name.encode("utf-8", "replace").decode())
    if len(shown.encode()) > _LONGEST_TITLE:
        suffix = PurePosixPath(shown).suffix[:20]
        room = _LONGEST_TITLE - len(suffix.encode())
        shown = shown.encode()[:room].decode(errors="ignore").rstrip() + suffix
    return otherwise if shown.strip(" .") == "" else shown

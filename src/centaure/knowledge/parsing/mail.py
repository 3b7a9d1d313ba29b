"""EML to blocks: a first block with the headers, the body, and the attachments as files.

Of a reply, the body is what its author wrote: see `quotations`.
"""

import email
import email.policy
import re
from datetime import UTC, datetime
from email.header import decode_header, make_header
from email.message import EmailMessage, Message
from email.utils import parsedate_to_datetime
from pathlib import Path, PurePosixPath
from typing import cast

from centaure.knowledge.parsing.blocks import Attachment, Block, BlockKind, ParsedDocument
from centaure.knowledge.parsing.encodings import decode_text
from centaure.knowledge.parsing.errors import BrokenFile, FileTooLarge, ParseFailure
from centaure.knowledge.parsing.limits import Limits, megabytes
from centaure.knowledge.parsing.plain import text_blocks
from centaure.knowledge.parsing.quotations import Setting, is_reply, own_places
from centaure.knowledge.parsing.web import decode_html, message_blocks

_HEADERS = (("From", "From"), ("To", "To"), ("Cc", "Cc"), ("Date", "Date"), ("Subject", "Subject"))
_LONGEST_HEADER = 2000
# Programs that store messages in one file write ">From " where a line of text begins with "From ".
_QUOTED_LINE = re.compile(r"\s{0,3}>(?!From )")
_MOST_PARTS = 2000
_EXTENSIONS = {
    "text/plain": ".txt",
    "text/html": ".html",
    "text/csv": ".csv",
    "application/pdf": ".pdf",
    "message/rfc822": ".eml",
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/tiff": ".tif",
}


def parse_eml(path: Path, limits: Limits) -> ParsedDocument:
    """Reads a message.

    Raises:
        FileTooLarge: the message, with its attachments, is larger than a message may be.
        BrokenFile: it is no message, or nested beyond what a person would send.
    """
    size = path.stat().st_size
    if size > 4 * limits.attachment_bytes:
        raise FileTooLarge(f"The message is {megabytes(size)} large with its attachments.")
    message = read_message(path.read_bytes(), limits)
    if not message.keys():
        raise BrokenFile("The file holds no message: it has no headers such as From or Date.")
    blocks = [Block(BlockKind.PARAGRAPH, _headers(message))]
    notes: list[str] = []
    body = _body(message, notes)
    blocks.extend(body)
    attachments = tuple(_attachments(message, limits, notes))
    if attachments:
        names = ", ".join(attachment.name for attachment in attachments)
        blocks.append(Block(BlockKind.PARAGRAPH, f"Attachments: {names}"))
    return ParsedDocument(
        "eml",
        _header(message, "Subject") or None,
        _header(message, "From") or None,
        _sent(message),
        None,
        None,
        tuple(blocks),
        attachments,
        tuple(notes),
    )


def read_message(content: bytes, limits: Limits) -> EmailMessage:
    """A message parsed; a depth that could exhaust the parser is refused before.

    Raises:
        BrokenFile: multiparts or messages are nested too deeply.
    """
    # The parser keeps a reader for every level: nesting is bounded by what can open a level.
    lowered = content.lower()
    if lowered.count(b"multipart/") > 500 or lowered.count(b"message/rfc822") > 500:
        raise BrokenFile(
            "The message is nested more deeply than any ordinary one: it was not read."
        )
    message = email.message_from_bytes(content, policy=email.policy.default)
    if _depth(message, limits.nesting * 5) > limits.nesting * 5:
        raise BrokenFile(
            "The message is nested more deeply than any ordinary one: it was not read."
        )
    return message


def _depth(message: Message, most: int) -> int:
    level: list[Message] = [message]
    depth = 0
    while level and depth <= most:
        depth += 1
        level = [
            part
            for parent in level
            if parent.is_multipart()
            for part in cast("list[Message]", parent.get_payload())
        ]
    return depth


def _header(message: Message, name: str) -> str:
    """A header in one readable line, whatever its encoding; empty when absent."""
    try:
        value = str(message.get(name, ""))
    except (ValueError, LookupError, IndexError, AttributeError, TypeError):
        # The structured parser gives up on some malformed headers; the raw text remains.
        raw = next((str(v) for k, v in message.raw_items() if k.lower() == name.lower()), "")
        value = _decoded(raw)
    return " ".join(value.split())[:_LONGEST_HEADER]


def _decoded(raw: str) -> str:
    try:
        return str(make_header(decode_header(raw)))
    except (ValueError, LookupError):
        return raw


def _headers(message: Message) -> str:
    lines = [(label, _header(message, name)) for name, label in _HEADERS]
    return "\n".join(f"{label}: {value}" for label, value in lines if value)


def _sent(message: Message) -> datetime | None:
    try:
        moment = parsedate_to_datetime(_header(message, "Date"))
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _body(message: EmailMessage, notes: list[str]) -> list[Block]:
    """The blocks of the body: the web version where it says more, else the plain one."""
    try:
        part = message.get_body(("plain",))
        rich = message.get_body(("html",))
    except (KeyError, ValueError, AttributeError, IndexError):
        notes.append("The structure of the message is damaged: its body was not found.")
        return []
    plain = "" if part is None else _plain_text(part)
    if rich is not None:
        try:
            found = message_blocks(decode_html(_declared_text(rich).encode()))
        except ParseFailure:
            found = []
        inked = sum(map(len, plain.split()))
        if sum(len(piece) for b, _ in found for piece in b.text.split()) >= 0.8 * inked:
            return _own_blocks(found, message)
    return list(text_blocks("\n".join(_own_lines(plain.split("\n"), message))))


def _plain_text(part: Message) -> str:
    text = decode_text(_content(part))[0] if _is_utf8(part) else _declared_text(part)
    return text.replace("\r\n", "\n")


def _own_blocks(found: list[tuple[Block, Setting]], message: Message) -> list[Block]:
    blocks = [block for block, _ in found]
    if not _is_reply(message):
        return blocks
    texts, settings = [block.text for block in blocks], [setting for _, setting in found]
    subject = _header(message, "Subject")
    return [blocks[place] for place in own_places(texts, settings, subject, paragraphs=True)]


def _own_lines(lines: list[str], message: Message) -> list[str]:
    if not _is_reply(message):
        return lines
    settings = [Setting.SET_OFF if _QUOTED_LINE.match(line) else Setting.OWN for line in lines]
    subject = _header(message, "Subject")
    return [lines[place] for place in own_places(lines, settings, subject, paragraphs=False)]


def _is_reply(message: Message) -> bool:
    answers = "In-Reply-To" in message or "References" in message
    return is_reply(_header(message, "Subject"), answers=answers)


def _is_utf8(part: Message) -> bool:
    return (part.get_content_charset() or "utf-8").lower() in ("utf-8", "us-ascii")


def _content(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _declared_text(part: Message) -> str:
    content = _content(part)
    charset = part.get_content_charset()
    if charset is not None and charset.lower() not in ("utf-8", "us-ascii"):
        try:
            return content.decode(charset, errors="replace").replace("\r\n", "\n")
        except LookupError:
            pass
    return decode_text(content)[0]


def _attachments(message: EmailMessage, limits: Limits, notes: list[str]) -> list[Attachment]:
    """The files of a message; pictures shown inside its body are not among them."""
    found: list[Attachment] = []
    names: set[str] = set()
    total = 0
    for part in _attached_parts(message):
        media_type = part.get_content_type()
        content = _attached_content(part, media_type)
        if not content:
            continue
        name = _unique(_safe_name(part, media_type, len(found) + 1), names)
        total += len(content)
        if len(found) >= limits.attachments or total > limits.attachment_bytes:
            notes.append(f"Attachment {name} and those after it were too many or too large.")
            break
        found.append(Attachment(name, media_type, content))
    return found


def _attached_parts(message: EmailMessage) -> list[Message]:
    """The parts that are files, without going into attached messages."""
    found: list[Message] = []
    stack: list[tuple[Message, bool]] = [(message, True)]
    seen = 0
    while stack and seen < _MOST_PARTS:
        part, top = stack.pop()
        seen += 1
        kind = part.get_content_type()
        if kind == "message/rfc822" and not top:
            found.append(part)
        elif part.is_multipart():
            children = cast("list[Message]", part.get_payload())
            stack.extend((child, False) for child in reversed(children))
        elif _is_file(part, kind):
            found.append(part)
    return found


def _is_file(part: Message, kind: str) -> bool:
    disposition = part.get_content_disposition()
    if disposition == "attachment":
        return True
    if kind.startswith("image/") and part.get("Content-ID"):
        return False
    return part.get_filename() is not None or not kind.startswith(("text/", "multipart/"))


def _attached_content(part: Message, media_type: str) -> bytes:
    if media_type == "message/rfc822":
        inner = part.get_payload()
        if isinstance(inner, list) and inner:
            return cast("Message", inner[0]).as_bytes()
        return _content(part)
    return _content(part)


def _safe_name(part: Message, media_type: str, number: int) -> str:
    """The name of an attachment as a single path component, made up where it has none."""
    given = _decoded(part.get_filename() or "")
    if not given and media_type == "message/rfc822":
        inner = part.get_payload()
        if isinstance(inner, list) and inner:
            given = _header(cast("Message", inner[0]), "Subject")[:80] + ".eml"
    name = PurePosixPath(given.replace("\\", "/")).name if given != ".eml" else ""
    name = "".join(c if c.isprintable() and c not in '<>:"|?*/' else "_" for c in name).strip(". ")
    if not name:
        name = f"attachment-{number}{_EXTENSIONS.get(media_type, '')}"
    return name[:150]


def _unique(name: str, taken: set[str]) -> str:
    candidate, number = name, 1
    while candidate.casefold() in taken:
        number += 1
        path = PurePosixPath(name)
        candidate = f"{path.stem} ({number}){path.suffix}"
    taken.add(candidate.casefold())
    return candidate


def extract_attachment(path: Path, inner_path: str, limits: Limits) -> Attachment:
    """An attachment of a message, found by the name that parsing gave it.

    Args:
        path: the message.
        inner_path: the attachment's name, or names joined by "/" through attached messages.
        limits: as in parsing; names are given in the same way.

    Raises:
        ParseFailure: the message cannot be read, or holds no such attachment.
    """
    content = path.read_bytes()
    found: Attachment | None = None
    for name in inner_path.split("/"):
        message = read_message(content, limits)
        attachments = _attachments(message, limits, [])
        found = next((a for a in attachments if a.name == name), None)
        if found is None:
            break
        content = found.content
    if found is None:
        raise BrokenFile("The message no longer holds this attachment.")
    return found

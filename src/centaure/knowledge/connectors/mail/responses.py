"""What an IMAP server answers, taken apart: FETCH, LIST and ACL (RFC 3501, RFC 4314), folder names, dates."""

import base64
import binascii
import email
import email.policy
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parsedate_to_datetime
from typing import TypeAlias

from centaure.knowledge.connectors.mail.session import Parts

_TOKEN = re.compile(
    rb'\s*(?:(\()|(\))|"((?:[^"\\]|\\.)*)"|((?:[^\s()"\[]+|\[[^\]]*\]|\[)+))', re.DOTALL
)
_ESCAPED = re.compile(rb"\\(.)", re.DOTALL)
_LITERAL = re.compile(rb"\{\d+\}$")
_NUMBER = re.compile(rb"\d{1,20}")
_LONGEST_SUBJECT = 160
_DEEPEST = 20
# A slash would open a folder; this one only looks like it.
_SLASH = "\u2215"

Value: TypeAlias = "bytes | list[Value]"


@dataclass(frozen=True, slots=True)
class Fetched:
    """One FETCH answer; `attributes` by upper-case name, such as b'UID'."""

    number: int
    attributes: dict[bytes, Value]

    def whole_number(self, name: bytes) -> int | None:
        """An attribute that is a number."""
        value = self.attributes.get(name)
        if isinstance(value, bytes) and _NUMBER.fullmatch(value):
            return int(value)
        return None

    def text(self, prefix: bytes) -> bytes | None:
        """The first text of a name that begins so, such as b'BODY['; empty for NIL."""
        for name, value in self.attributes.items():
            if name.startswith(prefix) and isinstance(value, _Literal):
                return bytes(value)
            if name.startswith(prefix) and isinstance(value, bytes) and value.upper() == b"NIL":
                return b""
        return None

    def flags(self) -> frozenset[bytes]:
        """Lower-case."""
        value = self.attributes.get(b"FLAGS")
        if not isinstance(value, list):
            return frozenset()
        return frozenset(flag.lower() for flag in value if isinstance(flag, bytes))


@dataclass(frozen=True, slots=True)
class Folder:
    r"""A line of LIST.

    Attributes:
        raw_name: as the server wants it.
        names: the folder and those it lies in, outermost first, as people read them.
        attributes: lower-case, such as `\noselect`.
    """

    raw_name: bytes
    names: tuple[str, ...]
    attributes: frozenset[str]

    @property
    def path(self) -> str:
        """Posix."""
        return "/".join(name.replace("/", _SLASH) for name in self.names)


def fetched(parts: Parts) -> Iterator[Fetched]:
    """The messages of the answers to a FETCH.

    Raises:
        ValueError: they are no such answers.
    """
    for line in _lines(parts):
        tokens = _tokens(line)
        number = next(tokens, b"")
        if not _NUMBER.fullmatch(number):
            raise ValueError("an answer without a number")
        if next(tokens, b"") != _OPEN:
            raise ValueError("an answer without a list")
        values = _list(tokens, 0)
        names = [value.upper() if isinstance(value, bytes) else b"" for value in values[::2]]
        yield Fetched(int(number), dict(zip(names, values[1::2], strict=False)))


def folders(parts: Parts) -> Iterator[Folder]:
    """The folders of the answers to a LIST.

    Raises:
        ValueError: they are no such answers.
    """
    for line in _lines(parts):
        tokens = _tokens(line)
        if next(tokens, b"") != _OPEN:
            raise ValueError("a folder without attributes")
        attributes = _list(tokens, 0)
        delimiter = _word(next(tokens, b""))
        raw_name = _word(next(tokens, b""))
        single = delimiter.upper() == b"NIL" or not delimiter
        raw_names = [raw_name] if single else raw_name.split(delimiter)
        yield Folder(
            raw_name,
            tuple(decoded_name(name) for name in raw_names),
            frozenset(
                value.decode("ascii", "replace").lower()
                for value in attributes
                if isinstance(value, bytes)
            ),
        )


def rights(parts: Parts) -> list[tuple[str, str]]:
    """Identifiers and their rights, of the answer to a GETACL.

    Raises:
        ValueError: it is no such answer.
    """
    lines = list(_lines(parts))
    if len(lines) != 1:
        raise ValueError("not one list of rights")
    words = [_word(token).decode() for token in _tokens(lines[0])]
    if len(words) % 2 == 0:
        raise ValueError("an identifier without rights")
    return list(zip(words[1::2], words[2::2], strict=True))


def decoded_name(raw_name: bytes) -> str:
    """A folder's name from modified UTF-7 (RFC 3501, section 5.1.3); as it is where it is none."""
    try:
        text = raw_name.decode("ascii")
    except UnicodeDecodeError:
        return raw_name.decode("utf-8", "backslashreplace")
    try:
        return re.sub(r"&([^-]*)-", lambda found: _shifted(found.group(1)), text)
    except (binascii.Error, ValueError):
        return text


def _shifted(code: str) -> str:
    if not code:
        return "&"
    padded = code.replace(",", "/") + "=" * (-len(code) % 4)
    return base64.b64decode(padded, validate=True).decode("utf-16-be")


def moment_ns(date: bytes | None) -> int | None:
    """An INTERNALDATE, in nanoseconds since 1970."""
    try:
        words = (date or b"").decode("ascii").strip().replace("-", " ", 2)
        return int(parsedate_to_datetime(words).timestamp()) * 1_000_000_000
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def headers(raw: bytes) -> Message:
    """The headers of a message, kept as they are written."""
    return email.message_from_bytes(raw, policy=email.policy.compat32)


def subject(message: Message) -> str:
    """The subject as part of a file's name: one line, bounded, the same each time; may be empty."""
    written = _written(message, "subject")
    try:
        text = str(make_header(decode_header(written)))
    except (ValueError, LookupError, TypeError, binascii.Error):
        text = written
    return cleaned(text)


def _written(message: Message, name: str) -> str:
    """A header as it is in the message: ASCII, or UTF-8 (RFC 6532), or whatever an old program sent."""
    value = next((str(text) for key, text in message.raw_items() if key.lower() == name), "")
    raw = value.encode("ascii", "surrogateescape") if _is_escaped(value) else value.encode()
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _is_escaped(text: str) -> bool:
    """Whether the only characters beyond ASCII stand for bytes."""
    return all(ord(character) < 128 or 0xDC80 <= ord(character) <= 0xDCFF for character in text)


def cleaned(text: str) -> str:
    """A text without what a name cannot hold: control characters, halves of characters, slashes."""
    kept = (
        " " if character.isspace() else character
        for character in text[: _LONGEST_SUBJECT * 4]
        if character.isspace() or unicodedata.category(character) not in {"Cc", "Cf", "Cs"}
    )
    line = " ".join("".join(kept).replace("/", _SLASH).split())
    return line.encode()[:_LONGEST_SUBJECT].decode(errors="ignore").strip(" .")


_OPEN = b"("
_CLOSE = b")"


class _Literal(bytes):
    """A string that came as a literal or in quotes: never a parenthesis."""

    __slots__ = ()


def _lines(parts: Parts) -> Iterator[list[bytes | _Literal]]:
    """Each answer as pieces: text, and the literals between."""
    line: list[bytes | _Literal] = []
    for part in parts:
        if isinstance(part, tuple):
            line += [_LITERAL.sub(b"", part[0]), _Literal(part[1])]
            continue
        line.append(part)
        yield line
        line = []
    if line:
        yield line


def _tokens(line: list[bytes | _Literal]) -> Iterator[bytes]:
    for piece in line:
        if isinstance(piece, _Literal):
            yield piece
            continue
        position = 0
        while (found := _TOKEN.match(piece, position)) is not None:
            position = found.end()
            opened, closed, in_quotes, atom = found.groups()
            if in_quotes is not None:
                yield _Literal(_ESCAPED.sub(rb"\1", in_quotes))
            else:
                yield opened or closed or atom
        if piece[position:].strip():
            raise ValueError("a text that is not of the protocol")


def _list(tokens: Iterator[bytes], depth: int) -> list[Value]:
    if depth > _DEEPEST:
        raise ValueError("lists in lists without end")
    values: list[Value] = []
    for token in tokens:
        if not isinstance(token, _Literal) and token == _OPEN:
            values.append(_list(tokens, depth + 1))
        elif not isinstance(token, _Literal) and token == _CLOSE:
            return values
        else:
            values.append(token)
    raise ValueError("a list that does not end")


def _word(token: bytes) -> bytes:
    if not isinstance(token, _Literal) and token in {_OPEN, _CLOSE}:
        raise ValueError("a list where a word belongs")
    return token

"""What passes between a parser process and its owner: JSON, checked field by field on arrival.

The child reads hostile files and may be taken over by one. Its answers are data of known types or
they are refused; nothing that could run is ever decoded.
"""

import base64
import binascii
from collections.abc import Mapping
from datetime import datetime
from typing import TypeVar, cast

from centaure.knowledge.parsing.blocks import (
    Attachment,
    Block,
    BlockKind,
    Box,
    ParsedDocument,
    ParseOutcome,
    ParseStatus,
)

T = TypeVar("T")


class MalformedAnswerError(ValueError):
    """The parser process answered something that is no answer."""


def encode_bytes(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")


def decode_bytes(value: object) -> bytes:
    try:
        return base64.b64decode(_typed(value, str), validate=True)
    except binascii.Error as error:
        raise MalformedAnswerError("not base64") from error


def encode_attachment(attachment: Attachment) -> list[object]:
    return [attachment.name, attachment.media_type, encode_bytes(attachment.content)]


def decode_attachment(value: object) -> Attachment:
    name, media_type, content = _sequence(value, 3)
    return Attachment(_typed(name, str), _typed(media_type, str), decode_bytes(content))


def encode_boxes(boxes: tuple[Box, ...]) -> list[object]:
    return [[box.page, box.left, box.top, box.right, box.bottom] for box in boxes]


def decode_boxes(value: object) -> tuple[Box, ...]:
    return tuple(_box(item) for item in _sequence(value))


def encode_outcome(outcome: ParseOutcome) -> dict[str, object]:
    document = outcome.document
    return {
        "status": outcome.status.value,
        "reason": outcome.reason,
        "document": None if document is None else _encode_document(document),
    }


def decode_outcome(value: object) -> ParseOutcome:
    """The outcome that `encode_outcome` encoded.

    Raises:
        MalformedAnswerError: the value is anything else.
    """
    fields = _mapping(value)
    try:
        status = ParseStatus(_typed(fields.get("status"), str))
    except ValueError as error:
        raise MalformedAnswerError("unknown status") from error
    document = fields.get("document")
    decoded = None if document is None else _decode_document(_mapping(document))
    if (decoded is None) == (status is ParseStatus.PARSED):
        raise MalformedAnswerError("a document comes when and only when it was parsed")
    return ParseOutcome(status, _typed(fields.get("reason"), str), decoded)


def _encode_document(document: ParsedDocument) -> dict[str, object]:
    return {
        "format": document.format,
        "title": document.title,
        "author": document.author,
        "created": document.created.isoformat() if document.created else None,
        "modified": document.modified.isoformat() if document.modified else None,
        "page_count": document.page_count,
        "blocks": [_encode_block(block) for block in document.blocks],
        "attachments": [encode_attachment(attachment) for attachment in document.attachments],
        "warnings": list(document.warnings),
    }


def _encode_block(block: Block) -> list[object]:
    return [
        block.kind.value,
        block.text,
        block.level,
        block.page,
        block.sheet,
        block.cells,
        encode_boxes(block.boxes),
        [list(row) for row in block.rows],
        block.header_rows,
    ]


def _decode_document(fields: Mapping[str, object]) -> ParsedDocument:
    return ParsedDocument(
        format=_typed(fields.get("format"), str),
        title=_optional(fields.get("title"), str),
        author=_optional(fields.get("author"), str),
        created=_moment(fields.get("created")),
        modified=_moment(fields.get("modified")),
        page_count=_optional(fields.get("page_count"), int),
        blocks=tuple(_decode_block(block) for block in _sequence(fields.get("blocks"))),
        attachments=tuple(map(decode_attachment, _sequence(fields.get("attachments")))),
        warnings=tuple(_typed(text, str) for text in _sequence(fields.get("warnings"))),
    )


def _decode_block(value: object) -> Block:
    kind, text, level, page, sheet, cells, boxes, rows, header_rows = _sequence(value, 9)
    try:
        known = BlockKind(_typed(kind, str))
    except ValueError as error:
        raise MalformedAnswerError("unknown kind of block") from error
    return Block(
        known,
        _typed(text, str),
        _typed(level, int),
        _optional(page, int),
        _optional(sheet, str),
        _optional(cells, str),
        decode_boxes(boxes),
        tuple(tuple(_typed(cell, str) for cell in _sequence(row)) for row in _sequence(rows)),
        _typed(header_rows, int),
    )


def _box(value: object) -> Box:
    page, left, top, right, bottom = _sequence(value, 5)
    return Box(_typed(page, int), _real(left), _real(top), _real(right), _real(bottom))


def _typed(value: object, kind: type[T]) -> T:
    if not isinstance(value, kind) or isinstance(value, bool):
        raise MalformedAnswerError(f"not a {kind.__name__}")
    return value


def _optional(value: object, kind: type[T]) -> T | None:
    return None if value is None else _typed(value, kind)


def _real(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise MalformedAnswerError("not a number")
    return float(value)


def _moment(value: object) -> datetime | None:
    text = _optional(value, str)
    if text is None:
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise MalformedAnswerError("not a date") from error


def _sequence(value: object, length: int | None = None) -> list[object]:
    if not isinstance(value, list):
        raise MalformedAnswerError("not a list")
    items = cast("list[object]", value)
    if length is not None and len(items) != length:
        raise MalformedAnswerError("a list of another length")
    return items


def _mapping(value: object) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise MalformedAnswerError("not an object")
    return cast("dict[str, object]", value)

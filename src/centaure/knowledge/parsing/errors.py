"""Why a file could not be read, as exceptions that carry the sentence for a person.

ParseFailure
 ├─ NothingToRead       -> EMPTY
 ├─ PasswordNeeded      -> PROTECTED
 ├─ BrokenFile          -> CORRUPTED
 ├─ UnsupportedFile     -> UNSUPPORTED
 ├─ FileTooLarge        -> TOO_LARGE
 └─ OcrUnavailable      -> WAITING
"""

from centaure.knowledge.parsing.blocks import ParseStatus


class ParseFailure(Exception):
    """A file that gives no document; `reason` says what happened and what to do."""

    status = ParseStatus.CORRUPTED

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NothingToRead(ParseFailure):
    """The file is sound and holds no text."""

    status = ParseStatus.EMPTY


class PasswordNeeded(ParseFailure):
    """The file is encrypted."""

    status = ParseStatus.PROTECTED


class BrokenFile(ParseFailure):
    """The file does not follow its format."""

    status = ParseStatus.CORRUPTED


class UnsupportedFile(ParseFailure):
    """The file is of a kind that is not read."""

    status = ParseStatus.UNSUPPORTED


class FileTooLarge(ParseFailure):
    """Reading the file would take more than the limits allow."""

    status = ParseStatus.TOO_LARGE


class OcrUnavailable(ParseFailure):
    """The file needs optical character recognition, which is not installed."""

    status = ParseStatus.WAITING

"""Which format a file is: by its first bytes, then, for texts only, by its name."""

import re
import zipfile
from pathlib import Path, PurePosixPath

from centaure.knowledge.parsing.archives import open_package
from centaure.knowledge.parsing.encodings import decode_text, is_binary
from centaure.knowledge.parsing.errors import NothingToRead, PasswordNeeded, UnsupportedFile
from centaure.knowledge.parsing.limits import Limits

_SAMPLE = 8192
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PROTECTED = "The file is protected by a password. Save a copy without a password to have it read."
_ARCHIVE = "is an archive: extract its files into the folder to have them read"
_PROGRAM = "is a program, whatever its name says: it was not opened"
_MEDIA = "is sound or video, which is not read"
_REFUSED = (
    (b"MZ", _PROGRAM),
    (b"\x7fELF", _PROGRAM),
    (b"\xcf\xfa\xed\xfe", _PROGRAM),
    (b"\xca\xfe\xba\xbe", _PROGRAM),
    (b"\x1f\x8b", _ARCHIVE),
    (b"BZh", _ARCHIVE),
    (b"\xfd7zXZ\x00", _ARCHIVE),
    (b"7z\xbc\xaf\x27\x1c", _ARCHIVE),
    (b"Rar!\x1a\x07", _ARCHIVE),
    (b"{\\rtf", "is in Rich Text Format: save it as .docx to have it read"),
    (b"%!PS", "is PostScript: save it as .pdf to have it read"),
    (b"SQLite format 3\x00", "is a database, which is not read"),
    (b"ID3", _MEDIA),
    (b"OggS", _MEDIA),
    (b"fLaC", _MEDIA),
    (b"\x1aE\xdf\xa3", _MEDIA),
)
_IMAGES = (
    b"\x89PNG\r\n\x1a\n",
    b"\xff\xd8\xff",
    b"II*\x00",
    b"MM\x00*",
    b"GIF87a",
    b"GIF89a",
)
_OLE_KINDS = (
    ("WordDocument", "is in the old .doc format: save it as .docx to have it read"),
    ("PowerPoint Document", "is in the old .ppt format: save it as .pptx to have it read"),
    ("Workbook", "is in the old .xls format: save it as .xlsx to have it read"),
    ("Book", "is in the old .xls format: save it as .xlsx to have it read"),
    ("__substg1.0_", "is an Outlook message: save it as .eml to have it read"),
)
_OPEN_DOCUMENT = {
    "application/vnd.oasis.opendocument.text": "odt",
    "application/vnd.oasis.opendocument.text-template": "odt",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
    "application/vnd.oasis.opendocument.spreadsheet-template": "ods",
}
_TEXT_FORMATS = {
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".md": "markdown",
    ".markdown": "markdown",
    ".csv": "csv",
    ".tsv": "csv",
    ".eml": "eml",
}
_HTML_START = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html)\b",
    re.IGNORECASE | re.DOTALL,
)
_MAIL_HEADER = re.compile(
    r"^(?:From|To|Received|Return-Path|MIME-Version|Date|Subject|Message-ID|Delivered-To|"
    r"Content-Type|X-[\w-]+):\s",
    re.IGNORECASE | re.MULTILINE,
)


def detect_format(path: Path, name: str, limits: Limits) -> str:
    """The format of a file, as in `ParsedDocument.format`.

    Raises:
        ParseFailure: the file is empty, protected, damaged, too large or of a kind not read.
    """
    with path.open("rb") as file:
        sample = file.read(_SAMPLE)
    if not sample:
        raise NothingToRead("The file is empty (0 bytes).")
    found = _by_signature(path, sample, limits)
    if found is not None:
        return found
    if is_binary(sample):
        suffix = PurePosixPath(name).suffix.lower()
        raise UnsupportedFile(
            f"The content of the file{f' ({suffix})' if suffix else ''} is of a kind that is not "
            "read. Save it as PDF, an office format or text."
        )
    return _text_format(sample, name)


def _by_signature(path: Path, sample: bytes, limits: Limits) -> str | None:
    if b"%PDF-" in sample[:1024]:
        return "pdf"
    if sample.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return _package_format(path, limits)
    if sample.startswith(_OLE):
        _refuse_ole(path)
    if sample.startswith(_IMAGES) or (sample.startswith(b"RIFF") and sample[8:12] == b"WEBP"):
        return "image"
    if sample.startswith(b"BM") and is_binary(sample):
        return "image"
    for mark, words in _REFUSED:
        # Short marks may begin an ordinary text.
        if sample.startswith(mark) and (len(mark) > 3 or is_binary(sample)):
            raise UnsupportedFile(f"The file {words}.")
    if sample[4:8] == b"ftyp" or sample.startswith(b"RIFF"):
        raise UnsupportedFile(f"The file {_MEDIA}.")
    return None


def _package_format(path: Path, limits: Limits) -> str:
    with open_package(path, limits) as package:
        names = set(package.namelist())
        if "[Content_Types].xml" in names:
            return _office_format(names)
        if "mimetype" in names:
            return _open_document_format(package, names)
    raise UnsupportedFile(f"The file {_ARCHIVE}.")


def _office_format(names: set[str]) -> str:
    for part, found in (
        ("word/document.xml", "docx"),
        ("ppt/presentation.xml", "pptx"),
        ("xl/workbook.xml", "xlsx"),
    ):
        if part in names:
            return found
    if "xl/workbook.bin" in names:
        raise UnsupportedFile("The file is in the .xlsb format: save it as .xlsx to have it read.")
    for prefix, found in (("word/", "docx"), ("ppt/", "pptx"), ("xl/", "xlsx")):
        if any(name.startswith(prefix) for name in names):
            return found
    raise UnsupportedFile("The file is an office package of a kind that is not read.")


def _open_document_format(package: zipfile.ZipFile, names: set[str]) -> str:
    try:
        with package.open("mimetype") as member:
            kind = member.read(200).decode("ascii", errors="replace").strip()
        manifest = b""
        if "META-INF/manifest.xml" in names:
            with package.open("META-INF/manifest.xml") as member:
                manifest = member.read(1_000_000)
    except (zipfile.BadZipFile, OSError, EOFError, ValueError) as error:
        raise UnsupportedFile("The file is a package of a kind that cannot be told.") from error
    if b"encryption-data" in manifest:
        raise PasswordNeeded(_PROTECTED)
    if kind in _OPEN_DOCUMENT:
        return _OPEN_DOCUMENT[kind]
    if "presentation" in kind:
        raise UnsupportedFile(
            "The file is an OpenDocument presentation: save it as .pptx or .pdf to have it read."
        )
    if "epub" in kind:
        raise UnsupportedFile("The file is an e-book: save it as .pdf or .html to have it read.")
    raise UnsupportedFile("The file is an OpenDocument of a kind that is not read.")


def _refuse_ole(path: Path) -> None:
    """Names what an old Microsoft compound file holds; its directory may stand at its end."""
    with path.open("rb") as file:
        content = file.read(4_000_000)
        size = path.stat().st_size
        if size > len(content):
            file.seek(max(0, size - 1_000_000))
            content += file.read(1_000_000)
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise PasswordNeeded(_PROTECTED)
    for stream, words in _OLE_KINDS:
        if stream.encode("utf-16-le") in content:
            raise UnsupportedFile(f"The file {words}.")
    raise UnsupportedFile("The file is in an old Microsoft format that is not read.")


def _text_format(sample: bytes, name: str) -> str:
    text, _ = decode_text(sample)
    known = _TEXT_FORMATS.get(PurePosixPath(name).suffix.lower())
    if known is not None:
        return known
    if _HTML_START.match(text):
        return "html"
    head = text.split("\n\n", 1)[0]
    if not PurePosixPath(name).suffix and len(_MAIL_HEADER.findall(head)) >= 3:
        return "eml"
    return "text"

"""How much of a file is read at most. Each limit that bites is said in words, never silent."""

from dataclasses import dataclass

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one reading.

    Attributes:
        file_bytes: largest file that is opened.
        text_bytes: largest file of text (text, Markdown, HTML, CSV) that is read.
        unpacked_bytes: largest size of a package (office formats) once unpacked.
        unpacked_ratio: largest ratio of unpacked to packed size, past 10 MiB unpacked.
        package_members: most files in a package.
        characters: most characters kept from one document.
        blocks: most blocks kept from one document.
        pages: most pages read of a PDF.
        ocr_pages: most scanned pages recognised in one document.
        ocr_seconds: longest time spent on recognition in one document.
        slide_pictures: most pictures recognised in one presentation.
        slide_seconds: longest time spent on them.
        sheet_rows: most rows kept of one sheet or of a CSV file.
        sheet_columns: most columns kept of one sheet.
        sheet_cells: most cells kept of all sheets of one file.
        sheet_seconds: longest processor time spent on the rows of one file.
        pixels: largest image, in pixels.
        nesting: deepest nesting of messages in messages.
        attachments: most attachments kept of one message.
        attachment_bytes: most bytes of attachments kept of one message.
    """

    file_bytes: int = 512 * MEBIBYTE
    text_bytes: int = 64 * MEBIBYTE
    unpacked_bytes: int = 1024 * MEBIBYTE
    unpacked_ratio: int = 200
    package_members: int = 20_000
    characters: int = 20_000_000
    blocks: int = 200_000
    pages: int = 5_000
    ocr_pages: int = 300
    ocr_seconds: float = 480.0
    slide_pictures: int = 60
    slide_seconds: float = 120.0
    sheet_rows: int = 200_000
    sheet_columns: int = 256
    sheet_cells: int = 2_000_000
    sheet_seconds: float = 120.0
    pixels: int = 120_000_000
    nesting: int = 10
    attachments: int = 200
    attachment_bytes: int = 64 * MEBIBYTE


DEFAULT_LIMITS = Limits()


def megabytes(size: float) -> str:
    """A size in bytes as a person reads it, such as "12 MB"."""
    value = size / 1_000_000
    return f"{value:.0f} MB" if value >= 10 else f"{value:.1f} MB"

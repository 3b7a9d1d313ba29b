"""Bytes to text: Unicode with or without a mark, else Windows-1252 or Latin-1 told apart."""

import codecs

# A file of legacy Western European text uses these bytes for curly quotes, dashes, the euro and œ
# in Windows-1252, where Latin-1 has control characters that no text contains.
_WINDOWS_ONLY = frozenset(range(0x80, 0xA0)) - {0x81, 0x8D, 0x8F, 0x90, 0x9D}
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def detect_encoding(content: bytes) -> str:
    """The name of the encoding of a text, for `bytes.decode`.

    A byte-order mark decides, then valid UTF-8, then UTF-16 without a mark (zero bytes on one side
    of nearly every pair), then Windows-1252 if a byte means a printable character only there, and
    Latin-1 at last, which accepts anything.
    """
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return encoding
    if b"\0" in content[:4096]:
        even, odd = content[0:4096:2].count(0), content[1:4096:2].count(0)
        half = max(1, len(content[:4096]) // 2)
        if odd > 0.4 * half and even < 0.05 * half:
            return "utf-16-le"
        if even > 0.4 * half and odd < 0.05 * half:
            return "utf-16-be"
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        # A sample may be cut inside its last character.
        if error.start < len(content) - 4 or error.reason != "unexpected end of data":
            return "cp1252" if _WINDOWS_ONLY.intersection(content) else "latin-1"
    return "utf-8"


def decode_text(content: bytes) -> tuple[str, str]:
    """The text of the bytes, with line ends as line feeds, and the encoding that was found."""
    encoding = detect_encoding(content)
    text = content.decode(encoding, errors="replace").removeprefix("\ufeff")
    return text.replace("\r\n", "\n").replace("\r", "\n"), encoding


def is_binary(sample: bytes) -> bool:
    """Whether the first bytes of a file cannot be those of a text."""
    if not sample or detect_encoding(sample).startswith("utf-16"):
        return False
    if detect_encoding(sample).startswith("utf-32"):
        return False
    controls = sum(1 for byte in sample if byte < 9 or (13 < byte < 32 and byte != 27))
    return b"\0" in sample or controls > len(sample) * 0.05

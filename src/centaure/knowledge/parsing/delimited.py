"""CSV and its relatives: encoding and delimiter found, first row told apart when it is a header."""

import csv
from itertools import islice
from pathlib import Path

from centaure.knowledge.parsing.blocks import ParsedDocument
from centaure.knowledge.parsing.encodings import detect_encoding
from centaure.knowledge.parsing.limits import Limits
from centaure.knowledge.parsing.sheets import SheetRoom, SheetRows, sheet_blocks

_DELIMITERS = ";,\t|"
_SAMPLE = 65_536
_FIELD_LIMIT = 1_000_000


def parse_csv(path: Path, limits: Limits) -> ParsedDocument:
    """Reads a delimited file; a huge one as far as the limit of rows, which a warning tells."""
    with path.open("rb") as file:
        sample = file.read(_SAMPLE)
    encoding = detect_encoding(sample)
    if encoding == "utf-8" and not sample.isascii():
        encoding = "utf-8"
    elif encoding == "utf-8":
        # Plain ASCII so far: what follows decides.
        encoding = _encoding_of_whole(path)
    text = sample.decode(encoding, errors="replace")
    delimiter = find_delimiter(text)
    rows = SheetRows(SheetRoom(limits))
    csv.field_size_limit(_FIELD_LIMIT)
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        clean = (line.replace("\0", "") for line in file)
        for number, row in enumerate(csv.reader(clean, delimiter=delimiter), start=1):
            if not rows.add(number, [cell.strip() for cell in row]):
                break
    blocks, warnings = sheet_blocks(rows, None)
    return ParsedDocument("csv", None, None, None, None, None, blocks, warnings=warnings)


def _encoding_of_whole(path: Path) -> str:
    try:
        with path.open(encoding="utf-8") as file:
            while file.read(1_000_000):
                pass
    except UnicodeDecodeError:
        with path.open("rb") as file:
            found = {detect_encoding(piece) for piece in iter(lambda: file.read(1_000_000), b"")}
        return "cp1252" if "cp1252" in found else "latin-1"
    return "utf-8"


def find_delimiter(text: str) -> str:
    """The sign that splits the most lines into the same number of cells, more than one."""
    lines = [line for line in islice(text.splitlines(), 60) if line.strip()][:-1] or [text]
    best, best_score = ",", 0.0
    for delimiter in _DELIMITERS:
        counts = [len(row) for row in csv.reader(lines, delimiter=delimiter)]
        usual = max(set(counts), key=counts.count)
        if usual < 2:
            continue
        score = counts.count(usual) / len(counts) + min(usual, 20) / 100
        if score > best_score:
            best, best_score = delimiter, score
    return best

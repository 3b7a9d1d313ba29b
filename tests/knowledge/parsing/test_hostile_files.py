"""No file, however broken or hostile, ends otherwise than in a status with its reason."""

import random
import struct
import time
import zipfile
import zlib
from pathlib import Path

import pytest

from centaure.knowledge.parsing import (
    ParseOutcome,
    ParserProcess,
    ParseStatus,
    ProcessLimits,
    parse_file,
)

FORMATS = ["pdf", "docx", "pptx", "xlsx", "odt", "ods", "eml", "html", "md", "txt", "csv"]
CASES = 12
TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'


def settled(outcome: ParseOutcome) -> bool:
    parsed = outcome.status is ParseStatus.PARSED
    return (outcome.document is not None) == parsed and bool(outcome.reason) != parsed


@pytest.mark.parametrize("extension", FORMATS)
def test_truncated_and_flipped_files_settle(
    samples: dict[str, Path], tmp_path: Path, extension: str
) -> None:
    content = samples[extension].read_bytes()
    generator = random.Random(extension)
    path = tmp_path / f"broken.{extension}"
    with ParserProcess(ProcessLimits(wall_seconds=30)) as process:
        for case in range(CASES):
            broken = bytearray(content)
            if case % 3 == 0:
                del broken[generator.randrange(len(broken)) :]
            elif case % 3 == 1:
                for _ in range(generator.randrange(1, 40)):
                    broken[generator.randrange(len(broken))] ^= 1 << generator.randrange(8)
            else:
                start = generator.randrange(len(broken))
                length = generator.randrange(1, 200)
                broken[start : start + length] = generator.randbytes(generator.randrange(200))
            path.write_bytes(broken)
            outcome = process.parse(path)
            assert settled(outcome), (case, outcome)
        path.write_bytes(content)
        assert process.parse(path).status is ParseStatus.PARSED


def package(path: Path, parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def test_a_zip_bomb_is_too_large(tmp_path: Path) -> None:
    parts = {
        "[Content_Types].xml": TYPES.encode(),
        "word/document.xml": b"<w>" + b" " * 200_000_000,
    }
    outcome = parse_file(package(tmp_path / "bomb.docx", parts))
    assert outcome.status is ParseStatus.TOO_LARGE
    assert "unpacks" in outcome.reason


def test_a_zip_bomb_that_lies_about_its_size_is_stopped(tmp_path: Path) -> None:
    path = package(
        tmp_path / "liar.docx",
        {"[Content_Types].xml": TYPES.encode(), "word/document.xml": b"<w>" + b" " * 100_000_000},
    )
    content = path.read_bytes().replace(struct.pack("<I", 100_000_003), struct.pack("<I", 1_000))
    path.write_bytes(content)
    with ParserProcess(ProcessLimits(memory_bytes=500 * 1024 * 1024)) as process:
        outcome = process.parse(path)
    assert outcome.status in (ParseStatus.CORRUPTED, ParseStatus.TOO_LARGE)


@pytest.mark.parametrize("part", ["word/document.xml", "content.xml"])
def test_entities_are_refused(tmp_path: Path, part: str) -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    markup = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "ha">{laughs}]><x>&l11;</x>'
    parts = {part: markup.encode()}
    if part == "content.xml":
        parts = {"mimetype": b"application/vnd.oasis.opendocument.text"} | parts
    else:
        parts |= {"[Content_Types].xml": TYPES.encode()}
    outcome = parse_file(package(tmp_path / "laughs.zip", parts))
    assert outcome.status is ParseStatus.CORRUPTED
    assert "document type" in outcome.reason


def test_an_outside_entity_of_a_web_page_is_not_fetched(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("top-secret", encoding="utf-8")
    path = tmp_path / "page.html"
    path.write_text(
        f'<!DOCTYPE html [<!ENTITY x SYSTEM "{secret.as_uri()}">]><html><body>'
        "<p>Voici &x; tout.</p></body></html>",
        encoding="utf-8",
    )
    outcome = parse_file(path)
    assert outcome.document is not None
    assert "top-secret" not in " ".join(block.text for block in outcome.document.blocks)


def test_deep_nesting_settles(tmp_path: Path) -> None:
    deep = 100_000
    nested = "".join(
        f'Content-Type: multipart/mixed; boundary="b{n}"\n\n--b{n}\n' for n in range(450)
    )
    files = {
        "deep.html": "<div>" * deep + "fond" + "</div>" * deep,
        "lists.html": "<ul><li>" * 5_000 + "fond",
        "tables.html": "<table><tr><td>" * 3_000 + "fond",
        "deep.md": ">" * deep + " fond\n\n" + "- " * 5_000 + "fond\n" + "[" * 20_000,
        "deep.json": "[" * deep + "]" * deep,
        "deep.eml": f"From: a@b.fr\n{nested}fond",
        "deeper.eml": "From: a@b.fr\n" + "Content-Type: message/rfc822\n\n" * 5_000 + "fond",
    }
    with ParserProcess(ProcessLimits(wall_seconds=60)) as process:
        for name, text in files.items():
            path = tmp_path / name
            path.write_text(text, encoding="utf-8")
            assert settled(process.parse(path)), name
        odt = package(
            tmp_path / "deep.odt",
            {
                "mimetype": b"application/vnd.oasis.opendocument.text",
                "content.xml": b"<a>" * deep + b"</a>" * deep,
            },
        )
        assert process.parse(odt).status is ParseStatus.CORRUPTED


def test_a_csv_of_a_million_rows_is_read_to_the_limit_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "million.csv"
    path.write_text("nom;valeur\n" + "ligne;12\n" * 1_000_000, encoding="ascii")
    outcome = parse_file(path)
    assert outcome.document is not None
    assert sum(len(b.rows) - b.header_rows for b in outcome.document.blocks) == 199_999
    assert "first 200000 rows" in outcome.document.warnings[0]


def test_a_sheet_of_a_million_rows_is_read_to_the_limit_and_says_so(tmp_path: Path) -> None:
    row = '<row r="{0}"><c r="A{0}" t="inlineStr"><is><t>x</t></is></c><c r="B{0}"><v>{0}</v></c></row>'
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    relations = "http://schemas.openxmlformats.org/package/2006/relationships"
    types = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = {
        "[Content_Types].xml": TYPES.replace(
            "/>",
            '><Default Extension="xml" ContentType="application/xml"/><Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{types}.sheet.main+xml"/>'
            f'<Override PartName="/xl/s.xml" ContentType="{types}.worksheet+xml"/></Types>',
        ),
        "_rels/.rels": f'<Relationships xmlns="{relations}"><Relationship Id="r" '
        f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{relations}"><Relationship Id="r1" '
        f'Type="{office}/worksheet" Target="s.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>'
        '<sheet name="Long" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/s.xml": f'<worksheet xmlns="{main}"><dimension ref="A1:B1000000"/><sheetData>'
        + "".join(row.format(number) for number in range(1, 1_000_001))
        + "</sheetData></worksheet>",
    }
    path = package(tmp_path / "million.xlsx", {name: text.encode() for name, text in parts.items()})
    start = time.monotonic()
    with ParserProcess() as process:
        outcome = process.parse(path)
    assert outcome.document is not None, outcome.reason
    assert "first 200000 rows" in " ".join(outcome.document.warnings)
    assert time.monotonic() - start < 60


def test_repeated_rows_of_opendocument_cost_nothing(tmp_path: Path) -> None:
    names = "xmlns:{0}='urn:oasis:names:tc:opendocument:xmlns:{0}:1.0'"
    spaces = " ".join(names.format(name) for name in ("office", "table", "text"))
    cell = "<table:table-cell table:number-columns-repeated='16384'><text:p>x</text:p></table:table-cell>"
    markup = (
        f"<office:document-content {spaces}><office:body><office:spreadsheet><table:table table:name='S'>"
        f"<table:table-row table:number-rows-repeated='1048576'>{cell}</table:table-row>"
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    parts = {
        "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
        "content.xml": markup.encode(),
    }
    with ParserProcess() as process:
        outcome = process.parse(package(tmp_path / "a.ods", parts))
    assert settled(outcome)


def test_a_huge_image_is_too_large(tmp_path: Path) -> None:
    def chunk(kind: bytes, content: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + content))
        return struct.pack(">I", len(content)) + kind + content + check

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 0, 0, 0, 0)
    path = tmp_path / "huge.png"
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )
    outcome = parse_file(path)
    assert outcome.status is ParseStatus.TOO_LARGE
    assert "pixels" in outcome.reason

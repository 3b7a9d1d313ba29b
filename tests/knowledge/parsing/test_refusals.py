"""What is not read says why, by its content whatever its name."""

import zipfile
from pathlib import Path

import pytest

from centaure.knowledge.parsing import Limits, ParseStatus, parse_file

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


def ole(stream: str) -> bytes:
    return OLE + stream.encode("utf-16-le") + b"\0" * 600


@pytest.mark.parametrize(
    ("name", "content", "status", "words"),
    [
        ("empty.pdf", b"", ParseStatus.EMPTY, "empty"),
        ("blank.txt", b" \n\n ", ParseStatus.EMPTY, "no text"),
        ("report.pdf", b"MZ\x90\x00" + b"\0" * 100, ParseStatus.UNSUPPORTED, "program"),
        ("report.docx", b"\x7fELF" + b"\0" * 100, ParseStatus.UNSUPPORTED, "program"),
        ("locked.docx", ole("EncryptedPackage"), ParseStatus.PROTECTED, "password"),
        ("old.doc", ole("WordDocument"), ParseStatus.UNSUPPORTED, ".docx"),
        ("old.xls", ole("Workbook"), ParseStatus.UNSUPPORTED, ".xlsx"),
        ("old.ppt", ole("PowerPoint Document"), ParseStatus.UNSUPPORTED, ".pptx"),
        ("mail.msg", ole("__substg1.0_0037001F"), ParseStatus.UNSUPPORTED, ".eml"),
        ("text.rtf", b"{\\rtf1 bonjour}", ParseStatus.UNSUPPORTED, ".docx"),
        ("a.tar.gz", b"\x1f\x8b\x08\x00" + b"\x01" * 50, ParseStatus.UNSUPPORTED, "archive"),
        ("film.mp4", b"\0\0\0\x18ftypmp42" + b"\0" * 50, ParseStatus.UNSUPPORTED, "video"),
        ("data.bin", bytes(range(256)) * 8, ParseStatus.UNSUPPORTED, "not read"),
        ("broken.pdf", b"%PDF-1.7\nnothing more", ParseStatus.CORRUPTED, "damaged"),
        ("broken.docx", b"PK\x03\x04 nothing", ParseStatus.CORRUPTED, "damaged"),
        ("broken.png", b"\x89PNG\r\n\x1a\nnothing", ParseStatus.CORRUPTED, "damaged"),
    ],
)
def test_each_refusal_has_its_status_and_words(
    tmp_path: Path, name: str, content: bytes, status: ParseStatus, words: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    outcome = parse_file(path)
    assert (outcome.status, outcome.document) == (status, None)
    assert words in outcome.reason
    assert outcome.reason.endswith(".")


def test_a_wrong_extension_does_not_hide_a_document(
    samples: dict[str, Path], tmp_path: Path
) -> None:
    path = tmp_path / "letter.pdf"
    path.write_bytes(samples["docx"].read_bytes())
    outcome = parse_file(path)
    assert outcome.document is not None
    assert outcome.document.format == "docx"


def test_the_given_name_decides_where_the_path_has_none(tmp_path: Path) -> None:
    path = tmp_path / "7f3a"
    path.write_text("# Titre\n\ntexte\n", encoding="utf-8")
    outcome = parse_file(path, "notes.md")
    assert outcome.document is not None
    assert outcome.document.format == "markdown"


def test_a_zip_of_files_is_refused_and_a_locked_one_is_protected(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", "a")
    assert parse_file(path).status is ParseStatus.UNSUPPORTED
    content = bytearray(path.read_bytes())
    directory = content.index(b"PK\x01\x02")
    content[directory + 8] |= 1
    path.write_bytes(content)
    assert parse_file(path).status is ParseStatus.PROTECTED


def test_a_file_over_the_limit_is_too_large(samples: dict[str, Path]) -> None:
    outcome = parse_file(samples["pdf"], limits=Limits(file_bytes=100))
    assert outcome.status is ParseStatus.TOO_LARGE


def test_a_missing_file_is_an_outcome(tmp_path: Path) -> None:
    assert parse_file(tmp_path / "gone.pdf").status is ParseStatus.CORRUPTED


def test_glued_and_unreadable_text_is_flagged(tmp_path: Path) -> None:
    glued = tmp_path / "glued.txt"
    glued.write_text(("lerèglementintérieurfixeleshoraires " * 60), encoding="utf-8")
    broken = tmp_path / "broken.txt"
    broken.write_text(("le \ue001\ue002\ue003 règlement " * 60), encoding="utf-8")
    plain = tmp_path / "plain.txt"
    plain.write_text(("le règlement intérieur fixe les horaires " * 60), encoding="utf-8")
    warnings = [parse_file(path).document for path in (glued, broken, plain)]
    assert [len(document.warnings) for document in warnings if document] == [1, 1, 0]
    assert warnings[0] is not None
    assert "glued" in warnings[0].warnings[0]


def test_text_that_a_database_refuses_is_made_storable(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_bytes(b"<p>avant &#0; apr\xc3\xa8s &#xD800; fin</p>")
    outcome = parse_file(path)
    assert outcome.document is not None
    for block in outcome.document.blocks:
        assert b"\0" not in block.text.encode()

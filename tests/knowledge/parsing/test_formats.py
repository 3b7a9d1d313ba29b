"""Each format keeps its structure: headings, lists, tables, places, dates, names."""

from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import docx
import openpyxl
import pytest

from centaure.knowledge.parsing import Block, BlockKind, ParsedDocument, ParseStatus, parse_file


def read(path: Path) -> ParsedDocument:
    outcome = parse_file(path)
    assert outcome.status is ParseStatus.PARSED, outcome.reason
    assert outcome.reason == ""
    assert outcome.document is not None
    return outcome.document


def of_kind(document: ParsedDocument, kind: BlockKind) -> list[Block]:
    return [block for block in document.blocks if block.kind is kind]


def test_a_word_document_keeps_headings_lists_tables_and_properties(
    samples: dict[str, Path],
) -> None:
    document = read(samples["docx"])
    assert [block.kind for block in document.blocks] == [
        BlockKind.HEADING,
        BlockKind.PARAGRAPH,
        BlockKind.LIST_ITEM,
        BlockKind.TABLE,
        BlockKind.PARAGRAPH,
    ]
    table = document.blocks[3]
    assert table.rows == (("Mois", "Jours"), ("Mai", "2,5"))
    assert table.header_rows == 1
    assert table.text == "Mois | Jours\nMai | 2,5"
    assert (document.title, document.author) == ("Congés", "Alice")
    assert document.created is not None
    assert document.created.tzinfo is UTC


def test_text_boxes_and_footnotes_of_word_are_read(tmp_path: Path) -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("Devant la boîte.")
    namespace = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    box = paragraph._p.makeelement(f"{{{namespace}}}txbxContent", {})
    inner = paragraph._p.makeelement(f"{{{namespace}}}p", {})
    run = paragraph._p.makeelement(f"{{{namespace}}}r", {})
    text = paragraph._p.makeelement(f"{{{namespace}}}t", {})
    text.text = "Dans la boîte."
    run.append(text)
    inner.append(run)
    box.append(inner)
    paragraph._p.append(box)
    document.save(str(tmp_path / "box.docx"))
    assert [block.text for block in read(tmp_path / "box.docx").blocks] == [
        "Devant la boîte.",
        "Dans la boîte.",
    ]


def test_a_presentation_gives_its_slides_as_pages_with_notes(samples: dict[str, Path]) -> None:
    document = read(samples["pptx"])
    assert document.page_count == 1
    assert {block.page for block in document.blocks} == {1}
    assert of_kind(document, BlockKind.HEADING)[0].text == "Résultats"
    assert [b.text for b in of_kind(document, BlockKind.LIST_ITEM)] == [
        "Premier point",
        "Second point",
    ]
    assert of_kind(document, BlockKind.NOTE)[0].text == "Insister sur la marge."
    assert of_kind(document, BlockKind.TABLE)[0].rows[1] == ("2025", "12")
    assert document.blocks[0].boxes[0].page == 1


def test_a_workbook_gives_ranges_dates_and_repeated_headers(samples: dict[str, Path]) -> None:
    document = read(samples["xlsx"])
    title, summary, *tables = document.blocks
    assert (summary.kind, summary.cells) == (BlockKind.PARAGRAPH, "A3:C453")
    assert (title.text, title.cells, title.sheet) == ("Budget prévisionnel", "A1", "Budget")
    assert [table.cells for table in tables] == ["A3:C203", "A204:C403", "A404:C453"]
    assert all(table.rows[0] == ("Poste", "Date", "Montant") for table in tables)
    assert all(table.header_rows == 1 for table in tables)
    assert tables[0].rows[2] == ("poste 1", "2026-01-02", "1.5")
    assert document.warnings == ()


def test_formulas_give_their_last_results(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    assert workbook.active is not None
    workbook.active["A1"] = "=1+1"
    workbook.active["B1"] = "calculé par le tableur"
    workbook.save(tmp_path / "formula.xlsx")
    # openpyxl stores no result: a formula never computed has none to give.
    assert "=1+1" not in read(tmp_path / "formula.xlsx").blocks[0].text


def test_opendocument_keeps_headings_lists_tables_and_values(samples: dict[str, Path]) -> None:
    text = read(samples["odt"])
    assert text.blocks[0].kind is BlockKind.HEADING
    assert text.title == "Charte du télétravail"
    assert of_kind(text, BlockKind.LIST_ITEM)[0].text == "deux jours par semaine"
    assert of_kind(text, BlockKind.TABLE)[0].rows == (("Jour", "Lieu"), ("lundi", "bureau"))
    sheet = read(samples["ods"]).blocks[0]
    assert (sheet.sheet, sheet.cells) == ("Équipe", "A1:B3")
    assert sheet.rows == (("Nom", "Âge"), ("Zoé", "31"), ("Luc", "44.5"))


def test_a_web_page_keeps_its_content_and_leaves_its_menu(tmp_path: Path) -> None:
    sentence = "La commune met en ligne les comptes rendus de chaque séance du conseil municipal. "
    path = tmp_path / "page.html"
    path.write_text(
        "<html><head><title>Mairie</title><script>var x = 1;</script></head><body>"
        "<nav><a href='/'>Accueil</a> <a href='/b'>Boutique</a></nav><main><article>"
        f"<h1>Séances</h1><p>{sentence * 4}</p><h2>Calendrier</h2>"
        f"<ul><li>mars</li><li>juin</li></ul><p>{sentence * 2}</p>"
        "<table><tr><th>Mois</th><th>Salle</th></tr><tr><td>mars</td><td>A</td></tr></table>"
        "</article></main></body></html>",
        encoding="utf-8",
    )
    document = read(path)
    text = "\n".join(block.text for block in document.blocks)
    assert document.title == "Mairie"
    assert "Boutique" not in text
    assert "var x" not in text
    assert ("Calendrier", 2) in [(b.text, b.level) for b in of_kind(document, BlockKind.HEADING)]
    assert [b.text for b in of_kind(document, BlockKind.LIST_ITEM)] == ["mars", "juin"]
    assert of_kind(document, BlockKind.TABLE)[0].rows[0] == ("Mois", "Salle")


def test_markdown_keeps_front_matter_lists_tables_and_code(tmp_path: Path) -> None:
    path = tmp_path / "note.md"
    path.write_text(
        '---\ntitle: "Note de service"\n---\n# Un\n\nVoir *la* [page](http://x.fr).\n\n- a\n'
        "  1. b\n\n| x | y |\n|---|---|\n| 1 | 2 |\n\n```\ncode\n```\n",
        encoding="utf-8",
    )
    document = read(path)
    assert document.title == "Note de service"
    assert [(block.kind.value, block.text) for block in document.blocks] == [
        ("heading", "Un"),
        ("paragraph", "Voir la page."),
        ("list_item", "a"),
        ("list_item", "1. b"),
        ("table", "x | y\n1 | 2"),
        ("code", "code"),
    ]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252", "latin-1"]
)
def test_the_encoding_of_a_text_is_told(tmp_path: Path, encoding: str) -> None:
    text = "L'été, Noël et la forêt : déjà là." + (
        " Prix : 12 € — œuf." if encoding != "latin-1" else ""
    )
    path = tmp_path / "text.txt"
    path.write_bytes(text.encode(encoding))
    assert read(path).blocks[0].text == text


@pytest.mark.parametrize("extension", ["txt", "html", "md", "csv", "docx", "eml"])
def test_ligatures_and_soft_hyphens_are_written_as_typed(tmp_path: Path, extension: str) -> None:
    text = "L'a\ufb03che o\ufb00erte par la \ufb01liale, sa \ufb02otte et son cœur, dit le con\u00adtrat"
    path = tmp_path / f"print.{extension}"
    match extension:
        case "docx":
            document = docx.Document()
            document.add_paragraph(text)
            document.save(str(path))
        case "eml":
            message = EmailMessage()
            message["From"] = "a@b.fr"
            message.set_content(text)
            path.write_bytes(message.as_bytes())
        case "csv":
            path.write_text(f"Nom;Texte\n1;{text}\n", encoding="utf-8")
        case _:
            path.write_text(f"<p>{text}</p>" if extension == "html" else text, encoding="utf-8")
    typed = "L'affiche offerte par la filiale, sa flotte et son cœur, dit le contrat"
    block = read(path).blocks[-1]
    assert typed in block.text
    assert not block.rows or typed in block.rows[-1]


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("l'infor-\nmation", "l'information"),
        ("l'aéro\u00ad\nport", "l'aéroport"),
        ("son porte-\nmonnaie", "son porte-monnaie"),
        ("à Saint-\nDenis", "à Saint-Denis"),
        ("la COVID-\n19", "la COVID-19"),
        ("de 1990-\n2000", "de 1990- 2000"),
        ("page 3 -\nsuite", "page 3 - suite"),
        ("dit-\nil", "dit-il"),
    ],
)
@pytest.mark.parametrize("start", ["Le service ouvert à tous les habitants de la ville dit ", ""])
def test_words_cut_at_line_ends_are_joined(
    tmp_path: Path, written: str, read_as: str, start: str
) -> None:
    path = tmp_path / "cut.txt"
    path.write_text(f"Un porte-monnaie perdu.\n\n{start}{written} enfin.\n", encoding="utf-8")
    assert read(path).blocks[1].text.replace("\n", " ") == f"{start}{read_as} enfin."


def test_windows_text_is_not_taken_for_latin_1(tmp_path: Path) -> None:
    path = tmp_path / "text.txt"
    path.write_bytes("“Cœur” à 5 €".encode("cp1252"))
    assert read(path).blocks[0].text == "“Cœur” à 5 €"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_delimiter_and_encoding_of_csv_are_found(
    tmp_path: Path, delimiter: str, encoding: str
) -> None:
    rows = [["Nom", "Prénom", "Montant"], ["Noël", "Zoé", "12"], ["Durand", '"a b"', "15"]]
    path = tmp_path / "table.csv"
    path.write_bytes("\n".join(delimiter.join(row) for row in rows).encode(encoding))
    block = read(path).blocks[0]
    assert block.rows[0] == ("Nom", "Prénom", "Montant")
    assert block.rows[2] == ("Durand", "a b", "15")
    assert (block.header_rows, block.cells) == (1, "A1:C3")


def test_a_message_gives_headers_body_and_attachments(samples: dict[str, Path]) -> None:
    document = read(samples["eml"])
    head = document.blocks[0].text
    assert "From: Éric <eric@exemple.fr>" in head
    assert "Subject: Réunion d'été" in head
    assert "Date: Mon, 02 Mar 2026" in head
    assert any(block.text == "Voici le compte rendu." for block in document.blocks)
    assert [(a.name, a.media_type) for a in document.attachments] == [
        ("données.csv", "text/csv"),
        ("Transfert.eml", "message/rfc822"),
    ]
    assert document.created is not None
    assert document.created.astimezone(UTC) == datetime(2026, 3, 2, 9, tzinfo=UTC)


def test_an_attachment_cannot_name_a_path_outside(tmp_path: Path) -> None:
    message = EmailMessage()
    message["From"] = "a@b.fr"
    message.set_content("x")
    for _ in range(2):
        message.add_attachment(
            b"1", maintype="application", subtype="pdf", filename="../../etc/a.pdf"
        )
    path = tmp_path / "m.eml"
    path.write_bytes(message.as_bytes())
    assert [a.name for a in read(path).attachments] == ["a.pdf", "a (2).pdf"]


def test_every_format_is_read_from_a_path_that_is_not_its_name(
    samples: dict[str, Path], tmp_path: Path
) -> None:
    for extension, path in samples.items():
        bare = tmp_path / f"bare-{extension}"
        bare.write_bytes(path.read_bytes())
        assert parse_file(bare, path.name) == parse_file(path), extension

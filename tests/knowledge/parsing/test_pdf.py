"""PDF: order, headings, paragraphs, tables, furniture, places, and pictures of text."""

import io
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Frame,
    PageTemplate,
    Paragraph,
    Table,
    TableStyle,
)

from centaure.knowledge.chunking import chunk_document
from centaure.knowledge.parsing import BlockKind, ParsedDocument, ParseStatus, parse_file

LETTERS = "le conseil examine la demande du service et rend un avis motivé dans le mois"
needs_tesseract = pytest.mark.skipif(
    shutil.which("tesseract") is None, reason="tesseract is not installed"
)


def read(path: Path) -> ParsedDocument:
    outcome = parse_file(path)
    assert outcome.document is not None, outcome.reason
    return outcome.document


def texts(document: ParsedDocument) -> list[str]:
    return [block.text for block in document.blocks]


def test_larger_and_bold_lines_are_headings_and_lines_are_joined(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "a.pdf"), pagesize=A4)
    canvas.setFont("Helvetica-Bold", 20)
    canvas.drawString(72, 760, "Rapport annuel")
    canvas.setFont("Helvetica-Bold", 11)
    canvas.drawString(72, 720, "Contexte")
    canvas.setFont("Helvetica", 11)
    canvas.drawString(72, 700, "Le conseil examine la demande du ser-")
    canvas.drawString(72, 686, "vice et rend un avis, peut-")
    canvas.drawString(72, 672, "être motivé, dans le mois.")
    canvas.drawString(72, 640, "• premier point")
    canvas.drawString(72, 626, "• second point")
    canvas.save()
    document = read(tmp_path / "a.pdf")
    assert [(b.kind, b.text) for b in document.blocks] == [
        (BlockKind.HEADING, "Rapport annuel"),
        (BlockKind.HEADING, "Contexte"),
        (
            BlockKind.PARAGRAPH,
            "Le conseil examine la demande du service et rend un avis, peut-être motivé, dans le mois.",
        ),
        (BlockKind.LIST_ITEM, "premier point"),
        (BlockKind.LIST_ITEM, "second point"),
    ]
    levels = [block.level for block in document.blocks[:2]]
    assert levels[0] < levels[1]


def test_the_outline_gives_the_levels_of_headings(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "a.pdf"), pagesize=A4)
    for number, (title, level) in enumerate([("Partie", 0), ("Chapitre", 1), ("Article", 2)]):
        canvas.setFont("Helvetica", 11)
        canvas.bookmarkPage(title)
        canvas.addOutlineEntry(title, title, level)
        canvas.drawString(72, 760 - number * 100, title)
        canvas.drawString(72, 730 - number * 100, LETTERS + ".")
    canvas.save()
    document = read(tmp_path / "a.pdf")
    found = [(b.text, b.level) for b in document.blocks if b.kind is BlockKind.HEADING]
    assert found == [("Partie", 1), ("Chapitre", 2), ("Article", 3)]


def test_running_headers_footers_and_page_numbers_are_removed(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "a.pdf"), pagesize=A4)
    canvas.setFont("Helvetica", 11)
    for number in range(1, 6):
        canvas.drawString(72, 815, "Société Exemple, document interne")
        canvas.drawString(72, 700, f"Contenu de la page numéro {number}.")
        canvas.drawString(290, 30, f"Page {number} / 5")
        canvas.showPage()
    canvas.save()
    document = read(tmp_path / "a.pdf")
    assert texts(document) == [f"Contenu de la page numéro {number}." for number in range(1, 6)]
    assert [block.page for block in document.blocks] == [1, 2, 3, 4, 5]


def test_what_two_pages_say_alike_is_kept(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "a.pdf"), pagesize=A4)
    for number in range(1, 3):
        canvas.drawString(72, 815, "Contrat de location meublée")
        canvas.drawString(72, 700, f"Exemplaire numéro {number}.")
        canvas.showPage()
    canvas.save()
    assert texts(read(tmp_path / "a.pdf")).count("Contrat de location meublée") == 2


def test_headers_of_left_and_right_pages_are_removed(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "a.pdf"), pagesize=A4)
    for number in range(1, 9):
        canvas.drawString(72 + 200 * (number % 2), 815, ("Le guide", "Chapitre 3")[number % 2])
        canvas.drawString(72, 700, f"Contenu de la page numéro {number}.")
        canvas.drawString(72 + 400 * (number % 2), 30, f"{number + 4}")
        canvas.showPage()
    canvas.save()
    found = texts(read(tmp_path / "a.pdf"))
    assert found == [f"Contenu de la page numéro {number}." for number in range(1, 9)]


def test_rows_of_tables_in_the_margins_are_kept(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "a.pdf"), pagesize=A4)
    canvas.setFont("Helvetica", 10)
    for number in range(1, 7):
        canvas.drawString(72, 825, "Société Exemple")
        canvas.drawString(72, 800, "Compte Débit Crédit")
        for row in range(52):
            canvas.drawString(72, 787 - 14 * row, f"Compte {number * 100 + row} {row},50 {row},75")
        canvas.drawString(72, 58, f"À reporter {number} 250,00")
        canvas.drawString(72, 44, f"{number * 7919 % 1000}")
        canvas.drawString(290, 20, f"{number}")
        canvas.showPage()
    canvas.save()
    text = "\n".join(texts(read(tmp_path / "a.pdf")))
    assert "Société" not in text
    assert text.count("Compte Débit Crédit") == 6
    assert [number for number in range(1, 7) if f"À reporter {number} 250,00" not in text] == []
    assert [row for row in range(52) if f"Compte {600 + row} {row},50 {row},75" not in text] == []
    assert "919" in text.split()


def test_cells_of_ruled_tables_are_never_furniture(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "a.pdf"), pagesize=A4)
    for number in range(1, 6):
        canvas.grid([72, 200, 400], [780, 800, 820])
        canvas.drawString(80, 806, "Produit")
        canvas.drawString(210, 806, "Prix")
        canvas.drawString(80, 786, "toit")
        canvas.drawString(210, 786, "12")
        canvas.drawString(72, 500, f"Contenu de la page numéro {number}.")
        canvas.showPage()
    canvas.save()
    tables = [b for b in read(tmp_path / "a.pdf").blocks if b.kind is BlockKind.TABLE]
    assert [table.rows for table in tables] == [(("Produit", "Prix"), ("toit", "12"))] * 5


@pytest.mark.parametrize("row_by_row", [True, False])
def test_two_columns_are_read_one_after_the_other(tmp_path: Path, row_by_row: bool) -> None:
    canvas = Canvas(str(tmp_path / "a.pdf"), pagesize=A4)
    canvas.setFont("Helvetica", 10)
    left = [f"gauche{number} {LETTERS[:36]}" for number in range(20)]
    right = [f"droite{number} {LETTERS[:36]}" for number in range(20)]
    cells = [(column, row) for row in range(20) for column in (0, 1)]
    if not row_by_row:
        cells.sort()
    for column, row in cells:
        line = (left, right)[column][row]
        canvas.drawString(60 + 250 * column, 760 - 14 * row, line)
    canvas.save()
    text = " ".join(texts(read(tmp_path / "a.pdf")))
    assert text.index("gauche19") < text.index("droite0")


def test_a_ruled_table_is_a_table_with_its_header(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "a.pdf"), pagesize=A4)
    canvas.setFont("Helvetica", 11)
    canvas.drawString(72, 780, "Avant le tableau.")
    canvas.grid([72, 200, 300, 400], [600, 630, 660, 690])
    rows = [("Poste", "2024", "2025"), ("Loyer", "12", "13"), ("Énergie", "5", "7")]
    for row_number, row in enumerate(rows):
        for column, cell in enumerate(row):
            canvas.drawString((80, 210, 310)[column], 670 - 30 * row_number, cell)
    canvas.drawString(72, 560, "Après le tableau.")
    canvas.save()
    before, table, after = read(tmp_path / "a.pdf").blocks
    assert (before.text, after.text) == ("Avant le tableau.", "Après le tableau.")
    assert table.kind is BlockKind.TABLE
    assert table.rows == tuple(rows)
    assert table.page == 1
    assert abs(table.boxes[0].left - 72) < 2
    assert abs(table.boxes[0].top - (A4[1] - 690)) < 2


def make_report(path: Path, sections: int) -> None:
    """Two columns, a paragraph and a ruled table of 30 rows a section, cut wherever a column ends."""
    height = A4[1]
    frames = [Frame(left, 50, 240, height - 110, id=str(left)) for left in (50, 305)]
    report = BaseDocTemplate(str(path), pagesize=A4)
    report.addPageTemplates(PageTemplate(frames=frames))
    story: list[object] = []
    for number in range(sections):
        text = f"debut{number} {f'{LETTERS}. ' * 8}fin{number}."
        story.append(Paragraph(text, ParagraphStyle("body", fontSize=9, leading=12)))
        rows = [[f"poste{number}x{row}", f"{row},50", "mai"] for row in range(30)]
        table = Table([["Poste", "Montant", "Mois"], *rows], colWidths=[90, 75, 75], repeatRows=1)
        table.setStyle(TableStyle([("GRID", (0, 0), (-1, -1), 0.5, colors.black)]))
        story.append(table)
    report.build(story)


def test_tables_in_two_columns_stay_whole_and_in_order(tmp_path: Path) -> None:
    make_report(tmp_path / "a.pdf", 40)
    document = read(tmp_path / "a.pdf")
    assert (document.page_count or 0) > 15
    text = " ".join(texts(document)).split()
    marks = [
        mark
        for n in range(40)
        for mark in (f"debut{n}", f"fin{n}.", *(f"poste{n}x{row}" for row in range(30)))
    ]
    places = {word: place for place, word in enumerate(text)}
    assert [mark for mark in marks if mark not in places] == []
    assert sorted(marks, key=lambda mark: places[mark]) == marks
    tables = [block for block in document.blocks if block.kind is BlockKind.TABLE]
    assert {(table.rows[0], table.header_rows) for table in tables} == {
        (("Poste", "Montant", "Mois"), 1)
    }
    for chunk in chunk_document(document):
        lines = chunk.text.split("\n")
        first = next((place for place, line in enumerate(lines) if line.startswith("poste")), None)
        assert first is None or lines[first - 2] == "Poste | Montant | Mois"


def test_a_merged_cell_stands_once(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "a.pdf"), pagesize=A4)
    canvas.setFont("Helvetica", 11)
    for y in (600, 630, 660):
        canvas.line(72, y, 400, y)
    for x in (72, 400):
        canvas.line(x, 600, x, 660)
    canvas.line(236, 600, 236, 630)
    canvas.drawString(150, 640, "Titre sur deux colonnes")
    canvas.drawString(80, 610, "un")
    canvas.drawString(250, 610, "deux")
    canvas.save()
    table = read(tmp_path / "a.pdf").blocks[0]
    assert table.rows == (("Titre sur deux colonnes", ""), ("un", "deux"))


def test_a_frame_around_text_is_no_table(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "a.pdf"), pagesize=A4)
    canvas.setFont("Helvetica", 11)
    canvas.rect(60, 600, 400, 100)
    canvas.drawString(72, 660, "Une remarque encadrée.")
    canvas.save()
    assert [b.kind for b in read(tmp_path / "a.pdf").blocks] == [BlockKind.PARAGRAPH]


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_boxes_are_those_of_the_page_as_shown(tmp_path: Path, rotation: int) -> None:
    canvas = Canvas(str(tmp_path / "a.pdf"), pagesize=(600, 800))
    canvas.setPageRotation(rotation)
    canvas.setFont("Helvetica", 12)
    canvas.drawString(100, 500, "Un texte à sa place.")
    canvas.save()
    box = read(tmp_path / "a.pdf").blocks[0].boxes[0]
    middle = ((box.left + box.right) / 2, (box.top + box.bottom) / 2)
    # reportlab turns the sheet as well: at 90 and 270 degrees it is 800 wide and 600 high.
    expected = {0: (155, 296), 90: (504, 155), 180: (445, 504), 270: (96, 645)}[rotation]
    assert abs(middle[0] - expected[0]) < 12
    assert abs(middle[1] - expected[1]) < 12


def test_a_password_is_told(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "a.pdf"), encrypt=StandardEncryption("secret", canPrint=0))
    canvas.drawString(72, 700, "Secret.")
    canvas.save()
    outcome = parse_file(tmp_path / "a.pdf")
    assert outcome.status is ParseStatus.PROTECTED
    assert "password" in outcome.reason


def test_a_pdf_without_text_is_empty(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "a.pdf"))
    canvas.showPage()
    canvas.save()
    assert parse_file(tmp_path / "a.pdf").status is ParseStatus.EMPTY


def scan(path: Path, image: Image.Image) -> None:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG")
    canvas = Canvas(str(path), pagesize=A4)
    canvas.setFont("Helvetica", 11)
    canvas.drawString(72, 700, "Une page de vrai texte, lue sans reconnaissance.")
    canvas.showPage()
    canvas.drawImage(ImageReader(buffer), 0, 200, width=A4[0], height=A4[0] * 0.72)
    canvas.showPage()
    canvas.save()


@needs_tesseract
def test_only_pages_without_text_are_recognised(
    tmp_path: Path, picture: Callable[[list[str]], Image.Image]
) -> None:
    scan(tmp_path / "a.pdf", picture(["Le contrat de location", "prend effet en mars."]))
    first, *second = read(tmp_path / "a.pdf").blocks
    assert first.text == "Une page de vrai texte, lue sans reconnaissance."
    text = " ".join(block.text for block in second)
    assert "contrat de location" in text
    assert {block.page for block in second} == {2}
    box = second[0].boxes[0]
    assert 0 < box.left < box.right < A4[0]
    assert 0 < box.top < box.bottom < A4[1]


SCANNED = [
    "Le contrat de location prend effet en mars.",
    "Le locataire verse un loyer chaque mois.",
    "Le bailleur remet les clefs de la maison.",
    "La caution est rendue au locataire sortant.",
]


@needs_tesseract
@pytest.mark.parametrize("extension", ["png", "pdf"])
@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize("lines", [SCANNED, ["Contrat annuel"]])
def test_a_scan_is_read_whichever_way_up_it_lies(
    tmp_path: Path,
    picture: Callable[[list[str]], Image.Image],
    extension: str,
    turn: int,
    lines: list[str],
) -> None:
    image = picture(lines).rotate(-turn, expand=True)
    points = 1.0 if extension == "png" else 0.4
    if extension == "png":
        image.save(tmp_path / "a.png")
    else:
        size = (image.width * points, image.height * points)
        canvas = Canvas(str(tmp_path / "a.pdf"), pagesize=size)
        canvas.drawImage(ImageReader(image), 0, 0, *size)
        canvas.save()
    document = read(tmp_path / f"a.{extension}")
    assert " ".join(texts(document)).split()[:2] == " ".join(lines).split()[:2]
    assert {block.kind for block in document.blocks} == {BlockKind.PARAGRAPH}
    # The place of the ink, found again in the picture as it lies.
    inked = image.convert("L").point([255] * 128 + [0] * 128).getbbox()
    assert inked is not None
    boxes = [box for block in document.blocks for box in block.boxes]
    found = (
        min(box.left for box in boxes),
        min(box.top for box in boxes),
        max(box.right for box in boxes),
        max(box.bottom for box in boxes),
    )
    expected = [edge * points for edge in inked]
    assert all(abs(one - other) < 6 for one, other in zip(found, expected, strict=True))


@needs_tesseract
@pytest.mark.parametrize("turn", [90, 180, 270])
def test_lines_of_a_turned_page_are_no_headings_among_upright_ones(
    tmp_path: Path, picture: Callable[[list[str]], Image.Image], turn: int
) -> None:
    canvas = Canvas(str(tmp_path / "a.pdf"), pagesize=A4)
    canvas.setFont("Helvetica", 14)
    for number in range(12):
        canvas.drawString(72, 720 - 16 * number, f"Ligne {number}, {LETTERS[:50]},")
    canvas.showPage()
    image = picture(SCANNED).rotate(-turn, expand=True)
    canvas.setPageSize((image.width / 2, image.height / 2))
    canvas.drawImage(ImageReader(image), 0, 0, image.width / 2, image.height / 2)
    canvas.save()
    document = read(tmp_path / "a.pdf")
    assert {block.kind for block in document.blocks} == {BlockKind.PARAGRAPH}
    assert " ".join(texts(document)[1:]) == " ".join(SCANNED)


def test_a_scan_waits_with_the_line_that_installs_tesseract(
    tmp_path: Path,
    picture: Callable[[list[str]], Image.Image],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    scan(tmp_path / "a.pdf", picture(["Le contrat"]))
    picture(["Le contrat"]).save(tmp_path / "a.png")
    monkeypatch.setenv("PATH", str(tmp_path))
    for name in ("a.pdf", "a.png"):
        outcome = parse_file(tmp_path / name)
        assert outcome.status is ParseStatus.WAITING
        assert "apt-get install tesseract-ocr tesseract-ocr-fra" in outcome.reason

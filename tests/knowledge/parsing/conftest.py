"""One real file of each format, made by the libraries that people's programs are made of."""

import datetime as dt
import io
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import docx
import openpyxl
import pptx
import pytest
from odf.opendocument import OpenDocumentSpreadsheet, OpenDocumentText
from odf.table import Table, TableCell, TableRow
from odf.text import H, List, ListItem, P
from PIL import Image, ImageDraw, ImageFont
from pptx.util import Inches
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

FRENCH = (
    "Le règlement intérieur fixe les horaires de travail et les congés payés. Chaque salarié "
    "dispose de vingt-cinq jours ouvrés par an, qu'il pose avec l'accord de son responsable."
)


def text_image(lines: list[str], size: tuple[int, int] = (1240, 900)) -> Image.Image:
    image = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(image)
    font = ImageFont.load_default(size=34)
    for number, line in enumerate(lines):
        draw.text((80, 80 + 60 * number), line, fill="black", font=font)
    return image


def make_pdf(path: Path) -> None:
    canvas = Canvas(str(path), pagesize=A4)
    canvas.setTitle("Règlement")
    canvas.setAuthor("Direction")
    canvas.setFont("Helvetica-Bold", 20)
    canvas.drawString(72, 760, "Règlement intérieur")
    canvas.setFont("Helvetica", 11)
    for number in range(8):
        canvas.drawString(72, 720 - 14 * number, f"Ligne {number} du texte ordinaire de la page.")
    canvas.showPage()
    canvas.save()


def make_docx(path: Path) -> None:
    document = docx.Document()
    document.core_properties.title = "Congés"
    document.core_properties.author = "Alice"
    document.add_heading("Les congés payés", 1)
    document.add_paragraph(FRENCH)
    document.add_paragraph("poser sa demande", style="List Bullet")
    table = document.add_table(2, 2)
    for index, text in enumerate(("Mois", "Jours", "Mai", "2,5")):
        table.cell(index // 2, index % 2).text = text
    document.add_paragraph("Fin du document.")
    document.save(str(path))


def make_pptx(path: Path) -> None:
    deck = pptx.Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[1])
    slide.shapes.title.text = "Résultats"
    slide.placeholders[1].text = "Premier point\nSecond point"
    table = slide.shapes.add_table(2, 2, Inches(1), Inches(5), Inches(4), Inches(1)).table
    for index, text in enumerate(("Année", "Ventes", "2025", "12")):
        table.cell(index // 2, index % 2).text = text
    slide.notes_slide.notes_text_frame.text = "Insister sur la marge."
    deck.save(str(path))


def make_xlsx(path: Path) -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.title = "Budget"
    sheet.append(["Budget prévisionnel"])
    sheet.append([])
    sheet.append(["Poste", "Date", "Montant"])
    for number in range(450):
        day = dt.date(2026, 1, 1) + dt.timedelta(days=number)
        sheet.append([f"poste {number}", day, number * 1.5])
    workbook.save(path)


def _odf_table(rows: list[list[str | float]], name: str) -> Table:
    table = Table(name=name)
    for row in rows:
        table_row = TableRow()
        for value in row:
            kind = {"valuetype": "string"} if isinstance(value, str) else {"valuetype": "float"}
            cell = TableCell(**kind) if isinstance(value, str) else TableCell(value=value, **kind)
            cell.addElement(P(text=str(value)))
            table_row.addElement(cell)
        table.addElement(table_row)
    return table


def make_odt(path: Path) -> None:
    document = OpenDocumentText()
    document.text.addElement(H(outlinelevel=1, text="Charte du télétravail"))
    document.text.addElement(P(text=FRENCH))
    items = List()
    item = ListItem()
    item.addElement(P(text="deux jours par semaine"))
    items.addElement(item)
    document.text.addElement(items)
    document.text.addElement(_odf_table([["Jour", "Lieu"], ["lundi", "bureau"]], "t"))
    document.save(str(path))


def make_ods(path: Path) -> None:
    document = OpenDocumentSpreadsheet()
    document.spreadsheet.addElement(
        _odf_table([["Nom", "Âge"], ["Zoé", 31], ["Luc", 44.5]], "Équipe")
    )
    document.save(str(path))


def make_eml(path: Path) -> None:
    message = EmailMessage()
    message["From"] = "Éric <eric@exemple.fr>"
    message["To"] = "zoe@exemple.fr"
    message["Date"] = "Mon, 02 Mar 2026 10:00:00 +0100"
    message["Subject"] = "Réunion d'été"
    message.set_content("Bonjour,\n\nVoici le compte rendu.\n")
    message.add_attachment("a;b\n1;2\n", filename="données.csv", subtype="csv")
    inner = EmailMessage()
    inner["From"] = "luc@exemple.fr"
    inner["Subject"] = "Transfert"
    inner.set_content("Le message d'avant.")
    inner.add_attachment(b"%PDF-", maintype="application", subtype="pdf", filename="vide.pdf")
    message.add_attachment(inner)
    path.write_bytes(message.as_bytes())


def make_image(path: Path) -> None:
    text_image(["Le contrat de location", "prend effet le premier mars."]).save(path)


def make_html(path: Path) -> None:
    path.write_text(
        "<html><head><title>Page</title></head><body><h1>Notice</h1>"
        f"<p>{FRENCH}</p><ul><li>un</li></ul></body></html>",
        encoding="utf-8",
    )


def _write(text: str) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        path.write_text(text, encoding="utf-8")

    return make


MAKERS: dict[str, Callable[[Path], None]] = {
    "pdf": make_pdf,
    "docx": make_docx,
    "pptx": make_pptx,
    "xlsx": make_xlsx,
    "odt": make_odt,
    "ods": make_ods,
    "eml": make_eml,
    "png": make_image,
    "html": make_html,
    "md": _write(f"# Titre\n\n{FRENCH}\n\n- un\n- deux\n"),
    "txt": _write(f"TITRE\n\n{FRENCH}\n"),
    "csv": _write("Nom;Montant\nDurand;12\nNoël;15\n"),
}


@pytest.fixture(scope="session")
def samples(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("samples")
    paths: dict[str, Path] = {}
    for extension, make in MAKERS.items():
        paths[extension] = folder / f"sample.{extension}"
        make(paths[extension])
    return paths


@pytest.fixture
def picture() -> Callable[[list[str]], Image.Image]:
    return text_image


@pytest.fixture
def png_bytes() -> Callable[[Image.Image], bytes]:
    def encode(image: Image.Image) -> bytes:
        buffer = io.BytesIO()
        image.save(buffer, "PNG")
        return buffer.getvalue()

    return encode

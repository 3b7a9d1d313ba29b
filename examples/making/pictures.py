"""PNG: a notice with text, drawn from a PDF page so that no font of the machine is needed."""

from io import BytesIO

from reportlab.lib import colors
from reportlab.pdfgen.canvas import Canvas

from making.markup import COMPANY, Source
from making.pdf import picture_of

_WIDTH, _HEIGHT = 560, 720


def write_png(source: Source) -> bytes:
    page = BytesIO()
    canvas = Canvas(page, pagesize=(_WIDTH, _HEIGHT), invariant=1)
    canvas.setFillColor(colors.HexColor("#0b5d3b"))
    canvas.rect(0, _HEIGHT - 90, _WIDTH, 90, stroke=0, fill=1)
    canvas.setFillColor(colors.white)
    canvas.setFont("Helvetica-Bold", 25)
    canvas.drawCentredString(_WIDTH / 2, _HEIGHT - 56, source.title)
    canvas.setFillColor(colors.black)
    height = _HEIGHT - 130
    for line in source.body.splitlines():
        bold = line.startswith("# ")
        canvas.setFont("Helvetica-Bold" if bold else "Helvetica", 18 if bold else 15)
        canvas.drawString(40, height, line.removeprefix("# "))
        height -= 27 if line else 12
    canvas.setFont("Helvetica", 11)
    canvas.drawString(40, 28, f"{COMPANY} · {source.reference} · {source.moment:%d/%m/%Y}")
    canvas.rect(14, 14, _WIDTH - 28, _HEIGHT - 28, stroke=1, fill=0)
    canvas.save()
    output = BytesIO()
    picture_of(page.getvalue(), 2).save(output, "PNG", optimize=True)
    return output.getvalue()

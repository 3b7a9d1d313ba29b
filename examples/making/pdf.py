"""PDF: text documents laid out on A4, and scans, which are pictures of typed pages."""

import re
from io import BytesIO
from xml.sax.saxutils import escape

import pypdfium2
from PIL import Image, ImageFilter
from reportlab.lib import colors
from reportlab.lib.enums import TA_JUSTIFY
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    Flowable,
    ListFlowable,
    ListItem,
    PageBreak,
    Paragraph,
    SimpleDocTemplate,
    Spacer,
    Table,
    TableStyle,
)

from making.markup import COMPANY, Block, Source

INK = colors.HexColor("#1f2d3d")
ACCENT = colors.HexColor("#0f6e84")
PALE = colors.HexColor("#e8f1f3")

_BODY = ParagraphStyle(
    "body",
    fontName="Helvetica",
    fontSize=10,
    leading=14.2,
    alignment=TA_JUSTIFY,
    spaceAfter=6,
    textColor=INK,
)
_HEADINGS = {
    1: ParagraphStyle(
        "h1",
        fontName="Helvetica-Bold",
        fontSize=15,
        leading=19,
        spaceBefore=12,
        spaceAfter=7,
        textColor=ACCENT,
        keepWithNext=True,
    ),
    2: ParagraphStyle(
        "h2",
        fontName="Helvetica-Bold",
        fontSize=12,
        leading=15,
        spaceBefore=9,
        spaceAfter=4,
        textColor=INK,
        keepWithNext=True,
    ),
    3: ParagraphStyle(
        "h3",
        fontName="Helvetica-BoldOblique",
        fontSize=10.5,
        leading=13,
        spaceBefore=6,
        spaceAfter=3,
        textColor=INK,
        keepWithNext=True,
    ),
}
_TITLE = ParagraphStyle(
    "title", fontName="Helvetica-Bold", fontSize=21, leading=25, spaceAfter=5, textColor=ACCENT
)
_UNDER_TITLE = ParagraphStyle(
    "under", fontName="Helvetica", fontSize=9.5, spaceAfter=14, textColor=colors.HexColor("#5b6b7b")
)
_CELL = ParagraphStyle("cell", fontName="Helvetica", fontSize=8.8, leading=11.2, textColor=INK)
_HEAD = ParagraphStyle(
    "head", fontName="Helvetica-Bold", fontSize=8.8, leading=11.2, textColor=colors.white
)


class _CountedCanvas(Canvas):
    """Keeps the finished pages until their number is known, then draws the running lines."""

    def __init__(self, *arguments: object, source: Source, **options: object) -> None:
        super().__init__(*arguments, **options)
        self._source = source
        self._pages: list[dict[str, object]] = []

    def showPage(self) -> None:  # noqa: N802 - the name is reportlab's
        self._pages.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        for number, page in enumerate(self._pages, 1):
            self.__dict__.update(page)
            self._draw_running_lines(number)
            super().showPage()
        super().save()

    def _draw_running_lines(self, number: int) -> None:
        width, height = A4
        self.setFillColor(ACCENT)
        self.rect(20 * mm, height - 16 * mm, 4 * mm, 4 * mm, stroke=0, fill=1)
        self.setFont("Helvetica-Bold", 9)
        self.drawString(26 * mm, height - 15.2 * mm, COMPANY)
        self.setFillColor(colors.HexColor("#5b6b7b"))
        self.setFont("Helvetica", 8)
        self.drawRightString(width - 20 * mm, height - 15.2 * mm, self._source.reference)
        self.setStrokeColor(colors.HexColor("#c8d4da"))
        self.line(20 * mm, height - 18 * mm, width - 20 * mm, height - 18 * mm)
        self.drawString(20 * mm, 11 * mm, self._source.title)
        self.drawRightString(width - 20 * mm, 11 * mm, f"{number} / {len(self._pages)}")


def write_pdf(source: Source) -> bytes:
    output = BytesIO()
    document = SimpleDocTemplate(
        output,
        pagesize=A4,
        leftMargin=20 * mm,
        rightMargin=20 * mm,
        topMargin=25 * mm,
        bottomMargin=20 * mm,
        title=source.title,
        author=source.author,
        subject=source.reference,
        creator=COMPANY,
        lang=source.language,
        invariant=1,
    )
    day = source.moment.strftime("%d/%m/%Y")
    under = " · ".join(part for part in (source.reference, source.author, day) if part)
    story: list[Flowable] = [Paragraph(_inline(source.title), _TITLE)]
    story.append(Paragraph(_inline(under), _UNDER_TITLE))
    story.extend(_flow(source.blocks, document.width - 12))
    document.build(story, canvasmaker=lambda *a, **k: _CountedCanvas(*a, source=source, **k))
    return _dated(output.getvalue(), source)


def _flow(blocks: list[Block], width: float) -> list[Flowable]:
    story: list[Flowable] = []
    items: list[Block] = []
    for block in [*blocks, Block("end")]:
        if items and block.kind != items[0].kind:
            story.append(_list(items))
            items = []
        if block.kind in {"bullet", "number"}:
            items.append(block)
        elif block.kind == "heading":
            story.append(Paragraph(_inline(block.text), _HEADINGS[block.level]))
        elif block.kind == "paragraph":
            story.append(Paragraph(_inline(block.text), _BODY))
        elif block.kind == "table":
            story.extend([_table(block.rows, width), Spacer(0, 9)])
        elif block.kind == "page":
            story.append(PageBreak())
    return story


def _list(items: list[Block]) -> Flowable:
    bullets = items[0].kind == "bullet"
    return ListFlowable(
        [ListItem(Paragraph(_inline(item.text), _BODY)) for item in items],
        bulletType="bullet" if bullets else "1",
        start="•" if bullets else 1,
        bulletFontSize=9,
        leftIndent=14,
        bulletColor=ACCENT,
    )


def _table(rows: tuple[tuple[str, ...], ...], width: float) -> Flowable:
    longest = [min(max(len(row[i]) for row in rows) + 5, 45) for i in range(len(rows[0]))]
    cells = [
        [Paragraph(_inline(text), _HEAD if index == 0 else _CELL) for text in row]
        for index, row in enumerate(rows)
    ]
    table = Table(cells, [width * part / sum(longest) for part in longest], repeatRows=1)
    table.setStyle(
        TableStyle(
            [
                ("BACKGROUND", (0, 0), (-1, 0), ACCENT),
                ("ROWBACKGROUNDS", (0, 1), (-1, -1), [colors.white, PALE]),
                ("GRID", (0, 0), (-1, -1), 0.4, colors.HexColor("#b9c8cf")),
                ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
                ("TOPPADDING", (0, 0), (-1, -1), 3),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
            ]
        )
    )
    return table


def _inline(text: str) -> str:
    return re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", escape(text))


def _dated(content: bytes, source: Source) -> bytes:
    """Puts the source's day where reportlab's fixed output has the year 2000, at the same length."""
    stamp = source.moment.strftime("D:%Y%m%d%H%M%S").encode()
    return re.sub(rb"D:20000101000000", stamp, content)


def typed_page(lines: list[str], size: float = 11.5) -> bytes:
    """Sets lines in Courier on one A4 page, as a typewriter would."""
    output = BytesIO()
    canvas = Canvas(output, pagesize=A4, invariant=1)
    canvas.setFont("Courier", size)
    height = A4[1] - 32 * mm
    for line in lines:
        canvas.drawString(24 * mm, height, line)
        height -= size * 1.32
    canvas.save()
    return output.getvalue()


def picture_of(content: bytes, scale: float) -> Image.Image:
    """Draws the first page of a PDF, `scale` pixels for each point (1/72 inch)."""
    with pypdfium2.PdfDocument(content) as document:
        return document[0].render(scale=scale).to_pil()


def write_scan(source: Source) -> bytes:
    """Makes an image-only PDF: each `[page]` part typed, drawn at 200 dpi, a little crooked and grey."""
    output = BytesIO()
    canvas = Canvas(output, pagesize=A4, invariant=1)
    canvas.setTitle(source.title)
    canvas.setAuthor(source.author)
    canvas.setCreator("Numériseur du courrier")
    canvas.setSubject("")
    for number, part in enumerate(source.body.split("\n[page]\n")):
        page = picture_of(typed_page(part.splitlines()), 200 / 72).convert("L")
        page = page.rotate(
            0.5 if number % 2 == 0 else -0.4, Image.Resampling.BICUBIC, fillcolor=255
        )
        page = page.filter(ImageFilter.GaussianBlur(0.6)).point(lambda v: 25 + v * 215 // 255)
        picture = BytesIO()
        page.save(picture, "JPEG", quality=60)
        canvas.drawImage(ImageReader(picture), 0, 0, *A4)
        canvas.showPage()
    canvas.save()
    return _dated(output.getvalue(), source)

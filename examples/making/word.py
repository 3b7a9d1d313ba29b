"""DOCX through python-docx."""

from io import BytesIO

from docx import Document
from docx.shared import Pt, RGBColor
from docx.text.paragraph import Paragraph

from making.markup import COMPANY, Source, split_bold

_STYLES = {"bullet": "List Bullet", "number": "List Number", "paragraph": None}


def write_docx(source: Source) -> bytes:
    document = Document()
    normal = document.styles["Normal"]
    normal.font.name = "Calibri"
    normal.font.size = Pt(10.5)
    for level in (1, 2, 3):
        document.styles[f"Heading {level}"].font.color.rgb = RGBColor(0x0F, 0x6E, 0x84)
    properties = document.core_properties
    properties.title = source.title
    properties.author = source.author
    properties.last_modified_by = source.author
    properties.subject = source.reference
    properties.language = source.language
    properties.comments = ""
    properties.created = properties.modified = source.moment.replace(tzinfo=None)
    section = document.sections[0]
    section.header.paragraphs[0].text = f"{COMPANY}\t\t{source.reference}"
    day = source.moment.strftime("%d/%m/%Y")
    section.footer.paragraphs[0].text = f"{source.title}\t\t{day}"
    document.add_heading(source.title, 0)
    for block in source.blocks:
        if block.kind == "heading":
            document.add_heading(block.text, block.level)
        elif block.kind == "table":
            table = document.add_table(0, len(block.rows[0]), "Light Grid Accent 1")
            for row in block.rows:
                for cell, text in zip(table.add_row().cells, row, strict=True):
                    _write_inline(cell.paragraphs[0], text)
            document.add_paragraph()
        elif block.kind == "page":
            document.add_page_break()
        elif block.kind in _STYLES:
            _write_inline(document.add_paragraph(style=_STYLES[block.kind]), block.text)
    output = BytesIO()
    document.save(output)
    return output.getvalue()


def _write_inline(paragraph: Paragraph, text: str) -> None:
    for piece, bold in split_bold(text):
        paragraph.add_run(piece).bold = bold

"""PPTX through python-pptx: each `##` heading of the source opens a slide."""

from io import BytesIO

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.slide import Slide
from pptx.util import Emu, Pt

from making.markup import COMPANY, Block, Source

_ACCENT = RGBColor(0x0F, 0x6E, 0x84)


def write_pptx(source: Source) -> bytes:
    deck = Presentation()
    deck.slide_width, deck.slide_height = Emu(12192000), Emu(6858000)
    properties = deck.core_properties
    properties.title = source.title
    properties.author = properties.last_modified_by = source.author
    properties.created = properties.modified = source.moment.replace(tzinfo=None)
    slide = deck.slides.add_slide(deck.slide_layouts[0])
    slide.shapes.title.text = source.title
    slide.placeholders[1].text = f"{source.author}\n{source.moment.strftime('%d/%m/%Y')}"
    _spread(slide)
    for block in source.blocks:
        if block.kind == "heading":
            slide = deck.slides.add_slide(deck.slide_layouts[1])
            slide.shapes.title.text = block.text
            _spread(slide)
        elif block.kind == "notes":
            slide.notes_slide.notes_text_frame.text = block.text
        elif block.kind == "table":
            _add_table(slide, block)
        else:
            _add_line(slide, block.text)
    for slide in deck.slides:
        for shape in list(slide.placeholders):
            if not shape.text_frame.text:
                shape.element.getparent().remove(shape.element)
    output = BytesIO()
    deck.save(output)
    return output.getvalue()


def _spread(slide: Slide) -> None:
    """Widens the template's 4:3 boxes to the 16:9 page."""
    title, body = slide.shapes.title, slide.placeholders[1]
    width = Emu(12192000 - 2 * 700000)
    title.left, title.top, title.width, title.height = Emu(700000), Emu(400000), width, Emu(1000000)
    body.left, body.top, body.width, body.height = Emu(700000), Emu(1600000), width, Emu(4600000)
    run = title.text_frame.paragraphs[0].runs[0]
    run.font.size, run.font.bold, run.font.color.rgb = Pt(32), True, _ACCENT
    box = slide.shapes.add_textbox(Emu(700000), Emu(6350000), width, Emu(300000))
    box.text_frame.text = COMPANY
    box.text_frame.paragraphs[0].runs[0].font.size = Pt(11)


def _add_line(slide: Slide, text: str) -> None:
    frame = slide.placeholders[1].text_frame
    paragraph = frame.paragraphs[0] if not frame.text else frame.add_paragraph()
    paragraph.text = text.replace("**", "")
    paragraph.font.size = Pt(20)


def _add_table(slide: Slide, block: Block) -> None:
    frame = slide.placeholders[1].text_frame
    top = 1600000 + 420000 * (len(frame.paragraphs) if frame.text else 0) + 200000
    shape = slide.shapes.add_table(
        len(block.rows), len(block.rows[0]), Emu(700000), Emu(top), Emu(10792000), Emu(300000)
    )
    for row, texts in enumerate(block.rows):
        for column, text in enumerate(texts):
            shape.table.cell(row, column).text = text
            shape.table.cell(row, column).text_frame.paragraphs[0].font.size = Pt(15)

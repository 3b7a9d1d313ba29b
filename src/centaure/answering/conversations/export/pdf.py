"""PDF: class, mark and page number on each page, a heading for each question."""

from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import reportlab
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Paragraph, SimpleDocTemplate

from centaure.answering.conversations.export.paper import Paper

_MARGIN = 56
_FONT = "paper"
_PLACES = (
    Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"),
    Path("/usr/share/fonts/dejavu-sans-fonts/DejaVuSans.ttf"),
    Path("/usr/share/fonts/TTF/DejaVuSans.ttf"),
    Path(reportlab.__file__).parent / "fonts" / "Vera.ttf",
)
"""Where systems keep DejaVu, which has Greek, Cyrillic and signs; else Vera, which has Latin letters."""

_TITLE = ParagraphStyle("title", fontName=_FONT, fontSize=18, leading=23, spaceAfter=8)
_QUESTION = ParagraphStyle("question", fontName=_FONT, fontSize=13, leading=17, spaceBefore=14)
_TEXT = ParagraphStyle("text", fontName=_FONT, fontSize=10, leading=14, spaceBefore=6)
_SMALL = ParagraphStyle(
    "small", fontName=_FONT, fontSize=8.5, leading=12, spaceBefore=4, textColor=HexColor(0x444444)
)


def write(paper: Paper) -> bytes:
    """The file."""
    _register()
    content = BytesIO()
    document = SimpleDocTemplate(
        content,
        pagesize=A4,
        leftMargin=_MARGIN,
        rightMargin=_MARGIN,
        topMargin=_MARGIN,
        bottomMargin=_MARGIN,
        title=paper.title,
        author="Centaure",
        creator="Centaure",
        subject=paper.mark,
        keywords="; ".join(paper.keywords),
        lang=paper.language,
    )

    def around(canvas: Any, template: Any) -> None:
        canvas.setFont(_FONT, 8)
        canvas.drawString(_MARGIN, A4[1] - _MARGIN / 2, paper.classification)
        canvas.drawString(_MARGIN, _MARGIN / 2, paper.mark)
        canvas.drawRightString(A4[0] - _MARGIN, A4[1] - _MARGIN / 2, str(template.page))

    document.build(_story(paper), onFirstPage=around, onLaterPages=around)
    return content.getvalue()


def _story(paper: Paper) -> list[Any]:
    story = [
        _paragraph(paper.title, _TITLE),
        _paragraph(paper.classification, _TEXT),
        _paragraph(paper.mark, _TEXT),
    ]
    for section in paper.sections:
        story.append(_paragraph(section.question, _QUESTION))
        if section.answer:
            story.append(_paragraph(section.answer, _TEXT))
        story.append(_paragraph(section.made, _SMALL))
        if section.sources:
            story.append(_paragraph(paper.sources, _TEXT))
        story += [_paragraph(source, _SMALL) for source in section.sources]
    return [*story, _paragraph(paper.exported, _SMALL)]


def _paragraph(text: str, style: ParagraphStyle) -> Paragraph:
    return Paragraph(escape(text), style)


@lru_cache(maxsize=1)
def _register() -> None:
    font = TTFont(_FONT, next(path for path in _PLACES if path.is_file()))
    pdfmetrics.registerFont(font)  # pyright: ignore[reportUnknownMemberType] - it has no types

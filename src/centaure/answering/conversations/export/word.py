"""Word (Office Open XML): title, mark and class on each page, a heading for each question."""

from datetime import UTC
from io import BytesIO

import docx

from centaure.answering.conversations.export.paper import Paper


def write(paper: Paper) -> bytes:
    """The file."""
    document = docx.Document()
    about = document.core_properties
    about.title = paper.title[:255]
    about.author = "Centaure"
    about.subject = paper.mark[:255]
    about.keywords = "; ".join(paper.keywords)[:255]
    about.category = paper.level
    about.comments = paper.exported
    about.language = paper.language
    about.created = about.modified = paper.at.astimezone(UTC).replace(tzinfo=None)
    page = document.sections[0]
    page.header.paragraphs[0].text = paper.classification
    page.footer.paragraphs[0].text = paper.mark
    document.add_heading(paper.title, 0)
    document.add_paragraph(paper.classification)
    document.add_paragraph(paper.mark)
    for section in paper.sections:
        document.add_heading(" ".join(section.question.split()), 1)
        if section.answer:
            document.add_paragraph(section.answer)
        document.add_paragraph().add_run(section.made).italic = True
        if section.sources:
            document.add_heading(paper.sources, 2)
        for source in section.sources:
            document.add_paragraph(source)
    document.add_paragraph(paper.exported)
    content = BytesIO()
    document.save(content)
    return content.getvalue()

"""ODT and ODS through odfpy."""

from io import BytesIO

from odf import dc, meta, table, text
from odf.namespaces import TOOLSVERSION
from odf.opendocument import OpenDocument, OpenDocumentSpreadsheet, OpenDocumentText
from odf.style import ParagraphProperties, Style, TableCellProperties, TextProperties

from making.grid import Workbook
from making.markup import Source, split_bold


def write_odt(source: Source) -> bytes:
    document = OpenDocumentText()
    _describe(document, source.title, source.author, source.moment.strftime("%Y-%m-%dT%H:%M:%S"))
    styles = {
        0: _style(document, "Titre", "22pt", bold=True),
        1: _style(document, "Titre1", "15pt", bold=True),
        2: _style(document, "Titre2", "12.5pt", bold=True),
        3: _style(document, "Titre3", "11pt", bold=True),
        -1: _style(document, "Corps", "10.5pt"),
    }
    strong = Style(name="Gras", family="text")
    strong.addElement(TextProperties(fontweight="bold"))
    cell_style = Style(name="Cellule", family="table-cell")
    cell_style.addElement(TableCellProperties(border="0.5pt solid #8899a5", padding="0.08cm"))
    document.automaticstyles.addElement(strong)
    document.automaticstyles.addElement(cell_style)

    def paragraph(content: str) -> text.P:
        element = text.P(stylename=styles[-1])
        for piece, bold in split_bold(content):
            if bold:
                element.addElement(text.Span(stylename=strong, text=piece))
            else:
                element.addText(piece)
        return element

    body = document.text
    body.addElement(text.H(outlinelevel=1, stylename=styles[0], text=source.title))
    current: tuple[str, text.List] | None = None
    for block in source.blocks:
        if block.kind not in {"bullet", "number"}:
            current = None
        if block.kind == "heading":
            heading = text.H(outlinelevel=block.level, stylename=styles[block.level])
            heading.addText(block.text)
            body.addElement(heading)
        elif block.kind == "paragraph":
            body.addElement(paragraph(block.text))
        elif block.kind == "table":
            grid = table.Table()
            grid.addElement(table.TableColumn(numbercolumnsrepeated=len(block.rows[0])))
            for row in block.rows:
                line = table.TableRow()
                for content in row:
                    cell = table.TableCell(stylename=cell_style, valuetype="string")
                    cell.addElement(paragraph(content))
                    line.addElement(cell)
                grid.addElement(line)
            body.addElement(grid)
        elif block.kind in {"bullet", "number"}:
            if current is None or current[0] != block.kind:
                current = (block.kind, text.List())
                body.addElement(current[1])
            item = text.ListItem()
            item.addElement(paragraph(block.text))
            current[1].addElement(item)
    return _saved(document)


def write_ods(book: Workbook) -> bytes:
    document = OpenDocumentSpreadsheet()
    _describe(document, book.title, book.author, book.moment.strftime("%Y-%m-%dT%H:%M:%S"))
    for sheet in book.sheets:
        grid = table.Table(name=sheet.name)
        for cells in sheet.rows:
            line = table.TableRow()
            for cell in cells:
                if isinstance(cell.value, str):
                    element = table.TableCell(valuetype="string")
                    shown = cell.value
                else:
                    options = {"formula": f"of:{cell.formula}"} if cell.formula else {}
                    element = table.TableCell(valuetype="float", value=cell.value, **options)
                    shown = f"{cell.value:g}".replace(".", ",")
                element.addElement(text.P(text=shown))
                line.addElement(element)
            grid.addElement(line)
        document.spreadsheet.addElement(grid)
    return _saved(document)


def _style(document: OpenDocument, name: str, size: str, *, bold: bool = False) -> Style:
    style = Style(name=name, family="paragraph")
    weight = {"fontweight": "bold", "color": "#0f6e84"} if bold else {}
    style.addElement(TextProperties(fontsize=size, fontfamily="Calibri", **weight))
    style.addElement(ParagraphProperties(marginbottom="0.2cm"))
    document.styles.addElement(style)
    return style


def _describe(document: OpenDocument, title: str, author: str, stamp: str) -> None:
    for element in list(document.meta.childNodes):
        document.meta.removeChild(element)
    document.meta.addElement(meta.Generator(text=TOOLSVERSION))
    document.meta.addElement(dc.Title(text=title))
    document.meta.addElement(meta.InitialCreator(text=author))
    document.meta.addElement(dc.Creator(text=author))
    document.meta.addElement(meta.CreationDate(text=stamp))
    document.meta.addElement(dc.Date(text=stamp))


def _saved(document: OpenDocument) -> bytes:
    output = BytesIO()
    document.write(output)
    return output.getvalue()

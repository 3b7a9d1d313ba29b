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
    page = _Page(document)
    document.text.addElement(page.heading(source.title, 0))
    current: tuple[str, text.List] | None = None
    for block in source.blocks:
        if block.kind in {"bullet", "number"}:
            if current is None or current[0] != block.kind:
                current = (block.kind, text.List())
                document.text.addElement(current[1])
            item = text.ListItem()
            item.addElement(page.paragraph(block.text))
            current[1].addElement(item)
            continue
        current = None
        if block.kind == "heading":
            document.text.addElement(page.heading(block.text, block.level))
        elif block.kind == "paragraph":
            document.text.addElement(page.paragraph(block.text))
        elif block.kind == "table":
            document.text.addElement(page.table(block.rows))
    return _saved(document)


class _Page:
    """The styles of one text document, and the elements that use them."""

    def __init__(self, document: OpenDocument) -> None:
        sizes = ("22pt", "15pt", "12.5pt", "11pt")
        self._headings = [
            _style(document, f"Titre{level}", size, bold=True) for level, size in enumerate(sizes)
        ]
        self._body = _style(document, "Corps", "10.5pt")
        self._strong = Style(name="Gras", family="text")
        self._strong.addElement(TextProperties(fontweight="bold"))
        self._cell = Style(name="Cellule", family="table-cell")
        self._cell.addElement(TableCellProperties(border="0.5pt solid #8899a5", padding="0.08cm"))
        document.automaticstyles.addElement(self._strong)
        document.automaticstyles.addElement(self._cell)

    def heading(self, content: str, level: int) -> text.H:
        return text.H(outlinelevel=max(level, 1), stylename=self._headings[level], text=content)

    def paragraph(self, content: str) -> text.P:
        element = text.P(stylename=self._body)
        for piece, bold in split_bold(content):
            if bold:
                element.addElement(text.Span(stylename=self._strong, text=piece))
            else:
                element.addText(piece)
        return element

    def table(self, rows: tuple[tuple[str, ...], ...]) -> table.Table:
        grid = table.Table()
        grid.addElement(table.TableColumn(numbercolumnsrepeated=len(rows[0])))
        for row in rows:
            line = table.TableRow()
            for content in row:
                cell = table.TableCell(stylename=self._cell, valuetype="string")
                cell.addElement(self.paragraph(content))
                line.addElement(cell)
            grid.addElement(line)
        return grid


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

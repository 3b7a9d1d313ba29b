"""XLSX through XlsxWriter, which stores the value of each formula beside it."""

from io import BytesIO

import xlsxwriter

from making.grid import Workbook


def write_xlsx(book: Workbook) -> bytes:
    output = BytesIO()
    target = xlsxwriter.Workbook(output, {"in_memory": True})
    target.set_properties(
        {"title": book.title, "author": book.author, "created": book.moment.replace(tzinfo=None)}
    )
    head = target.add_format(
        {"bold": True, "bg_color": "#0F6E84", "font_color": "#FFFFFF", "text_wrap": True}
    )
    bold = target.add_format({"bold": True, "font_size": 13})
    for sheet in book.sheets:
        page = target.add_worksheet(sheet.name)
        number = target.add_format({"num_format": sheet.number_format})
        for row, cells in enumerate(sheet.rows):
            style = head if row == sheet.header_row else bold if row < sheet.header_row else None
            for column, cell in enumerate(cells):
                if cell.formula:
                    page.write_formula(row, column, cell.formula, number, cell.value)
                elif isinstance(cell.value, str):
                    page.write_string(row, column, cell.value, style)
                else:
                    page.write_number(row, column, cell.value, style or number)
        for column in range(max(len(cells) for cells in sheet.rows)):
            texts = [
                len(str(cells[column].value))
                for cells in sheet.rows[sheet.header_row :]
                if column < len(cells)
            ]
            page.set_column(column, column, min(max(texts) + 3, 48))
        page.freeze_panes(sheet.header_row + 1, 0)
    target.close()
    return output.getvalue()

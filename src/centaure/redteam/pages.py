"""Reports as one page of HTML that needs nothing else: no script, no font, no picture."""

import html
from collections.abc import Sequence

_STYLE = """
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; margin: 1rem 0; }
th, td { border: 1px solid #8886; padding: .25rem .6rem; text-align: left; vertical-align: top; }
td { white-space: nowrap; }
td.number { text-align: right; font-variant-numeric: tabular-nums; }
td.bad { background: #c6282833; } td.good { background: #2e7d3233; } td.unsure { background: #8884; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; background: #8882; padding: .6rem; }
div.wide { overflow-x: auto; }
"""


_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


class Cell:
    """A cell with a colour: `bad`, `good` or `unsure`."""

    def __init__(self, value: object, colour: str = "") -> None:
        self.value, self.colour = value, colour


def page(title: str, language: str, parts: Sequence[str]) -> str:
    """A whole page of parts that are HTML already."""
    body = "\n".join(parts)
    return (
        f'<!doctype html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        f"<title>{_told(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        f"<h1>{_told(title)}</h1>\n{body}\n</body>\n</html>\n"
    )


def heading(text: str) -> str:
    """The title of a section."""
    return f"<h2>{_told(text)}</h2>"


def paragraph(text: str) -> str:
    """Words."""
    return f"<p>{_told(text)}</p>"


def quotation(label: str, text: str) -> str:
    """What somebody wrote, as it is: nothing in it is read as HTML."""
    return f"<p>{_told(label)}</p>\n<pre>{_told(text)}</pre>"


def table(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A table; its first column names the rows."""
    head = "".join(f'<th scope="col">{_told(one)}</th>' for one in columns)
    body = "\n".join(
        f'<tr><th scope="row">{_told(row[0])}</th>{"".join(map(_cell, row[1:]))}</tr>'
        for row in rows
    )
    return (
        f'<div class="wide"><table>\n<thead><tr>{head}</tr></thead>\n'
        f"<tbody>\n{body}\n</tbody></table></div>"
    )


def _cell(cell: object) -> str:
    value, colour = (cell.value, cell.colour) if isinstance(cell, Cell) else (cell, "")
    kind = " ".join(one for one in ("" if isinstance(value, str) else "number", colour) if one)
    return f'<td class="{kind}">{_told(value)}</td>' if kind else f"<td>{_told(value)}</td>"


def _told(value: object) -> str:
    return html.escape("" if value is None else str(value))

"""Lines to paragraphs and list items."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median

from centaure.knowledge.parsing.layout.lines import Line, Page, Table

LIST_MARK = re.compile(
    r"(?:[•▪●○◦‣⁃∙·■□➢➤►▶✓✔❖–—*-]|\(?\d{1,2}[.)°]|\(?[a-zA-Z][.)]|\(?[ivx]{1,4}[.)])\s+(?=\S)"
)
_SENTENCE_END = (".", "!", "?", ":", ";", "…", ".»", "»", '."', ".”")
_LEADERS = re.compile(r"(?:\s?\.){4,}\s*|\s?…{2,}\s*|_{4,}")
_LEADER_SIGNS = ("...", ". .", "……", "____")
_FIGURE = re.compile(r"[$€£(+-]{0,3}\d[\d.,']*\)?[%€$£]?\)?|[-—–$€£%]")
_FIGURE_END = frozenset("0123456789)%€$£—–-")


@dataclass(slots=True)
class Paragraph:
    """Lines that belong together, on one page."""

    lines: list[Line]
    page: int
    listed: bool = False
    """Whether it begins with a list mark."""

    @property
    def text(self) -> str:
        return " ".join(line.text for line in self.lines)


def without_leaders(text: str) -> str:
    """A line of a table of contents without the dots that lead to its page number."""
    if any(sign in text for sign in _LEADER_SIGNS):
        return _LEADERS.sub(" ", text).strip()
    return text


def in_columns_of_figures(line: Line) -> bool:
    """Whether a line is a row of figures, which must not flow into its neighbours."""
    if line.text[-1:] not in _FIGURE_END:
        return False
    words = line.text.rsplit(None, 4)[-4:]
    figures = [word for word in words if _FIGURE.fullmatch(word)]
    return (
        len(figures) > 1
        and _FIGURE.fullmatch(words[-1]) is not None
        and sum(any(character.isdigit() for character in word) for word in figures) > 1
    )


def typical_leading(pages: list[Page]) -> float:
    """The usual distance between the tops of two lines of a paragraph, in sizes of the font."""
    found = [
        (after.top - before.top) / before.size
        for page in pages[:60]
        for before, after in zip(page.lines, page.lines[1:], strict=False)
        if before.size > 0
        and abs(before.size - after.size) < 0.5
        and 0.7 < (after.top - before.top) / before.size < 2.2
    ]
    return median(found) if len(found) > 4 else 1.2


def page_items(page: Page, leading: float) -> Iterator[Paragraph | Table]:
    """The paragraphs and tables of a page, each table where it stands between the lines."""
    tables = sorted(page.tables, key=lambda table: table.top)
    run: list[Line] = []
    for line in page.lines:
        due = _due(line, tables, page) if tables else []
        if due:
            yield from _paragraphs(run, page, leading)
            run = []
            yield from due
            tables = [table for table in tables if table not in due]
        run.append(line)
    yield from _paragraphs(run, page, leading)
    yield from _by_column(tables, page)


def _due(line: Line, tables: list[Table], page: Page) -> list[Table]:
    """The tables that are read before a line."""
    if page.gutter is None:
        above: list[Table] = []
        for table in tables:
            if line.top < table.top or not _same_side(line, table):
                break
            above.append(table)
        return above
    if line.left < page.gutter < line.right:
        return _by_column([table for table in tables if table.top <= line.top], page)
    if line.right <= page.gutter:
        return [t for t in tables if t.top <= line.top and t.right <= page.gutter]
    # Down to the next line across both columns, the left one comes first.
    across = [
        other.top
        for other in page.lines
        if other.left < page.gutter < other.right and other.top > line.top
    ]
    end = min(across, default=page.height)
    due = [t for t in tables if t.top < (end if t.right <= page.gutter else line.top)]
    return _by_column(due, page)


def _by_column(tables: list[Table], page: Page) -> list[Table]:
    """Tables from top to bottom, those of the left column first."""
    if page.gutter is None:
        return tables
    gutter = page.gutter
    return sorted(tables, key=lambda table: (table.left >= gutter, table.top))


def _same_side(line: Line, table: Table) -> bool:
    return line.left < table.right and line.right > table.left


def _paragraphs(lines: list[Line], page: Page, leading: float) -> Iterator[Paragraph]:
    if not lines:
        return
    edge = sorted(line.right for line in lines)[int(len(lines) * 0.9)]
    current: Paragraph | None = None
    for line in lines:
        if current is None or _breaks(current, line, edge, leading):
            if current is not None:
                yield current
            current = Paragraph([line], page.number, LIST_MARK.match(line.text) is not None)
        else:
            current.lines.append(line)
    if current is not None:
        yield current


def _breaks(  # noqa: PLR0911  # a return for each sign of a break
    current: Paragraph, line: Line, edge: float, leading: float
) -> bool:
    """Whether a line begins a new paragraph after the last line of the current one."""
    last = current.lines[-1]
    if LIST_MARK.match(line.text) or "...." in line.text or ". . . ." in line.text:
        return True
    if last.size > 0 and not 0.86 < line.size / last.size < 1.16:
        # A line of small marks (a reference, an exponent) does not end a paragraph.
        return len(line.text) > 3 and len(last.text) > 3
    if line.bold != last.bold and (line.bold or len(current.lines) == len(_bold(current))):
        return True
    step = line.top - last.top
    if step < -last.size * 0.5:
        # Up the page: the next column, where a sentence may go on.
        return last.text.endswith(_SENTENCE_END) or line.text[:1].isupper()
    if step > max(leading * 1.3, 1.05) * max(last.size, line.size):
        return True
    ended = last.text.endswith(_SENTENCE_END)
    width = max(1.0, edge - min(last.left, line.left))
    if ended and last.right < edge - 0.2 * width:
        return True
    return ended and line.left > current.lines[0].left + line.size * 0.8 and not current.listed


def _bold(paragraph: Paragraph) -> list[Line]:
    return [line for line in paragraph.lines if line.bold]

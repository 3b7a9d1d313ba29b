"""Running headers, footers and page numbers, taken away when they repeat from page to page."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

from centaure.knowledge.parsing.layout.lines import Line, Page
from centaure.knowledge.parsing.layout.paragraphs import in_columns_of_figures

_DIGITS = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(
    r"\W{0,3}(?:(?P<word>page|p\.)\s*)?(?P<number>\d{1,4}|[ivxlc]{1,7})"
    r"(?:\s*(?:/|sur|of|de|-)\s*(?P<other>\d{1,4}))?\W{0,3}",
    re.IGNORECASE,
)
# A sum is a row of a table, such as "Carried forward 12 345,00", whatever its height.
_SUM = re.compile(r"\d[.,]\d{2}(?!\d)|\d[ .'\u00a0\u202f]\d{3}(?!\d)")
_MARGIN = 0.13
_DEPTH = 4
_FEWEST_PAGES = 3
_LETTERS = re.compile(r"(?:[^\W\d_].*?){3}", re.DOTALL)


def remove_furniture(pages: list[Page]) -> None:
    """Removes from each page the lines of its margins that come back on others, in place.

    A line counts as the same when it stands at the same height and says the same but for its
    digits. It is removed if it stands on three pages and on a third of them at least (left and
    right pages may differ). Lone page numbers go as soon as two pages have one that counts the pages.
    Two pages that say the same may mean it, so nothing is removed from them.
    """
    if len(pages) < _FEWEST_PAGES:
        return
    seen: Counter[tuple[str, int]] = Counter()
    for page in pages:
        seen.update({key for line in _margins(page) for key in _keys(line, page)})
    enough = max(3, len(pages) // 3)
    repeated = {key for key, count in seen.items() if count >= enough}
    floating = _floating(pages)
    counting = _counting(pages)
    for page in pages:
        gone = {
            id(line)
            for line in _margins(page)
            if not counting.isdisjoint(_page_offsets(line, page))
            or (
                (not repeated.isdisjoint(_keys(line, page)) or _folded(line.text) in floating)
                and not _is_row(line, page)
            )
        }
        if gone:
            page.lines = [line for line in page.lines if id(line) not in gone]


def _floating(pages: list[Page]) -> set[str]:
    """What the first or last line of half the pages says, at whatever height it stands.

    Pages made from web pages end where their content does, and their footers with them.
    """
    if len(pages) < 4:
        return set()
    seen: Counter[str] = Counter()
    for page in pages:
        if page.lines:
            ends = {page.lines[0].text, page.lines[-1].text}
            seen.update({_folded(text) for text in ends if len(text) > 7})
    return {text for text, count in seen.items() if count >= len(pages) / 2}


def _counting(pages: list[Page]) -> set[object]:
    """By how much the page numbers of two pages at least differ from the places of their pages.

    A figure at the foot of a column stands alone as a page number does, and does not count pages.
    """
    seen: Counter[object] = Counter()
    for page in pages:
        seen.update({offset for line in _margins(page) for offset in _page_offsets(line, page)})
    return {offset for offset, count in seen.items() if count > 1}


def _page_offsets(line: Line, page: Page) -> set[object]:
    """By how much a lone page number may differ from the page's place; a word or letters say enough."""
    match = _PAGE_NUMBER.fullmatch(line.text)
    if match is None:
        return set()
    if match["word"] or not match["number"].isdecimal():
        return {"page"}
    numbers = filter(None, (match["number"], match["other"]))
    return {int(number) - page.number for number in numbers}


def _margins(page: Page) -> Iterator[Line]:
    """The outermost lines of a page that lie within its top or bottom margin."""
    by_height = sorted(page.lines, key=lambda line: line.top)
    upper = [line for line in by_height[:_DEPTH] if line.bottom < page.height * _MARGIN]
    lower = [line for line in by_height[-_DEPTH:] if line.top > page.height * (1 - _MARGIN)]
    yield from upper
    yield from (line for line in lower if line not in upper)


def _keys(line: Line, page: Page) -> tuple[tuple[str, int], tuple[str, int]]:
    """What a line says and where, twice so that neighbouring heights meet."""
    text = _folded(line.text)
    height = line.top if line.top < page.height / 2 else line.top - page.height
    step = int(height // 4)
    return (text, step), (text, step + 1)


@lru_cache(maxsize=4096)
def _folded(text: str) -> str:
    """What a line says but for its digits; figures alone are all that it says."""
    if _LETTERS.search(text) is None or _SUM.search(text):
        return text.casefold()
    return _DIGITS.sub("#", text).casefold()


def _is_row(line: Line, page: Page) -> bool:
    """Whether a line is a row of a table without rules: its fellows or its figures stand by it.

    Rows say the same as others of their page but for digits; the names of columns stand right above
    figures.
    """
    if in_columns_of_figures(line):
        return True
    text, start = _folded(line.text), line.text[:1]
    numbered = "#" in text
    lowest, nearest = line.top + line.size / 2, line.bottom + line.size
    for other in page.lines:
        if lowest < other.top < nearest and in_columns_of_figures(other):
            return True
        # Most lines differ in their first sign: they need not be folded.
        alike = numbered and (other.text[:1] == start or start.isdecimal())
        if alike and other.text != line.text and _folded(other.text) == text:
            return True
    return False

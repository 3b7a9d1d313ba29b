"""Running headers, footers and page numbers, taken away when they repeat from page to page."""

import re
from collections import Counter
from collections.abc import Iterator

from centaure.knowledge.parsing.layout.lines import Line, Page

_DIGITS = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(
    r"\W{0,3}(?:(?:page|p\.)\s*)?(?:\d{1,4}|[ivxlc]{1,7})(?:\s*(?:/|sur|of|de|-)\s*\d{1,4})?\W{0,3}",
    re.IGNORECASE,
)
_MARGIN = 0.13
_DEPTH = 4


def remove_furniture(pages: list[Page]) -> None:
    """Removes from each page the lines of its margins that come back on others, in place.

    A line counts as the same when it stands at the same height and says the same but for its
    digits. It is removed from three pages on, if it stands on a third of them at least (left and
    right pages may differ), or from both pages of a document of two. Lone page numbers go as soon
    as two pages have one.
    """
    if len(pages) < 2:
        return
    seen: Counter[tuple[str, int]] = Counter()
    for page in pages:
        seen.update({key for line in _margins(page) for key in _keys(line, page)})
    enough = 2 if len(pages) == 2 else max(3, len(pages) // 3)
    repeated = {key for key, count in seen.items() if count >= enough}
    floating = _floating(pages)
    numbered = sum(any(_PAGE_NUMBER.fullmatch(line.text) for line in _margins(p)) for p in pages)
    for page in pages:
        gone = {
            id(line)
            for line in _margins(page)
            if not repeated.isdisjoint(_keys(line, page))
            or _DIGITS.sub("#", line.text).casefold() in floating
            or (numbered > 1 and _PAGE_NUMBER.fullmatch(line.text))
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
            seen.update({_DIGITS.sub("#", text).casefold() for text in ends if len(text) > 7})
    return {text for text, count in seen.items() if count >= len(pages) / 2}


def _margins(page: Page) -> Iterator[Line]:
    """The outermost lines of a page that lie within its top or bottom margin."""
    by_height = sorted(page.lines, key=lambda line: line.top)
    upper = [line for line in by_height[:_DEPTH] if line.bottom < page.height * _MARGIN]
    lower = [line for line in by_height[-_DEPTH:] if line.top > page.height * (1 - _MARGIN)]
    yield from upper
    yield from (line for line in lower if line not in upper)


def _keys(line: Line, page: Page) -> tuple[tuple[str, int], tuple[str, int]]:
    """What a line says and where, twice so that neighbouring heights meet."""
    text = _DIGITS.sub("#", line.text).casefold()
    height = line.top if line.top < page.height / 2 else line.top - page.height
    step = int(height // 4)
    return (text, step), (text, step + 1)

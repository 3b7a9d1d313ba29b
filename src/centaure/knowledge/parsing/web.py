"""HTML to blocks: the main content as trafilatura finds it, else everything that the page shows."""

import importlib
import logging
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

from centaure.knowledge.parsing.blocks import Block, BlockKind, ParsedDocument
from centaure.knowledge.parsing.encodings import decode_text, detect_encoding
from centaure.knowledge.parsing.errors import BrokenFile, FileTooLarge
from centaure.knowledge.parsing.limits import Limits, megabytes
from centaure.knowledge.parsing.quotations import Setting
from centaure.knowledge.parsing.tables import header_row_count, table_block

_SPACES = re.compile(r"\s+")
_DECLARED = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?\s*([\w-]+)""", re.IGNORECASE)
_DEEPEST = 300
_CONTENT_SHARE = 0.3
_HIDDEN = frozenset(
    """script style noscript template head nav svg iframe object button select input form
    aside""".split()  # noqa: SIM905  # read as words
)
_FLOW = frozenset(
    """p div section article main header footer figure figcaption blockquote address td th li dt dd
    h1 h2 h3 h4 h5 h6 ul ol dl table pre body html center details summary
    fieldset""".split()  # noqa: SIM905  # read as words
)


def parse_html(path: Path, limits: Limits) -> ParsedDocument:
    """Reads a saved web page."""
    size = path.stat().st_size
    if size > limits.text_bytes:
        raise FileTooLarge(
            f"The page holds {megabytes(size)}, more than {megabytes(limits.text_bytes)}."
        )
    title, author, blocks = html_blocks(decode_html(path.read_bytes()))
    return ParsedDocument("html", title, author, None, None, None, tuple(blocks))


def decode_html(content: bytes) -> str:
    """The text of a page: in Unicode if it is valid so, else as it declares, else as it looks."""
    found = detect_encoding(content)
    declared = _DECLARED.search(content[:4096])
    if found in ("cp1252", "latin-1") and declared is not None:
        try:
            return content.decode(declared[1].decode("ascii"), errors="replace")
        except LookupError:
            pass
    return decode_text(content)[0]


def html_blocks(text: str) -> tuple[str | None, str | None, list[Block]]:
    """Title, author and blocks of a page: of its content where that is told apart.

    Raises:
        BrokenFile: there is no markup to read.
    """
    lxml_html = cast("Any", importlib.import_module("lxml.html"))
    tree = _tree(text, lxml_html)
    title = _text_of(next(iter(tree.xpath("//title")), None)) or None
    author = next(iter(tree.xpath("//meta[@name='author']/@content")), None)
    everything = _blocks(tree)
    main = _main_content(tree, lxml_html)
    if _length(main) < max(200, _CONTENT_SHARE * _length(everything)):
        main = everything
    return title, author, main


def message_blocks(text: str) -> list[tuple[Block, Setting]]:
    """The blocks of the body of a message, all of it, and how each stands there.

    Raises:
        BrokenFile: there is no markup to read.
    """
    tree = _tree(text, cast("Any", importlib.import_module("lxml.html")))
    return list(_walk(tree, _setting))


def _setting(element: Any) -> Setting:
    """How an element sets off its content: mail programs mark the message that is answered."""
    classes = (element.get("class") or "").lower().split()
    if element.tag == "div":
        return Setting.CITED if "yahoo_quoted" in classes else Setting.OWN
    if element.tag != "blockquote":
        return Setting.OWN
    marked = (element.get("type") or "").lower() == "cite" or any(
        name.endswith("_quote") for name in classes
    )
    return Setting.CITED if marked else Setting.SET_OFF


def _tree(text: str, lxml_html: Any) -> Any:
    etree = cast("Any", importlib.import_module("lxml.etree"))
    parser = lxml_html.HTMLParser(
        encoding="utf-8", huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        return lxml_html.document_fromstring(text.encode("utf-8", errors="replace"), parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise BrokenFile("The page holds no markup that can be read.") from error


def _blocks(root: Any) -> list[Block]:
    return [block for block, _ in _walk(root)]


def _length(blocks: list[Block]) -> int:
    return sum(len(block.text) for block in blocks)


def _main_content(tree: Any, lxml_html: Any) -> list[Block]:
    """The blocks of what trafilatura takes for the content, [] where it finds none."""
    trafilatura = cast("Any", importlib.import_module("trafilatura"))
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    found = trafilatura.extract(
        lxml_html.tostring(tree, encoding="unicode"),
        output_format="html",
        include_tables=True,
        include_comments=False,
        include_formatting=False,
        favor_recall=True,
    )
    if not found:
        return []
    return _blocks(lxml_html.document_fromstring(found))


def _text_of(element: Any) -> str:
    if element is None:
        return ""
    return _SPACES.sub(" ", "".join(element.itertext())).strip()


def _walk(  # noqa: C901, PLR0912  # a branch for each kind of tag
    root: Any, setting_of: Callable[[Any], Setting] = lambda _: Setting.OWN
) -> Iterator[tuple[Block, Setting]]:
    """The blocks below an element, in order, without recursion: pages nest as deep as they like."""
    run: list[str] = []
    kind, level = BlockKind.PARAGRAPH, 0
    settings = [Setting.OWN]

    def flush() -> Iterator[tuple[Block, Setting]]:
        text = _SPACES.sub(" ", "".join(run)).strip()
        run.clear()
        if text:
            yield Block(kind, text, level), settings[-1]

    # (element, entering): text is taken on the way in, tails on the way out.
    stack: list[tuple[Any, bool]] = [(root, True)]
    items: list[str] = []
    while stack:
        element, entering = stack.pop()
        tag = element.tag if isinstance(element.tag, str) else ""
        if not entering:
            if tag in _FLOW:
                yield from flush()
                settings.pop()
                kind, level = (BlockKind.LIST_ITEM, 0) if items else (BlockKind.PARAGRAPH, 0)
                if tag == "li" and items:
                    items.pop()
                    kind = BlockKind.LIST_ITEM if items else BlockKind.PARAGRAPH
            run.append(element.tail or "")
            continue
        special = _special(element, tag)
        if special is not None or tag in _HIDDEN or not tag or _is_hidden(element):
            if special is not None:
                yield from flush()
                for block in special:
                    yield block, settings[-1]
            run.append(element.tail or "")
            continue
        if tag in _FLOW:
            yield from flush()
            settings.append(max(settings[-1], setting_of(element)))
        if tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
            kind, level = BlockKind.HEADING, int(tag[1])
        elif tag in ("li", "dd", "dt"):
            kind, level = BlockKind.LIST_ITEM, 0
            if tag == "li":
                items.append("")
        elif tag == "br":
            run.append(" ")
        elif tag == "img":
            run.append(f" {element.get('alt') or ''} ")
        run.append(element.text or "")
        stack.append((element, False))
        if len(stack) < _DEEPEST * 50:
            stack.extend((child, True) for child in reversed(element))
    yield from flush()


def _is_hidden(element: Any) -> bool:
    style = (element.get("style") or "").replace(" ", "").lower()
    return "display:none" in style or element.get("hidden") is not None


def _special(element: Any, tag: str) -> list[Block] | None:
    """The blocks of an element that is taken as a whole, None for any other."""
    if tag == "pre":
        text = "".join(element.itertext()).strip("\n")
        return [Block(BlockKind.CODE, text)] if text.strip() else []
    if tag != "table":
        return None
    rows = [
        [_text_of(cell) for cell in row if cell.tag in ("td", "th")]
        for row in element.iter("tr")
        if next(row.iterancestors("table"), None) is element
    ]
    rows = [row for row in rows if any(row)]
    # A table of one column, or with tables inside, lays out a page and holds no data.
    if element.find(".//table") is not None or max(map(len, rows), default=0) < 2:
        return None
    headers = element.xpath("./thead/tr[td or th]")
    count = len(headers) or int(bool(element.xpath(".//tr[1]/th[2]"))) or header_row_count(rows)
    return [table_block(rows, header_rows=count)]

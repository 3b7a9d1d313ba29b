"""Markdown to blocks, from the tokens of markdown-it."""

import re
from pathlib import Path
from typing import cast

from markdown_it import MarkdownIt
from markdown_it.token import Token

from centaure.knowledge.parsing.blocks import Block, BlockKind, ParsedDocument
from centaure.knowledge.parsing.limits import Limits
from centaure.knowledge.parsing.plain import read_text
from centaure.knowledge.parsing.tables import table_block

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_FIELD = re.compile(r"^(title|author|titre|auteur):[ \t]*(.+)$", re.MULTILINE | re.IGNORECASE)
_TAG = re.compile(r"<[^>\n]*>|<!--.*?-->", re.DOTALL)


def parse_markdown(path: Path, limits: Limits) -> ParsedDocument:
    """Reads a Markdown file; the title is the front matter's, else the first heading's."""
    text = read_text(path, limits)
    fields: dict[str, str] = {}
    front = _FRONT_MATTER.match(text)
    if front:
        fields = {m[1].lower(): m[2].strip().strip("\"'") for m in _FIELD.finditer(front[1])}
        text = text[front.end() :]
    parser = MarkdownIt("commonmark", {"maxNesting": 50}).enable(["table", "strikethrough"])
    blocks = _Builder().build(parser.parse(text))
    heading = next((b.text for b in blocks if b.kind is BlockKind.HEADING and b.level == 1), None)
    title = fields.get("title") or fields.get("titre") or heading
    author = fields.get("author") or fields.get("auteur")
    return ParsedDocument("markdown", title, author, None, None, None, tuple(blocks))


class _Builder:
    """Walks the tokens once; a list item's text is its own, its sub-items are items too."""

    def __init__(self) -> None:
        self._blocks: list[Block] = []
        self._items: list[str] = []
        self._ordinals: list[int | None] = []
        self._rows: list[tuple[str, ...]] = []
        self._row: list[str] = []
        self._headers = 0
        self._in_head = False
        self._in_row = False
        self._heading = 0

    def build(self, tokens: list[Token]) -> list[Block]:
        for token in tokens:
            self._take(token)
        return self._blocks

    def _take(self, token: Token) -> None:  # noqa: C901  # a case for each token
        match token.type:
            case "heading_open":
                self._heading = int(token.tag[1])
            case "heading_close":
                self._heading = 0
            case "ordered_list_open":
                self._ordinals.append(int(cast("int", token.attrs.get("start", 1))))
            case "bullet_list_open":
                self._ordinals.append(None)
            case "ordered_list_close" | "bullet_list_close":
                self._ordinals.pop()
            case "list_item_open":
                self._items.append(self._mark())
            case "list_item_close":
                self._items.pop()
            case "fence" | "code_block":
                self._add(BlockKind.CODE, token.content.rstrip("\n"))
            case "html_block":
                self._add(BlockKind.PARAGRAPH, _TAG.sub(" ", token.content).strip())
            case "inline":
                self._inline(inline_text(token))
            case _:
                self._table(token)

    def _mark(self) -> str:
        if not self._ordinals or self._ordinals[-1] is None:
            return ""
        number = self._ordinals[-1]
        self._ordinals[-1] = number + 1
        return f"{number}. "

    def _inline(self, text: str) -> None:
        if self._heading:
            self._add(BlockKind.HEADING, text, self._heading)
        elif self._in_row:
            self._row.append(text)
        elif self._items:
            self._add(BlockKind.LIST_ITEM, self._items[-1] + text)
            self._items[-1] = ""
        else:
            self._add(BlockKind.PARAGRAPH, text)

    def _table(self, token: Token) -> None:
        match token.type:
            case "table_open":
                self._rows, self._headers = [], 0
            case "thead_open":
                self._in_head = True
            case "thead_close":
                self._in_head = False
            case "tr_open":
                self._row, self._in_row = [], True
            case "tr_close":
                self._in_row = False
                self._rows.append(tuple(self._row))
                self._headers += self._in_head
            case "table_close":
                if self._rows:
                    self._blocks.append(table_block(self._rows, header_rows=self._headers))
            case _:
                pass

    def _add(self, kind: BlockKind, text: str, level: int = 0) -> None:
        self._blocks.append(Block(kind, text, level))


def inline_text(token: Token) -> str:
    """What an inline token shows: link texts without targets, alternative texts of images."""
    parts: list[str] = []
    for child in token.children or ():
        match child.type:
            case "text" | "code_inline":
                parts.append(child.content)
            case "softbreak":
                parts.append(" ")
            case "hardbreak":
                parts.append("\n")
            case "image":
                parts.append(child.content)
            case _:
                pass
    return "".join(parts).strip()

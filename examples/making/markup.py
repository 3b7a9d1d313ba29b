"""The source form of a text document: a YAML heading between `---` lines, then simple Markdown.

Known blocks: `#` to `###` headings, paragraphs, `- ` and `1. ` lists, pipe tables (first row is the
header), `[page]` for a page break, and `Notes:` paragraphs (a speaker's notes in slides).
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import yaml

COMPANY = "Aubervane Industries"


@dataclass(frozen=True)
class Block:
    """One block: kind is heading, paragraph, bullet, number, table, page or notes."""

    kind: str
    text: str = ""
    level: int = 0
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Source:
    """A source file: its heading, its raw body and the day that the document bears."""

    heading: dict[str, object]
    body: str

    @property
    def title(self) -> str:
        return str(self.heading["title"])

    @property
    def author(self) -> str:
        return str(self.heading.get("author", COMPANY))

    @property
    def reference(self) -> str:
        return str(self.heading.get("reference", ""))

    @property
    def language(self) -> str:
        return str(self.heading.get("language", "fr"))

    @property
    def moment(self) -> datetime:
        return moment(self.heading["date"])

    @property
    def blocks(self) -> list[Block]:
        return parse_blocks(self.body)


def moment(value: object) -> datetime:
    """Reads `2026-01-05` or `2026-01-05 14:30` as a time of day in UTC (09:00 when none is given)."""
    text = str(value)
    if len(text) == len("2026-01-05"):
        text += " 09:00"
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def read_source(path: Path) -> Source:
    _, heading, body = path.read_text(encoding="utf-8").split("---\n", 2)
    return Source(yaml.safe_load(heading), body.strip("\n") + "\n")


def parse_blocks(body: str) -> list[Block]:
    blocks: list[Block] = []
    for part in re.split(r"\n\s*\n", body.strip()):
        blocks.extend(_parse_part(part.strip().splitlines()))
    return blocks


def _parse_part(lines: list[str]) -> list[Block]:
    first = lines[0]
    if first == "[page]":
        return [Block("page")]
    if heading := re.match(r"(#{1,3}) (.+)", first):
        rest = _parse_part(lines[1:]) if lines[1:] else []
        return [Block("heading", heading[2], level=len(heading[1])), *rest]
    if first.startswith("|"):
        rows = [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in lines]
        return [Block("table", rows=tuple(row for row in rows if set(row[0]) - set("-:")))]
    if first.startswith("Notes:"):
        return [Block("notes", " ".join(lines).removeprefix("Notes:").strip())]
    if re.match(r"- |\d+\. ", first):
        return _parse_list(lines)
    return [Block("paragraph", " ".join(line.strip() for line in lines))]


def _parse_list(lines: list[str]) -> list[Block]:
    items: list[Block] = []
    for line in lines:
        if item := re.match(r"(- |\d+\. )(.+)", line):
            items.append(Block("bullet" if item[1] == "- " else "number", item[2]))
        else:
            last = items.pop()
            items.append(Block(last.kind, f"{last.text} {line.strip()}"))
    return items


def split_bold(text: str) -> list[tuple[str, bool]]:
    """Cuts `a **b** c` into pieces, each with whether it is bold."""
    pieces = re.split(r"\*\*(.+?)\*\*", text)
    return [(piece, index % 2 == 1) for index, piece in enumerate(pieces) if piece]

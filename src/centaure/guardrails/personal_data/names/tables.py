"""Columns of tables whose heading says that they hold names: CSV, Markdown, columns apart by spaces."""

import re

from centaure.guardrails.personal_data.names.lists import cues

_DELIMITERS = ("|", ";", "\t", ",")
_APART = re.compile(r" {2,}|$")
_MANY = 400


def name_cells(low: str) -> dict[int, str]:
    """Where the cells under a heading of names begin, by offset, and what they hold.

    Returns:
        `given`, `family`, `name` (all of it) or `person` (somebody's role) for each.
    """
    cells: dict[int, str] = {}
    heading: list[tuple[int, str]] = []
    delimiter, width, start = "", 0, 0
    for line in low.splitlines(keepends=True):
        here, start = start, start + len(line)
        parts = _parts(line, delimiter, here, width) if heading else []
        if parts:
            cells |= {parts[column]: kind for column, kind in heading if column < len(parts)}
            continue
        delimiter, heading = _heading(line)
        width = line.count(delimiter) if delimiter else 0
    return cells


def _heading(line: str) -> tuple[str, list[tuple[int, str]]]:
    for delimiter in _DELIMITERS:
        if 1 < line.count(delimiter) < _MANY or (delimiter in "|;\t" and delimiter in line):
            found = [
                (at, kind) for at, cell in enumerate(line.split(delimiter)) if (kind := _kind(cell))
            ]
            return (delimiter, found) if found else ("", [])
    cells = [cell for cell in _APART.split(line.strip()) if cell]
    found = [(at, kind) for at, cell in enumerate(cells) if (kind := _kind(cell))]
    return ("  ", found) if len(cells) > 2 and found else ("", [])


def _kind(cell: str) -> str:
    words = re.findall(r"[a-z]{3,}|fn", cell)[:4]
    if not words or len(cell.strip()) > 30:
        return ""
    if any(word in cues("label-name") for word in words):
        return part_named(words) or "name"
    somebody = any(word in cues("label-person") or word in cues("role") for word in words)
    return "person" if somebody else ""


def part_named(words: list[str]) -> str:
    """Which part of a name a label asks for: `given`, `family`, or nothing where it asks for all of it."""
    held = frozenset(words)
    if held & cues("label-given"):
        return "given"
    return "family" if held & cues("label-family") else ""


def _parts(line: str, delimiter: str, here: int, width: int) -> list[int]:
    """Where each cell's first letter stands, or nothing where the line is none of the table."""
    made: list[int] = []
    if delimiter == "  ":
        made.extend(
            here + found.start() for found in re.finditer(r"(?<!\S)(?<! \S)\S+(?: \S+)*", line)
        )
        return made if len(made) > 1 else []
    if line.count(delimiter) < width:
        return []
    quoted, begins = False, True
    for at, character in enumerate(line):
        if begins and character not in " \"'*":
            made.append(here + at)
            begins = False
        quoted ^= character == '"'
        if character == delimiter and not quoted:
            begins = True
    return made

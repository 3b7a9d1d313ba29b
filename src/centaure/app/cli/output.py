"""What a command prints: a line or a table for a person, one JSON document for a program."""

import json
import re
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]

ATTENTION = 9


def say(message: str) -> None:
    """A line for a person."""
    sys.stdout.write(message + "\n")


def note(message: str) -> None:
    """A line for a person, beside the output."""
    sys.stderr.write(message + "\n")


def print_json(value: object) -> None:
    """One JSON document, readable by a person too."""
    written = json.dumps(value, ensure_ascii=False, indent=2, default=_plain)
    # JSON escapes what is below U+0020 itself; these too can drive a terminal.
    sys.stdout.write(re.sub(r"[\x7f-\x9f]", lambda c: f"\\u{ord(c[0]):04x}", written) + "\n")


def print_table(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """A table; text from documents is shown as it is, never read as markup."""
    # Few commands print one, and it takes a while to import.
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415

    table = Table(*columns, box=None, pad_edge=False, header_style="bold")
    for row in rows:
        table.add_row(*(_escaped("" if cell is None else str(_plain(cell))) for cell in row))
    Console(soft_wrap=not sys.stdout.isatty()).print(table)


_SPACES = "\n\t\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}"


def printable(text: str) -> str:
    """Text of a document without the control characters that could drive a terminal."""
    return "".join(
        c if c.isprintable() or c in _SPACES else "\N{REPLACEMENT CHARACTER}" for c in text
    )


def _escaped(text: str) -> str:
    return printable(text).replace("[", r"\[")


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, Path):
        return str(value)
    return value if isinstance(value, int | float | str) else str(value)

"""XLSX to blocks: the values of each sheet, streamed, formulas by their last results."""

import warnings as python_warnings
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, BinaryIO, cast
from zipfile import BadZipFile

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from centaure.knowledge.parsing.archives import check_markup, open_package
from centaure.knowledge.parsing.blocks import Block, ParsedDocument
from centaure.knowledge.parsing.errors import BrokenFile
from centaure.knowledge.parsing.limits import Limits
from centaure.knowledge.parsing.sheets import SheetRoom, SheetRows, sheet_blocks
from centaure.knowledge.parsing.word import aware

_MOST_SHEETS = 500
# An empty sheet may declare a million rows; past this many empty ones nothing is expected.
_MOST_EMPTY_ROWS = 100_000


def parse_xlsx(path: Path, limits: Limits) -> ParsedDocument:
    """Reads a workbook.

    Raises:
        ParseFailure: the package is damaged, protected or too large.
    """
    with open_package(path, limits) as package:
        check_markup(package, limits)
    # The library refuses a path without its extension; an open file has none to look at.
    with path.open("rb") as file:
        return _parse_open(file, limits)


def _parse_open(file: BinaryIO, limits: Limits) -> ParsedDocument:
    try:
        with python_warnings.catch_warnings():
            # Extensions and print settings that the library does not know change no value.
            python_warnings.simplefilter("ignore")
            workbook = openpyxl.load_workbook(file, read_only=True, data_only=True)
    except (InvalidFileException, BadZipFile, KeyError, ValueError, TypeError) as error:
        raise BrokenFile(
            "The file is damaged: its parts do not make a workbook. Open it in its own program "
            "and save it again."
        ) from error
    try:
        with python_warnings.catch_warnings():
            python_warnings.simplefilter("ignore")
            return _parse(workbook, limits)
    finally:
        workbook.close()


def _parse(workbook: openpyxl.Workbook, limits: Limits) -> ParsedDocument:
    blocks: list[Block] = []
    notes: list[str] = []
    sheets = cast("list[Any]", workbook.worksheets)
    if len(sheets) > _MOST_SHEETS:
        notes.append(f"Only the first {_MOST_SHEETS} of {len(sheets)} sheets were read.")
    room = SheetRoom(limits)
    for sheet in sheets[:_MOST_SHEETS]:
        rows = SheetRows(room)
        empty = 0
        for number, cells in _rows(sheet, limits):
            empty = 0 if any(cells) else empty + 1
            if empty > _MOST_EMPTY_ROWS or not rows.add(number, cells):
                break
        found, warnings = sheet_blocks(rows, sheet.title)
        blocks.extend(found)
        notes.extend(warnings)
        if sheet.sheet_state != "visible" and found:
            notes.append(f'Sheet "{sheet.title}" is hidden in the workbook; it was read.')
    properties = workbook.properties
    return ParsedDocument(
        "xlsx",
        properties.title or None,
        properties.creator if properties.creator != "openpyxl" else None,
        aware(properties.created),
        aware(properties.modified),
        None,
        tuple(blocks),
        warnings=tuple(notes),
    )


def _rows(sheet: Any, limits: Limits) -> Iterator[tuple[int, list[str]]]:
    # What a sheet declares as its size is often wrong, and sometimes absurd.
    sheet.reset_dimensions()
    # Without a greatest column each row has its own width, not that of the widest row allowed.
    for number, values in enumerate(sheet.iter_rows(values_only=True), start=1):
        yield number, [cell_text(value) for value in values[: limits.sheet_columns + 1]]


def cell_text(value: object) -> str:  # noqa: PLR0911  # a return for each type of cell
    """A value as a person reads it: ISO dates, numbers without a false decimal part."""
    match value:
        case None:
            return ""
        case bool():
            return "TRUE" if value else "FALSE"
        case int():
            return str(value)
        case float():
            return f"{value:.15g}" if abs(value) < 1e15 else repr(value)
        case datetime():
            midnight = value.time() == time()
            return value.date().isoformat() if midnight else value.isoformat(" ", "minutes")
        case date():
            return value.isoformat()
        case time():
            return value.isoformat("minutes")
        case timedelta():
            return str(value)
        case _:
            return " ".join(str(value).split())

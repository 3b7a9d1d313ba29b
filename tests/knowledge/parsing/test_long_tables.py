"""A table of any length is searchable row by row, and says in a summary what it holds."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from centaure.knowledge.chunking import chunk_document
from centaure.knowledge.parsing import BlockKind, ParsedDocument, ParserProcess, parse_file
from centaure.knowledge.parsing.limits import DEFAULT_LIMITS, Limits

HEADER = ["Date", "Client", "Région", "Montant", "Code postal"]


def row(number: int) -> list[object]:
    day = dt.date(2020, 1, 1) + dt.timedelta(days=number % 900)
    region = ("Nord", "Sud", "Nord", "Est")[number % 4]
    return [day, f"client {number}", region, number / 4 - 10, f"0{1000 + number % 8000}"]


def make_csv(path: Path, count: int) -> None:
    lines = [";".join(HEADER), *(";".join(map(str, row(number))) for number in range(count))]
    path.write_text("\n".join(lines), encoding="utf-8")


def make_workbook(path: Path, *counts: int) -> None:
    workbook = openpyxl.Workbook(write_only=True)
    for place, count in enumerate(counts):
        sheet = workbook.create_sheet(f"Ventes {place + 1}")
        sheet.append(HEADER)
        for number in range(count):
            sheet.append(row(number))
    workbook.save(path)


def read(path: Path, limits: Limits = DEFAULT_LIMITS) -> ParsedDocument:
    document = parse_file(path, limits=limits).document
    assert document is not None
    return document


def rows_of(document: ParsedDocument) -> int:
    return sum(len(block.rows) - block.header_rows for block in document.blocks)


def test_every_row_of_100_000_is_in_a_chunk_under_its_header(tmp_path: Path) -> None:
    make_csv(tmp_path / "sales.csv", 100_000)
    with ParserProcess() as process:
        document = process.parse(tmp_path / "sales.csv").document
    assert document is not None
    assert rows_of(document) == 100_000
    assert document.warnings == ()
    chunks = chunk_document(document)
    tables = [chunk for chunk in chunks if chunk.kind == "table"]
    assert all(chunk.text.startswith("Date | Client | Région") for chunk in tables)
    found = {
        line.split(" | ")[1] for chunk in chunks for line in chunk.text.split("\n") if " | " in line
    }
    assert {f"client {number}" for number in range(100_000)} <= found


@pytest.mark.parametrize("extension", ["csv", "xlsx"])
def test_a_long_table_has_a_summary(tmp_path: Path, extension: str) -> None:
    path = tmp_path / f"sales.{extension}"
    make_csv(path, 400) if extension == "csv" else make_workbook(path, 400)
    summary = read(path).blocks[0]
    assert (summary.kind, summary.cells) == (BlockKind.PARAGRAPH, "A1:E401")
    head, date, client, region, amount, code = summary.text.split("\n")
    assert "400 lignes, 5 colonnes" in head
    assert head.startswith("Ventes 1 : ") == (extension == "xlsx")
    assert date == "Date : dates, min 2020-01-01, max 2021-02-03."
    assert "400 valeurs" in client
    assert region.endswith(
        "3 valeurs différentes (distinct values) : Nord (200), Sud (100), Est (100)."
    )
    assert amount in {
        f"Montant : nombres (numbers), min {least}, max 89.75." for least in ("-10", "-10.0")
    }
    assert code.startswith("Code postal : textes (texts)")


def test_a_table_that_a_few_passages_hold_has_no_summary(tmp_path: Path) -> None:
    make_csv(tmp_path / "short.csv", 30)
    assert [block.kind for block in read(tmp_path / "short.csv").blocks] == [BlockKind.TABLE]


@pytest.mark.parametrize(
    ("values", "told"),
    [
        (["02/03/2026", "1/12/2025"], "dates, min 1/12/2025, max 02/03/2026"),
        (["12/31/2025", "01/15/2026"], "dates, min 12/31/2025, max 01/15/2026"),
        (["1 234,50 €", "99,9 €", "-3 €"], "nombres (numbers), min -3 €, max 1 234,50 €"),
        (["12 %", "7,5 %"], "nombres (numbers), min 7,5 %, max 12 %"),
        (["2025-01-02 10:30", "2024-12-31"], "dates, min 2024-12-31, max 2025-01-02 10:30"),
        (["06 12", "07 34"], "textes (texts), 2 valeurs"),
        (["12", "", "13"], "nombres (numbers), min 12, max 13, 33 vides (empty)"),
        (["12", "douze", "treize"], "textes (texts), 3 valeurs"),
    ],
)
def test_the_kind_of_a_column_is_told_by_its_values(
    tmp_path: Path, values: list[str], told: str
) -> None:
    lines = ["Nom;Valeur", *(f"x{number};{values[number % len(values)]}" for number in range(99))]
    (tmp_path / "kinds.csv").write_text("\n".join(lines), encoding="utf-8")
    assert f"Valeur : {told}" in read(tmp_path / "kinds.csv").blocks[0].text


def test_what_the_limits_leave_out_is_said(tmp_path: Path) -> None:
    path = tmp_path / "sales.xlsx"
    make_workbook(path, 300, 300)
    rows = read(path, replace(DEFAULT_LIMITS, sheet_rows=101))
    assert rows_of(rows) == 200
    assert [warning.split(" were")[0] for warning in rows.warnings] == [
        'Only the first 101 rows of sheet "Ventes 1"',
        'Only the first 101 rows of sheet "Ventes 2"',
    ]
    cells = read(path, replace(DEFAULT_LIMITS, sheet_cells=1700))
    assert rows_of(cells) == 338
    assert len(cells.warnings) == 1
    assert 'Only the first 39 rows of sheet "Ventes 2"' in cells.warnings[0]


def test_time_runs_out_before_the_process_does(tmp_path: Path) -> None:
    make_csv(tmp_path / "sales.csv", 2000)
    document = read(tmp_path / "sales.csv", replace(DEFAULT_LIMITS, sheet_seconds=0.0))
    assert 0 < rows_of(document) < 2000
    assert "Only the first" in document.warnings[0]

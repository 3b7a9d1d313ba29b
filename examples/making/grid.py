"""The source form of a workbook: YAML sheets whose cells may be formulas, with their values computed.

Office programs store a formula beside its last value and readers only look at the value, so the
value has to be worked out here. Known: `+ - * /`, parentheses, SUM and AVERAGE of a range, and
references to cells of the same sheet or, as `Sheet!B2`, of an earlier one.
"""

import ast
import operator
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import yaml

from making.markup import moment

Value = str | int | float

_OPERATORS: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
_CELL = r"(?:(\w+)!)?([A-Z])(\d+)"


@dataclass(frozen=True)
class Cell:
    value: Value
    formula: str | None = None


@dataclass
class Sheet:
    name: str
    rows: list[list[Cell]] = field(default_factory=list)
    header_row: int = 0
    number_format: str = "#,##0.##"


@dataclass(frozen=True)
class Workbook:
    title: str
    author: str
    moment: datetime
    sheets: list[Sheet]


def read_workbook(path: Path) -> Workbook:
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    sheets: dict[str, Sheet] = {}
    for entry in content["sheets"]:
        sheet = Sheet(
            entry["name"],
            header_row=entry.get("header_row", 0),
            number_format=entry.get("number_format", "#,##0.##"),
        )
        sheets[sheet.name] = sheet
        for row in entry["rows"]:
            sheet.rows.append([])
            for cell in row:
                sheet.rows[-1].append(_read_cell(cell, sheets, sheet))
    return Workbook(
        content["title"], content["author"], moment(content["date"]), [*sheets.values()]
    )


def _read_cell(cell: object, sheets: dict[str, Sheet], sheet: Sheet) -> Cell:
    if isinstance(cell, str) and cell.startswith("="):
        return Cell(round(_evaluate(cell[1:], sheets, sheet), 4), cell)
    if isinstance(cell, int | float):
        return Cell(cell)
    return Cell("" if cell is None else str(cell))


def _evaluate(formula: str, sheets: dict[str, Sheet], sheet: Sheet) -> float:
    def number(match: re.Match[str]) -> str:
        place = sheets[match[1]] if match[1] else sheet
        value = place.rows[int(match[3]) - 1][ord(match[2]) - ord("A")].value
        return repr(float(value or 0))

    def aggregate(match: re.Match[str]) -> str:
        place = sheets[match[2]] if match[2] else sheet
        values = [
            float(place.rows[row][column].value or 0)
            for row in range(int(match[4]) - 1, int(match[6]))
            for column in range(ord(match[3]) - ord("A"), ord(match[5]) - ord("A") + 1)
        ]
        return repr(sum(values) / (len(values) if match[1] == "AVERAGE" else 1))

    text = re.sub(rf"(SUM|AVERAGE)\({_CELL}:([A-Z])(\d+)\)", aggregate, formula)
    return _compute(ast.parse(re.sub(_CELL, number, text), mode="eval").body)


def _compute(node: ast.expr) -> float:
    if isinstance(node, ast.BinOp):
        return _OPERATORS[type(node.op)](_compute(node.left), _compute(node.right))
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -_compute(node.operand)
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return float(node.value)
    raise ValueError(f"The formula holds {ast.dump(node)}, which is not known; see making/grid.py.")

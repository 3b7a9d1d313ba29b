"""What every benchmark ends with: a table on the terminal and a JSON file that can be compared."""

import json
import os
import platform
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

from rich.console import Console
from rich.table import Table

RESULTS = Path(__file__).parent / "results"
_LIBRARIES = ("centaure", "psycopg", "pypdfium2", "lxml", "openpyxl", "trafilatura")

Cell = str | int | float | None


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor()


def _versions() -> dict[str, str]:
    found = {"python": platform.python_version()}
    for library in _LIBRARIES:
        try:
            found[library] = metadata.version(library)
        except metadata.PackageNotFoundError:
            continue
    return found


def _machine() -> dict[str, Cell]:
    return {
        "system": f"{platform.system()} {platform.release()}",
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9, 1),
        "load_1_minute": round(os.getloadavg()[0], 2),
    }


def _shown(value: Cell) -> str:
    if value is None:
        return "-"
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def report(
    name: str,
    columns: Sequence[str],
    rows: Sequence[Sequence[Cell]],
    notes: Mapping[str, Cell] | None = None,
) -> Path:
    """Prints a table and writes `benchmarks/results/NAME.json`.

    Args:
        name: the benchmark's name, also the file's.
        columns: a heading for each column, with its unit.
        rows: one cell for each column.
        notes: figures that belong to the whole, by name.

    Returns:
        The file that was written: name, date, machine, versions, columns, rows, notes.
    """
    table = Table(title=name)
    for number, column in enumerate(columns):
        table.add_column(column, justify="right" if number else "left")
    for row in rows:
        table.add_row(*map(_shown, row))
    console = Console()
    console.print(table)
    for key, value in (notes or {}).items():
        console.print(f"{key}: {_shown(value)}")
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{name}.json"
    content = {
        "name": name,
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": _machine(),
        "versions": _versions(),
        "columns": list(columns),
        "rows": [list(row) for row in rows],
        "notes": dict(notes or {}),
    }
    path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    console.print(
        f"written to {path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path}"
    )
    return path

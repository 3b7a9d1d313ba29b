"""The folder of a run: its plan and each result, line by line, so that it goes on where it stopped."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self, cast

from centaure.kit.errors import Conflict, InvalidInput

RESULTS, REPORT, PAGE = "results.jsonl", "report.json", "report.html"
_Json = dict[str, Any]


class Filed:
    """Results in a folder. The first line of its file says what the run is; each other one is a result.

    Attributes:
        results: what is known, by case; a case that was tried again counts as the last time.
    """

    def __init__(self, folder: Path, plan: Mapping[str, Any]) -> None:
        """Begin a run in a folder, or take up the one that is there.

        Args:
            folder: made where it is not there.
            plan: what makes results comparable: another plan is another run.

        Raises:
            Conflict: the folder holds another run.
            InvalidInput: it cannot be written.
        """
        self.results: dict[str, _Json] = {}
        path = folder / RESULTS
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            whole = _ended(path)
            if path.exists() and path.stat().st_size:
                found, results = read(folder)
                if found != dict(plan):
                    raise Conflict(f"{folder} holds another run. Name another folder.")
                self.results = {one["case"]: one for one in results}
            self._file = path.open("a", encoding="utf-8")
        except OSError as error:
            raise InvalidInput(f"{folder} cannot be written: {error.strerror}.") from error
        if not whole:
            self._file.write("\n")
        if not path.stat().st_size:
            self._write(plan)

    def keep(self, result: _Json) -> None:
        """Keep one result."""
        self.results[result["case"]] = result
        self._write(result)

    def left(self, cases: Iterable[str]) -> set[str]:
        """Those that were not tried, or of which nothing was learned.

        Raises:
            Conflict: there are none: what changed since would not be seen.
        """
        known = self.results
        left = {one for one in cases if one not in known or known[one]["outcome"] == "unknown"}
        if not left:
            raise Conflict("The run in this folder is done. Name another folder for a new one.")
        return left

    def __enter__(self) -> Self:
        """Itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        """Close the file."""
        self._file.close()

    def _write(self, value: Mapping[str, Any]) -> None:
        self._file.write(json.dumps(value, ensure_ascii=False) + "\n")
        self._file.flush()


def read(folder: Path) -> tuple[_Json, list[_Json]]:
    """What a run is, and its results; a line that was cut by a crash is left out.

    Raises:
        InvalidInput: there is no run in the folder.
    """
    try:
        lines = (folder / RESULTS).read_text("utf-8", errors="replace").splitlines()
    except OSError as error:
        raise InvalidInput(f"{folder} holds no run: {error.strerror}.") from error
    found = [one for line in lines if (one := _object(line)) is not None]
    if not found or "kind" not in found[0]:
        raise InvalidInput(f"{folder} holds no run.")
    results = {one["case"]: one for one in found[1:] if {"case", "outcome"} <= one.keys()}
    return found[0], list(results.values())


def earlier(place: Path | None, kind: str) -> _Json | None:
    """An earlier report of this kind: the file, or the folder that it stands in; None: no place is named.

    Raises:
        InvalidInput: there is none.
    """
    if place is None:
        return None
    path = place / REPORT if place.is_dir() else place
    try:
        found = _object(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise InvalidInput(f"{path} cannot be read as a report.") from error
    if found is None or found.get("kind") != kind:
        raise InvalidInput(f"{path} is no report of this kind.")
    return found


def write_reports(folder: Path, report: Mapping[str, Any], page: str) -> None:
    """Write both reports of a run.

    Raises:
        InvalidInput: they cannot be written.
    """
    try:
        written = json.dumps(report, ensure_ascii=False, indent=2)
        (folder / REPORT).write_text(written + "\n", encoding="utf-8")
        (folder / PAGE).write_text(page, encoding="utf-8")
    except OSError as error:
        raise InvalidInput(f"{folder} cannot be written: {error.strerror}.") from error


def _ended(path: Path) -> bool:
    """Whether a file ends with a whole line."""
    try:
        return path.read_bytes()[-1:] in {b"", b"\n"}
    except FileNotFoundError:
        return True


def _object(line: str) -> _Json | None:
    try:
        found: object = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return cast("_Json", found) if isinstance(found, dict) else None

"""The board: what each team has solved, in a file that processes of one machine share."""

import fcntl
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from centaure.kit.errors import InvalidInput

_LONGEST_NAME = 60
_Scores = dict[str, dict[str, int]]


@dataclass(frozen=True, slots=True)
class Standing:
    """One team.

    Attributes:
        team: its name.
        levels: how many it has solved.
        questions: the fewest that those took, in all.
    """

    team: str
    levels: int
    questions: int


def keep(file: Path, team: str, solved: Mapping[int, int]) -> None:
    """Add what was solved to a team's best.

    Raises:
        InvalidInput: the name is none, or the file is no board or cannot be written.
    """
    if not team.strip() or len(team) > _LONGEST_NAME:
        raise InvalidInput(f"The name of a team has 1 to {_LONGEST_NAME} characters.")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("a+", encoding="utf-8") as opened:
            fcntl.flock(opened, fcntl.LOCK_EX)
            opened.seek(0)
            scores = _scores(file, opened.read())
            best = scores.setdefault(team, {})
            for level, questions in solved.items():
                best[str(level)] = min(questions, best.get(str(level), questions))
            opened.truncate(0)
            json.dump(scores, opened, ensure_ascii=False, indent=2)
    except OSError as error:
        raise InvalidInput(f"{file} cannot be written: {error.strerror}.") from error


def standings(file: Path) -> list[Standing]:
    """The teams, the best first: more levels, then fewer questions.

    Raises:
        InvalidInput: the file is no board, or cannot be read.
    """
    text = ""
    try:
        with suppress(FileNotFoundError):
            text = file.read_text("utf-8")
    except (OSError, UnicodeError) as error:
        raise InvalidInput(f"{file} cannot be read.") from error
    found = [
        Standing(team, len(best), sum(best.values())) for team, best in _scores(file, text).items()
    ]
    return sorted(found, key=lambda one: (-one.levels, one.questions, one.team))


def _scores(file: Path, text: str) -> _Scores:
    try:
        found: object = json.loads(text or "{}")
    except (ValueError, RecursionError):
        found = None
    teams = cast("dict[str, Any]", found) if isinstance(found, dict) else None
    if teams is None or not all(_is_best(one) for one in teams.values()):
        raise InvalidInput(f"{file} is no board of the game. Name another file.")
    return teams


def _is_best(value: object) -> bool:
    if not isinstance(value, dict):
        return False
    best = cast("dict[str, object]", value)
    return all(level.isdigit() and isinstance(count, int) for level, count in best.items())

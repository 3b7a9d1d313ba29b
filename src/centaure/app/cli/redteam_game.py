"""`centaure redteam game` and `board`: a game to learn by; no model, no database, nothing real."""

import random
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from centaure.app.cli.output import AsJson, print_json, print_table, say
from centaure.app.cli.redteam import redteam
from centaure.kit.settings import load_settings
from centaure.redteam.game.board import keep, standings
from centaure.redteam.game.keeper import said
from centaure.redteam.game.play import LEVELS, Game
from centaure.redteam.languages import Language

_FILE = "redteam-game.json"

BoardFile = Annotated[
    Path | None,
    typer.Option("--board", help="The board; a file in the data folder.", metavar="FILE"),
]


def add_to(_: typer.Typer) -> None:
    """The commands stand below `redteam`."""


@redteam.command("game")
def play(
    team: Annotated[str, typer.Option(help="For whom it counts.")] = "solo",
    level: Annotated[int, typer.Option(min=1, max=LEVELS, help="To begin at.")] = 1,
    seed: Annotated[
        int | None, typer.Option(min=0, help="The same number draws the same words.")
    ] = None,
    language: Annotated[Language, typer.Option(help="Of the game.")] = Language.FR,
    board: BoardFile = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Get a word out of a simulated keeper, through eight levels of defences; one line is one question."""
    number = random.SystemRandom().randrange(2**32) if seed is None else seed
    game = Game(language, number, level)
    told: list[dict[str, str]] = []
    _tell(f"{game.opening()}\n{said('help', language)}", quiet=as_json)
    try:
        for line in sys.stdin:
            answer = game.say(line)
            told.append({"asked": line.strip(), "answered": answer})
            _tell(answer, quiet=as_json)
            if game.over:
                break
    except KeyboardInterrupt:
        pass
    file = _file(board)
    if game.solved:
        keep(file, team, game.solved)
    if as_json:
        print_json({"team": team, "solved": game.solved, "level": game.level, "told": told})


@redteam.command("board")
def show(board: BoardFile = None, *, as_json: AsJson = False) -> None:
    """Show what each team has solved in the game, the best first."""
    found = standings(_file(board))
    if as_json:
        print_json([asdict(one) for one in found])
    else:
        print_table(
            ("team", "levels", "questions"),
            [(one.team, one.levels, one.questions) for one in found],
        )


def _file(board: Path | None) -> Path:
    return load_settings().home / _FILE if board is None else board


def _tell(words: str, *, quiet: bool) -> None:
    if words and not quiet:
        say(words)
        sys.stdout.flush()

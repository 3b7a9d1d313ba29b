"""The command line, `centaure`: one file per subject, errors as sentences, exit codes that mean something.

0  done                        4  not signed in, or not allowed
1  failed                      5  it conflicts with what exists
2  wrong input                 6  too many requests
3  not found, or not readable  7  the database or another part is unavailable
9  done, but something needs a person (failed files, a broken audit chain, a failing check)
"""

import importlib
import signal
import sys
from types import FrameType
from typing import Annotated

import typer

import centaure
from centaure.app.cli.output import printable, say
from centaure.kit.errors import CentaureError

_SUBJECTS = {
    "serve": ("serve", "worker", "stop"),
    "simulate": ("simulate",),
    "ask": ("search", "ask"),
    "summarise": ("summarise",),
    "ground": ("ground",),
    "guard": ("guard",),
    "guard_policies": ("guard",),
    "guard_pseudonyms": ("guard",),
    "guard_queue": ("guard",),
    "guard_approved": ("guard",),
    "redteam": ("redteam",),
    "redteam_bias": ("redteam",),
    "redteam_game": ("redteam",),
    "sources": ("source",),
    "index": ("reindex", "index"),
    "models": ("embedding", "reranker", "model"),
    "catalogue": ("models",),
    "routing": ("models",),
    "models_file": ("models",),
    "trials": ("models",),
    "assistants": ("assistant",),
    "thesaurus": ("thesaurus",),
    "rights": ("rights",),
    "access": ("access",),
    "users": ("user",),
    "keys": ("key",),
    "compare": ("compare",),
    "accounts": ("quota", "usage"),
    "footprint": ("footprint",),
    "audit": ("audit",),
    "database": ("db",),
    "doctor": ("doctor",),
}
"""The files of this folder, and the commands that each adds."""


def make_app(command: str = "") -> typer.Typer:
    """The command line; of one subject only where its command is named, since others take time to import."""
    app = typer.Typer(
        name="centaure",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )
    app.callback()(top)
    named = [subject for subject, commands in _SUBJECTS.items() if command in commands]
    for subject in named or _SUBJECTS:
        importlib.import_module(f"{__name__}.{subject}").add_to(app)
    return app


def _say_version(asked: bool) -> None:
    if asked:
        say(f"centaure {centaure.__version__}")
        raise typer.Exit


def top(
    *,
    version: Annotated[
        bool,
        typer.Option(
            "--version", help="Show the version and exit.", is_eager=True, callback=_say_version
        ),
    ] = False,
) -> None:
    """Sourced answers from your organisation's documents, within each reader's rights."""


def main() -> None:
    """Run the command line; a fault that a person can act upon is a sentence and an exit code."""
    signal.signal(signal.SIGTERM, _leave)
    try:
        make_app(*sys.argv[1:2])()
    except CentaureError as error:
        sys.stderr.write(f"{printable(error.message)}\n")
        sys.exit(error.exit_code)


def _leave(_signal: int, _frame: FrameType | None) -> None:
    """Asked to end: leave through every `finally`, so that the embedded database stops with us."""
    sys.exit(143)

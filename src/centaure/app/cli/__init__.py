"""The command line, `centaure`: one file per subject, errors as sentences, exit codes that mean something.

0  done                        4  not signed in, or not allowed
1  failed                      5  it conflicts with what exists
2  wrong input                 6  too many requests
3  not found, or not readable  7  the database or another part is unavailable
9  done, but something needs a person (failed files, a broken audit chain, a failing check)
"""

import signal
import sys
from types import FrameType
from typing import Annotated

import typer

import centaure
from centaure.app.cli import (
    ask,
    audit,
    database,
    doctor,
    index,
    keys,
    rights,
    serve,
    sources,
    users,
)
from centaure.app.cli.output import printable, say
from centaure.kit.errors import CentaureError

app = typer.Typer(
    name="centaure",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
serve.add_to(app)
ask.add_to(app)
app.add_typer(sources.commands, name="source")
index.add_to(app)
app.add_typer(rights.commands, name="rights")
app.add_typer(users.commands, name="user")
app.add_typer(keys.commands, name="key")
app.add_typer(audit.commands, name="audit")
app.add_typer(database.commands, name="db")
doctor.add_to(app)


@app.callback()
def top(
    *,
    version: Annotated[
        bool, typer.Option("--version", help="Show the version and exit.", is_eager=True)
    ] = False,
) -> None:
    """Sourced answers from your organisation's documents, within each reader's rights."""
    if version:
        say(f"centaure {centaure.__version__}")
        raise typer.Exit


def main() -> None:
    """Run the command line; a fault that a person can act upon is a sentence and an exit code."""
    signal.signal(signal.SIGTERM, _leave)
    try:
        app()
    except CentaureError as error:
        sys.stderr.write(f"{printable(error.message)}\n")
        sys.exit(error.exit_code)


def _leave(_signal: int, _frame: FrameType | None) -> None:
    """Asked to end: leave through every `finally`, so that the embedded database stops with us."""
    sys.exit(143)

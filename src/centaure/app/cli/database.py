"""`centaure db`: the state of the schema, and its upgrade."""

import dataclasses

import typer

from centaure.app.cli.output import ATTENTION, AsJson, print_json, say
from centaure.app.installation import open_installation

commands = typer.Typer(help="The database: its state and its upgrade.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Put these commands below `db`."""
    app.add_typer(commands, name="db")


@commands.command("status")
def show_status(*, as_json: AsJson = False) -> None:
    """Say which revision the database has, which one is needed, and whether it is whole."""
    with open_installation(ensure=False) as installation:
        state = installation.schema.state()
    ready = state.found == state.needed and state.intact
    if as_json:
        print_json({**dataclasses.asdict(state), "ready": ready})
    else:
        whole = "whole" if state.intact else "NOT whole: run `centaure db upgrade`"
        say(f"Revision {state.found or 'none'}, needed {state.needed}, {whole}.")
    if not ready:
        raise typer.Exit(ATTENTION)


@commands.command("upgrade")
def upgrade(*, as_json: AsJson = False) -> None:
    """Bring the schema to the newest revision, all or nothing, and renew roles and grants."""
    with open_installation(ensure=False) as installation:
        installation.schema.upgrade()
        state = installation.schema.state()
    if as_json:
        print_json({**dataclasses.asdict(state), "ready": state.intact})
    else:
        say(f"The database is at revision {state.found}.")

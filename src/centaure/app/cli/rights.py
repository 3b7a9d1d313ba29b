"""`centaure rights`: why somebody can or cannot read a document, for the person who owns the machine."""

import dataclasses
from typing import Annotated

import typer

from centaure.app.cli.output import AsJson, print_json, printable, say
from centaure.app.cli.running import run
from centaure.app.installation import Installation
from centaure.kit.database import Database
from centaure.knowledge.sources.service import RightsAnswer, RightsQuestion, explain_rights

commands = typer.Typer(help="Rights: who may read what, and why.", no_args_is_help=True)


@commands.callback()
def _group() -> None:
    """Keep `explain` a word of its own, for the commands that will stand beside it."""


def add_to(app: typer.Typer) -> None:
    """Put these commands below `rights`."""
    app.add_typer(commands, name="rights")


@commands.command("explain")
def explain(
    path: Annotated[str, typer.Argument(help="Path in the source, or on disk.")],
    user: Annotated[str, typer.Option("--user", help="Whose rights.", metavar="USER")],
    source: Annotated[
        str | None, typer.Option(help="Needed only where several sources hold the path.")
    ] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Say in words why somebody can or cannot read a document."""

    async def work(database: Database, installation: Installation) -> RightsAnswer:
        reader = installation.database("app")
        try:
            return await explain_rights(database, reader, RightsQuestion(user, path, source))
        finally:
            await reader.close()

    answer = run("indexer", work)
    if as_json:
        print_json(dataclasses.asdict(answer))
        return
    verdict = "CAN read" if answer.readable else "CANNOT read"
    say(printable(f"{answer.login} {verdict} {answer.path} ({answer.source})."))
    for sentence in answer.sentences:
        say(f"- {printable(sentence)}")

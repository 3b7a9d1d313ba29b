"""`centaure audit`: whether the record of what was done is as it was written."""

from typing import Annotated

import typer

from centaure.app.cli.output import ATTENTION, AsJson, print_json, say
from centaure.app.cli.running import run
from centaure.app.installation import Installation
from centaure.audit import Head, VerificationReport
from centaure.audit import verify as verify_chain
from centaure.kit.database import Database

commands = typer.Typer(help="The audit: a chain of everything that was done.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Put these commands below `audit`."""
    app.add_typer(commands, name="audit")


@commands.command("verify")
def verify(
    head: Annotated[
        str | None, typer.Option(help="A head kept elsewhere: the chain must still contain it.")
    ] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Recompute the whole chain, and name the first entry that was changed or removed."""

    async def work(database: Database, _: Installation) -> VerificationReport:
        async with database.read(None) as session:
            return await verify_chain(session, Head.parse(head) if head else None)

    report = run("owner", work)
    fault = report.fault
    if as_json:
        print_json(
            {
                "intact": report.intact,
                "entries": report.entries,
                "head": str(report.head),
                "fault": None if fault is None else {"entry": fault.entry, "reason": fault.reason},
            }
        )
    elif fault is None:
        say(f"Intact: {report.entries:,} entries. Head to keep elsewhere: {report.head}")
    else:
        say(f"BROKEN at entry {fault.entry}: {fault.reason}")
    if fault is not None:
        raise typer.Exit(ATTENTION)

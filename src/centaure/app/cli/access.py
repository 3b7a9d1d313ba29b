"""`centaure access`: what people ask to be able to read, and what a curator decides."""

import dataclasses
from typing import Annotated, Literal

import typer

from centaure.app.cli.output import AsJson, print_json, print_table, say
from centaure.app.cli.running import acting_as, run
from centaure.app.installation import Installation
from centaure.identity import Role, need_role, requests
from centaure.identity.requests import AccessRequest, Decision
from centaure.identity.requests.service import TO_DO
from centaure.kit.database import Database

commands = typer.Typer(
    no_args_is_help=True, help="Requests for rights: what people ask for, and what is decided."
)

Curator = Annotated[
    str, typer.Option("--as", help="Login of the curator who decides.", metavar="LOGIN")
]
Number = Annotated[int, typer.Argument(min=1, max=2**63 - 1, help="As `requests` shows it.")]
Reason = Annotated[
    str, typer.Option(help="Why; it stays in the audit: name nobody in it, and quote nothing.")
]


def add_to(app: typer.Typer) -> None:
    """Put these commands below `access`."""
    app.add_typer(commands, name="access")


@commands.command("requests")
def list_requests(
    login: Curator,
    state: Annotated[
        Literal["waiting", "approved", "refused", "any"], typer.Option(help="Those in this state.")
    ] = "waiting",
    *,
    as_json: AsJson = False,
) -> None:
    """List what others ask for: what waits, the earliest first, then what was decided, the latest first."""

    async def work(database: Database, installation: Installation) -> list[AccessRequest]:
        curator = await acting_as(installation, login)
        async with database.read(curator) as session:
            await need_role(session, Role.CURATOR)
            return await requests.to_decide(session, None if state == "any" else state)

    found = run("app", work)
    if as_json:
        print_json([dataclasses.asdict(one) for one in found])
        return
    print_table(
        ("number", "since", "who", "state", "wanted", "why"),
        [(one.id, one.asked_at, one.login, one.state, one.wanted, one.why) for one in found],
    )


@commands.command("approve")
def approve(
    login: Curator,
    number: Number,
    reason: Reason,
    applied_by: Annotated[
        str,
        typer.Option(
            help="Who is to open it where the documents are kept; whoever asked reads it."
        ),
    ],
    *,
    as_json: AsJson = False,
) -> None:
    """Approve a request. It opens nothing by itself: what is left to do is said."""
    _decide(login, number, "approved", reason, applied_by, as_json=as_json)


@commands.command("refuse")
def refuse(login: Curator, number: Number, reason: Reason, *, as_json: AsJson = False) -> None:
    """Refuse a request; whoever asked reads the reason."""
    _decide(login, number, "refused", reason, as_json=as_json)


def _decide(
    login: str, number: int, decision: Decision, reason: str, applied_by: str = "", *, as_json: bool
) -> None:
    async def work(database: Database, installation: Installation) -> None:
        curator = await acting_as(installation, login)
        async with database.write(curator) as session:
            await requests.decide(session, number, decision, reason, applied_by)

    run("app", work)
    to_do = TO_DO if decision == "approved" else ""
    if as_json:
        print_json({"number": number, "decision": decision, "to_do": to_do})
        return
    say(f"{number} is {decision}.")
    if to_do:
        say(to_do)

"""`centaure guard queue`: what waits for a person to decide on it."""

import dataclasses
from typing import Annotated, Any, Literal

import typer

from centaure.app.cli.guard import guard
from centaure.app.cli.output import AsJson, note, print_json, print_table, printable, say
from centaure.app.cli.running import acting_as, run
from centaure.app.installation import Installation
from centaure.guardrails import moderation
from centaure.guardrails.moderation import Decision, Held, HeldWords, vault_of
from centaure.identity import Role, need_role
from centaure.kit.database import Database

commands = typer.Typer(
    no_args_is_help=True, help="What waits for a person: questions, and answers nobody was shown."
)
guard.add_typer(commands, name="queue")

Moderator = Annotated[
    str, typer.Option("--as", help="Login of the administrator who decides.", metavar="LOGIN")
]
Number = Annotated[int, typer.Argument(min=1, max=2**63 - 1, help="As `list` shows it.")]
Reason = Annotated[
    str, typer.Option(help="Why; it stays in the audit: name nobody in it, and quote nothing.")
]


def add_to(_: typer.Typer) -> None:
    """The commands stand below `guard`."""


@commands.command("list")
def list_held(
    login: Moderator,
    state: Annotated[
        Literal["waiting", "released", "refused", "any"],
        typer.Option(help="Those in this state, or in any."),
    ] = "waiting",
    after: Annotated[
        int | None, typer.Option(min=1, max=2**63 - 1, help="Those after this number of the list.")
    ] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """List what others asked and a policy held back, 200 at once: what waits, the earliest first."""

    async def work(database: Database, installation: Installation) -> list[Held]:
        moderator = await acting_as(installation, login)
        async with database.read(moderator) as session:
            await need_role(session, Role.ADMINISTRATOR)
            return await moderation.queue(session, None if state == "any" else state, after)

    found = run("app", work)
    if as_json:
        print_json([_plain(one) for one in found])
        return
    print_table(
        ("number", "since", "state", "stage", "action", "class", "who", "rules"),
        [
            (one.id, one.held_at, one.state, one.stage.value, one.action, f"C{one.classification}",
             one.asked_by, ", ".join(one.rules))
            for one in found
        ],
    )  # fmt: skip
    if len(found) == moderation.MOST_LISTED:
        note(f"There may be more of them: add --after {found[-1].id} for what follows.")


@commands.command("show")
def show(login: Moderator, number: Number, reason: Reason, *, as_json: AsJson = False) -> None:
    """Show the words of something held back; that they were read, and why, is put on record."""

    async def work(database: Database, installation: Installation) -> tuple[Held, HeldWords]:
        moderator = await acting_as(installation, login)
        async with database.write(moderator) as session:
            await need_role(session, Role.ADMINISTRATOR)
            vault = vault_of(installation.settings)
            return await moderation.read_for_decision(session, vault, number, reason)

    held, words = run("app", work)
    if as_json:
        print_json({**_plain(held), "words": dataclasses.asdict(words)})
        return
    said = (
        *(("Before", one) for one in words.earlier),
        ("Asked", words.asked),
        ("Shown", words.shown),
        ("Held back", words.text),
    )
    for name, text in said:
        if text:
            say(f"{name}: {printable(text)}")


@commands.command("release")
def release(login: Moderator, number: Number, reason: Reason, *, as_json: AsJson = False) -> None:
    """Let whoever asked read the answer, or ask the question again; they read the reason."""
    _decide(login, number, "released", reason, as_json=as_json)


@commands.command("refuse")
def refuse(login: Moderator, number: Number, reason: Reason, *, as_json: AsJson = False) -> None:
    """Keep it back for good; whoever asked reads the reason."""
    _decide(login, number, "refused", reason, as_json=as_json)


def _decide(login: str, number: int, decision: Decision, reason: str, *, as_json: bool) -> None:
    async def work(database: Database, installation: Installation) -> None:
        moderator = await acting_as(installation, login)
        async with database.write(moderator) as session:
            await need_role(session, Role.ADMINISTRATOR)
            await moderation.decide(session, number, decision, reason)

    run("app", work)
    if as_json:
        print_json({"number": number, "state": decision})
    else:
        say(f"{number} is {decision}.")


def _plain(held: Held) -> dict[str, Any]:
    return {**dataclasses.asdict(held), "classification": f"C{held.classification}"}

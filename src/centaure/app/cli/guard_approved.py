"""`centaure guard approved`: answers that somebody stands for, as a curator."""

import dataclasses
from collections.abc import Awaitable, Callable
from datetime import date, datetime
from typing import Annotated, Any, TypeVar

import typer
from pydantic import ValidationError

from centaure.answering.approved import pairs
from centaure.answering.approved.contradictions import contradictions
from centaure.answering.approved.pairs import NewPair, Pair
from centaure.answering.approved.service import approve
from centaure.answering.approved.service import review as reviewed
from centaure.app.cli.guard import guard
from centaure.app.cli.lines import read_lines
from centaure.app.cli.output import ATTENTION, AsJson, print_json, print_table, printable, say
from centaure.app.cli.running import acting_as, run
from centaure.app.installation import Installation
from centaure.kit.database import Database, WriteSession
from centaure.kit.errors import InvalidInput
from centaure.knowledge.retrieval.thesaurus.entries import need_curator

commands = typer.Typer(
    no_args_is_help=True, help="Answers that somebody stands for, word for word."
)
guard.add_typer(commands, name="approved")

T = TypeVar("T")
As = Annotated[str, typer.Option("--as", help="The curator who acts.", metavar="LOGIN")]


def add_to(_: typer.Typer) -> None:
    """The commands stand below `guard`."""


@commands.command("add")
def add(
    question: Annotated[str, typer.Argument(help="As it is meant.")],
    answer: Annotated[str, typer.Argument(help="Word for word.")],
    user: As,
    reader: Annotated[
        list[str],
        typer.Option(help="Who is given it: user:LOGIN, a group's key, or *; repeatable."),
    ],
    phrasing: Annotated[
        list[str] | None, typer.Option(help="The same question in other words; repeatable.")
    ] = None,
    classification: Annotated[str, typer.Option("--class", help="C0 to C3.")] = "C1",
    sources: Annotated[str, typer.Option(help="What it rests on, in words.")] = "",
    owner: Annotated[str | None, typer.Option(help="Login of who stands for it.")] = None,
    valid_from: Annotated[datetime | None, typer.Option("--from", formats=["%Y-%m-%d"])] = None,
    valid_to: Annotated[datetime | None, typer.Option("--to", formats=["%Y-%m-%d"])] = None,
    review_on: Annotated[
        datetime | None, typer.Option("--review", formats=["%Y-%m-%d"], help="A year from now.")
    ] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Approve an answer: a question like its own is given it, and no model is asked."""
    pair = _pair(
        {
            "question": question,
            "answer": answer,
            "readers": reader,
            "phrasings": phrasing or [],
            "classification": classification,
            "sources": sources,
            "owner": owner,
            "valid_from": _day(valid_from),
            "valid_to": _day(valid_to),
            "review_on": _day(review_on),
        }
    )
    number = _as(user, lambda session: approve(session, pair))
    if as_json:
        print_json({"id": number})
    else:
        say(f"Approved as number {number}.")


@commands.command("import")
def import_file(
    file: Annotated[str, typer.Argument(help="One JSON object a line; - for standard input.")],
    user: As,
    *,
    as_json: AsJson = False,
) -> None:
    """Approve answers of a file, all of them or none: the fields of POST /approved-answers."""
    given = [_pair(line, number) for number, line in read_lines(file)]

    async def work(session: WriteSession) -> list[int]:
        return [await approve(session, pair) for pair in given]

    numbers = _as(user, work)
    if as_json:
        print_json({"ids": numbers})
    else:
        say(f"{len(numbers)} approved.")


@commands.command("list")
def show(
    user: As,
    due: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Only those to be reviewed by then."),
    ] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """List approved answers by the day on which they are to be reviewed."""
    found = _as(user, lambda session: pairs.list_pairs(session, _day(due)))
    if as_json:
        print_json([_plain(one) for one in found])
        return
    print_table(
        ("number", "review", "from", "to", "class", "question"),
        [
            (
                one.id,
                one.review_on,
                one.valid_from,
                one.valid_to,
                f"C{one.classification}",
                one.question,
            )
            for one in found
        ],
    )


@commands.command("review")
def review(
    number: Annotated[int, typer.Argument(min=1, max=2**63 - 1, help="As `list` shows it.")],
    user: As,
    next_on: Annotated[
        datetime | None,
        typer.Option("--next", formats=["%Y-%m-%d"], help="When it is to be reviewed again."),
    ] = None,
    valid_to: Annotated[
        datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="Its last day.")
    ] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Say that an approved answer was reviewed, or end it; its words never change."""
    if next_on is None and valid_to is None:
        raise InvalidInput("Say when it is to be reviewed again (--next), or its last day (--to).")
    _as(user, lambda session: reviewed(session, number, _day(next_on), _day(valid_to)))
    if as_json:
        print_json({"id": number})
    else:
        say(f"Number {number} is reviewed.")


@commands.command("contradictions")
def list_contradictions(user: As, *, as_json: AsJson = False) -> None:
    """Show what models wrote, in conversations that this curator may read, against approved answers."""
    found = _as(user, contradictions)
    if as_json:
        print_json([dataclasses.asdict(one) for one in found])
    for one in [] if as_json else found:
        say(
            printable(f"Conversation {one.conversation}, against number {one.pair}: {one.sentence}")
        )
        say(printable(f"  {one.reason}"))
    if not found and not as_json:
        say("Nothing contradicts an approved answer.")
    if found:
        raise typer.Exit(ATTENTION)


def _as(user: str, work: Callable[[WriteSession], Awaitable[T]]) -> T:
    async def acting(database: Database, installation: Installation) -> T:
        curator = await acting_as(installation, user)
        async with database.write(curator) as session:
            await need_curator(session)
            return await work(session)

    return run("app", acting)


def _pair(fields: dict[str, Any], line: int | None = None) -> NewPair:
    """A pair as it was given.

    Raises:
        InvalidInput: a field is missing, unknown or of another type; the message names the first.
    """
    try:
        return NewPair.model_validate(fields)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the pair"
        place = "" if line is None else f"Line {line}: "
        raise InvalidInput(f"{place}{where}: {first['msg']}.") from error


def _day(given: datetime | None) -> date | None:
    return None if given is None else given.date()


def _plain(pair: Pair) -> dict[str, Any]:
    return {**dataclasses.asdict(pair), "classification": f"C{pair.classification}"}

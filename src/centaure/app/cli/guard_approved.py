"""`centaure guard approved`: answers that somebody stands for, as a curator."""

import dataclasses
from collections.abc import Awaitable, Callable, Generator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from typing import Annotated, Any, TypeVar

import typer
from pydantic import ValidationError

from centaure.answering.approved import pairs
from centaure.answering.approved.contradictions import contradictions
from centaure.answering.approved.pairs import NewPair, Pair, Reader
from centaure.answering.approved.service import approve
from centaure.answering.approved.service import review as reviewed
from centaure.app.cli.guard import guard
from centaure.app.cli.lines import read_lines
from centaure.app.cli.output import ATTENTION, AsJson, print_json, print_table, printable, say
from centaure.app.cli.running import acting_as, run
from centaure.app.installation import Installation
from centaure.identity import Role, need_role
from centaure.kit.database import Database, ReadSession, WriteSession
from centaure.kit.errors import CentaureError, InvalidInput
from centaure.kit.validation import faults

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
        typer.Option(
            help="Who is given it: user:LOGIN, a group's key, as `groups` lists them, or *; repeatable."
        ),
    ],
    phrasing: Annotated[
        list[str] | None, typer.Option(help="The same question in other words; repeatable.")
    ] = None,
    classification: Annotated[str, typer.Option("--class", help="C0 to C3.")] = "C1",
    sources: Annotated[str, typer.Option(help="What it rests on, in words.")] = "",
    owner: Annotated[str | None, typer.Option(help="Login of who stands for it.")] = None,
    valid_from: Annotated[
        datetime | None,
        typer.Option("--from", formats=["%Y-%m-%d"], help="Its first day; else today."),
    ] = None,
    valid_to: Annotated[
        datetime | None,
        typer.Option(
            "--to", formats=["%Y-%m-%d"], help="Its last day; else it is given until ended."
        ),
    ] = None,
    review_on: Annotated[
        datetime | None,
        typer.Option(
            "--review",
            formats=["%Y-%m-%d"],
            help="When it is to be reviewed; else a year after its first day.",
        ),
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
    number = _writing(user, lambda session: approve(session, pair))
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
    """Approve answers of a file, all of them or none.

    A line has "question", "answer" and "readers", a list of keys as `add --reader` takes them. It may have
    "classification" (C0 to C3; else C1), "phrasings" (a list), "sources", "assistant", "owner" (a login),
    "valid_from", "valid_to" and "review_on" (2027-01-31).
    """
    given: list[tuple[int, NewPair]] = []
    for number, line in read_lines(file):
        with _in_line(number):
            given.append((number, _pair(line)))

    async def work(session: WriteSession) -> list[int]:
        numbers: list[int] = []
        for line, pair in given:
            with _in_line(line):
                numbers.append(await approve(session, pair))
        return numbers

    numbers = _writing(user, work)
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

    async def work(session: ReadSession) -> tuple[list[Pair], dict[int, Reader]]:
        found = await pairs.list_pairs(session, _day(due))
        people = {number for one in found for number in (*one.readers, one.owner) if number}
        return found, await pairs.named(session, people)

    found, names = _reading(user, work)
    if as_json:
        print_json([_plain(one, names) for one in found])
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


@commands.command("groups")
def list_groups(user: As, *, as_json: AsJson = False) -> None:
    """List the groups whose members an answer can be given to, with the keys that `--reader` takes."""
    found = _reading(user, pairs.list_groups)
    if as_json:
        print_json([dataclasses.asdict(one) for one in found])
    else:
        print_table(("key", "name"), [(one.key, one.label) for one in found])


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
    _writing(user, lambda session: reviewed(session, number, _day(next_on), _day(valid_to)))
    if as_json:
        print_json({"id": number})
    else:
        say(f"Number {number} is reviewed.")


@commands.command("contradictions")
def list_contradictions(user: As, *, as_json: AsJson = False) -> None:
    """Show what models wrote, in conversations that this curator may read, against approved answers."""
    found = _reading(user, contradictions)
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


def _reading(user: str, work: Callable[[ReadSession], Awaitable[T]]) -> T:
    async def acting(database: Database, installation: Installation) -> T:
        async with database.read(await acting_as(installation, user)) as session:
            await need_role(session, Role.CURATOR)
            return await work(session)

    return run("app", acting)


def _writing(user: str, work: Callable[[WriteSession], Awaitable[T]]) -> T:
    async def acting(database: Database, installation: Installation) -> T:
        async with database.write(await acting_as(installation, user)) as session:
            await need_role(session, Role.CURATOR)
            return await work(session)

    return run("app", acting)


@contextmanager
def _in_line(number: int) -> Generator[None]:
    """Say of what is wrong in which line of the file it is."""
    try:
        yield
    except CentaureError as error:
        error.message = f"Line {number}: {error.message}"
        raise


def _pair(fields: dict[str, Any]) -> NewPair:
    """A pair as it was given.

    Raises:
        InvalidInput: fields are missing, unknown or of another type; the message names each.
    """
    try:
        return NewPair.model_validate(fields)
    except ValidationError as error:
        raise InvalidInput(faults(error)) from None


def _day(given: datetime | None) -> date | None:
    return None if given is None else given.date()


def _plain(pair: Pair, names: Mapping[int, Reader]) -> dict[str, Any]:
    """A pair in the fields of `import`, with its number and its language."""
    owner = None if pair.owner is None else names.get(pair.owner)
    return {
        **dataclasses.asdict(pair),
        "classification": f"C{pair.classification}",
        "readers": [names[one].key for one in pair.readers if one in names],
        "owner": owner and owner.key.removeprefix("user:"),
        "valid_from": pair.valid_from.isoformat(),
        "valid_to": pair.valid_to and pair.valid_to.isoformat(),
        "review_on": pair.review_on.isoformat(),
    }

"""`centaure assistant`: assistants as somebody, to look at and to carry from one installation to another."""

import json
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
import yaml
from pydantic import ValidationError

from centaure.answering.assistants import service
from centaure.answering.assistants.definition import Definition, Language
from centaure.answering.assistants.service import Assistant
from centaure.app.cli.output import AsJson, print_json, print_table, printable, say
from centaure.app.cli.running import acting_as, run
from centaure.app.installation import Installation
from centaure.audit import Action, record
from centaure.kit.database import Database, WriteSession
from centaure.kit.errors import InvalidInput

commands = typer.Typer(
    no_args_is_help=True, help="Assistants: configured uses of a language model."
)

T = TypeVar("T")
As = Annotated[str, typer.Option("--as", help="Login of the person who acts.", metavar="LOGIN")]
Key = Annotated[str, typer.Argument(help="Its key, as `list` shows it.")]
Shown = Annotated[Language, typer.Option(help="Of those that came with Centaure.")]


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(commands, name="assistant")


@commands.command("list")
def list_all(user: As, language: Shown = "en", *, as_json: AsJson = False) -> None:
    """List the assistants that somebody can use."""
    found = _as(user, lambda session: service.list_assistants(session, language))
    if as_json:
        print_json([_brief(one) for one in found])
        return
    print_table(
        ("key", "name", "team", "kind", "whose"),
        [
            (
                one.key,
                printable(one.definition.name),
                printable(one.definition.team),
                one.definition.kind,
                printable(_whose(one)),
            )
            for one in found
        ],
    )


@commands.command("show")
def show(key: Key, user: As, language: Shown = "en", *, as_json: AsJson = False) -> None:
    """Show an assistant, with all that it says."""
    found = _as(user, lambda session: service.look_at(session, key, language))
    if as_json:
        print_json({**_brief(found), "definition": found.definition.model_dump(mode="json")})
        return
    say(printable(f"{found.key}  ({_whose(found)})"))
    say(printable(_written(found.definition)))


@commands.command("export")
def export(key: Key, user: As, language: Shown = "en", *, as_json: AsJson = False) -> None:
    """Print an assistant as YAML, which `import` takes; with --json as JSON."""
    found = _as(user, lambda session: service.look_at(session, key, language))
    if as_json:
        print_json(found.definition.model_dump(mode="json"))
    else:
        sys.stdout.write(_written(found.definition))


@commands.command("import")
def import_file(
    file: Annotated[str, typer.Argument(help="YAML or JSON; - for standard input.")],
    user: As,
    *,
    as_json: AsJson = False,
) -> None:
    """Write an assistant from a file, as one of somebody's own; nobody else can use it until it is shared."""
    definition = _definition(file)

    async def work(session: WriteSession) -> str:
        key = await service.add(session, definition)
        subject = f"assistant:{service.identifier(key)}"
        details = {"what": "added", "version": 1, "by": "machine"}
        await record(session, Action.ASSISTANT_CHANGE, subject, details=details)
        return key

    key = _as(user, work)
    if as_json:
        print_json({"key": key})
    else:
        say(f"Written as {key}.")


def _as(user: str, work: Callable[[WriteSession], Awaitable[T]]) -> T:
    async def as_them(database: Database, installation: Installation) -> T:
        principal = await acting_as(installation, user)
        async with database.write(principal) as session:
            return await work(session)

    return run("app", as_them)


def _definition(file: str) -> Definition:
    """The assistant that a file holds.

    Raises:
        InvalidInput: it cannot be read, or is no assistant.
    """
    try:
        text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8-sig")
        said: object = yaml.safe_load(text)
        return Definition.model_validate(said)
    except OSError as error:
        raise InvalidInput(f"{file} cannot be read: {error.strerror}.") from error
    except ValidationError as error:
        fault = error.errors()[0]
        where = ".".join(str(part) for part in fault["loc"]) or "the file"
        raise InvalidInput(f"{where}: {fault['msg']}.") from error
    except (ValueError, RecursionError, yaml.YAMLError) as error:
        raise InvalidInput(f"{file} is neither YAML nor JSON.") from error


def _brief(one: Assistant) -> dict[str, Any]:
    said = one.definition
    return {
        "key": one.key,
        "name": said.name,
        "description": said.description,
        "team": said.team,
        "kind": said.kind,
        "language": said.language,
        "version": one.version,
        "shipped": one.version is None,
        "own": one.own,
        "owner_name": one.owner_name,
    }


def _whose(one: Assistant) -> str:
    if one.version is None:
        return "shipped"
    return "own" if one.own else one.owner_name


def _written(definition: Definition) -> str:
    """The assistant as YAML, its texts as blocks that people can read."""
    plain = json.loads(definition.model_dump_json(exclude_defaults=True))
    return yaml.dump(plain, Dumper=_Readable, allow_unicode=True, sort_keys=False, width=110)


class _Readable(yaml.SafeDumper):
    """Writes texts of several lines as blocks."""


def _text(_: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None
    return yaml.ScalarNode("tag:yaml.org,2002:str", text, style=style)


_Readable.add_representer(str, _text)

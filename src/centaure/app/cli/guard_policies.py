"""`centaure guard policy`: what the guardrails do, for each assistant."""

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from centaure.app.cli.guard import guard
from centaure.app.cli.output import AsJson, print_json, print_table, say
from centaure.app.cli.running import run
from centaure.app.installation import Installation
from centaure.guardrails import policies
from centaure.guardrails.policies import PolicyVersion
from centaure.guardrails.policy import DEFAULT, Policy, read_policy
from centaure.kit.database import Database
from centaure.kit.errors import InvalidInput

commands = typer.Typer(no_args_is_help=True, help="What the guardrails do, for each assistant.")
guard.add_typer(commands, name="policy")

Assistant = Annotated[str, typer.Option(help="Its name; none: where no assistant is named.")]


def add_to(_: typer.Typer) -> None:
    """The commands stand below `guard`."""


@commands.command("show")
def show(assistant: Assistant = "", *, as_json: AsJson = False) -> None:
    """Show the policy in force of an assistant, defaults included."""
    del as_json  # it prints nothing else

    async def work(database: Database, _: Installation) -> list[PolicyVersion]:
        async with database.read(None) as session:
            return await policies.in_force(session)

    found = {one.assistant: one.policy for one in run("indexer", work)}
    policy = found.get(assistant) or found.get("", DEFAULT)
    print_json(policy.model_dump(mode="json"))


@commands.command("set")
def write(
    file: Annotated[str, typer.Argument(help="A JSON file; - for standard input.")],
    assistant: Assistant = "",
    *,
    as_json: AsJson = False,
) -> None:
    """Put a policy in force; what it does not name is as by default."""
    policy = policy_of(file)

    async def work(database: Database, _: Installation) -> int:
        async with database.write(None) as session:
            return await policies.write(session, assistant, policy, None)

    _say_version(run("indexer", work), as_json=as_json)


@commands.command("history")
def list_versions(assistant: Assistant = "", *, as_json: AsJson = False) -> None:
    """List every policy that an assistant ever had, the newest first."""

    async def work(database: Database, _: Installation) -> list[PolicyVersion]:
        async with database.read(None) as session:
            return await policies.history(session, assistant)

    found = run("indexer", work)
    if as_json:
        print_json([_plain(one) for one in found])
    else:
        print_table(
            ("version", "changed", "policy"),
            [
                (one.version, one.changed_at.isoformat(" ", "minutes"), _short(one.policy))
                for one in found
            ],
        )


@commands.command("rollback")
def roll_back(
    version: Annotated[int, typer.Argument(min=1, max=2**31 - 1)],
    assistant: Assistant = "",
    *,
    as_json: AsJson = False,
) -> None:
    """Put an older policy in force again, as a new version."""

    async def work(database: Database, _: Installation) -> int:
        async with database.write(None) as session:
            return await policies.roll_back(session, assistant, version, None)

    _say_version(run("indexer", work), as_json=as_json)


def policy_of(file: str) -> Policy:
    """The policy that a JSON file holds, `-` for standard input.

    Raises:
        InvalidInput: it cannot be read, or is no policy.
    """
    try:
        text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8-sig")
        data: object = json.loads(text)
    except OSError as error:
        raise InvalidInput(f"{file} cannot be read: {error.strerror}.") from error
    except (ValueError, RecursionError) as error:
        raise InvalidInput(f"{file} is not JSON.") from error
    return read_policy(data)


def _say_version(version: int, *, as_json: bool) -> None:
    if as_json:
        print_json({"version": version})
    else:
        say(f"In force as version {version}.")


def _plain(one: PolicyVersion) -> dict[str, Any]:
    return {
        "assistant": one.assistant,
        "version": one.version,
        "policy": one.policy.model_dump(mode="json", exclude_defaults=True),
        "changed_by": one.changed_by,
        "changed_at": one.changed_at.isoformat(),
    }


def _short(policy: Policy) -> str:
    return json.dumps(policy.model_dump(mode="json", exclude_defaults=True), ensure_ascii=False)

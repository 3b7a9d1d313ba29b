"""`centaure key`: API keys, for the person who owns the machine."""

from datetime import timedelta
from typing import Annotated

import typer

from centaure.app.cli.output import AsJson, note, print_json, print_table, say
from centaure.app.cli.running import run
from centaure.app.installation import Installation
from centaure.identity import ApiKey, Scope, service
from centaure.identity.principal import KEY_SCOPES
from centaure.kit.database import Database
from centaure.kit.errors import InvalidInput

commands = typer.Typer(help="API keys: what programs use in a person's name.", no_args_is_help=True)

Login = Annotated[str, typer.Argument(help="Whose key it is.")]


def add_to(app: typer.Typer) -> None:
    """Put these commands below `key`."""
    app.add_typer(commands, name="key")


@commands.command("create")
def create(
    login: Login,
    label: Annotated[str, typer.Option(help="What the key is for.")] = "command line",
    scope: Annotated[
        list[str] | None,
        typer.Option(help=f"What it opens, may be repeated: {', '.join(sorted(KEY_SCOPES))}."),
    ] = None,
    days: Annotated[int, typer.Option(min=1, max=366, help="How long it is valid.")] = 90,
    *,
    as_json: AsJson = False,
) -> None:
    """Make a key and print it: nobody can show it again."""
    wanted = scope or [Scope.SEARCH, Scope.ASK, Scope.DOCUMENTS]
    if not set(wanted) <= KEY_SCOPES:
        raise InvalidInput(f"Scopes are {', '.join(sorted(KEY_SCOPES))}.")

    async def work(database: Database, _: Installation) -> tuple[ApiKey, str]:
        async with database.write(None) as session:
            user = await service.find_user(session, login)
            return await service.create_key(
                session, user.id, label, [Scope(word) for word in wanted], timedelta(days=days)
            )

    key, secret = run("owner", work)
    if as_json:
        print_json(
            {"id": key.id, "key": secret, "scopes": list(key.scopes), "expires": key.expires_at}
        )
    else:
        say(secret)
        note(
            f"Valid until {key.expires_at:%Y-%m-%d} for {', '.join(key.scopes)}; it is not shown again."
        )


@commands.command("list")
def show(login: Login, *, as_json: AsJson = False) -> None:
    """List a person's keys; their secrets cannot be shown."""

    async def work(database: Database, _: Installation) -> list[ApiKey]:
        async with database.read(None) as session:
            user = await service.find_user(session, login)
            return await service.list_keys(session, user.id)

    keys = run("owner", work)
    rows = [
        {
            "id": key.id,
            "label": key.label,
            "prefix": key.prefix,
            "scopes": list(key.scopes),
            "expires": key.expires_at,
            "last_used": key.last_used_at,
            "revoked": key.revoked_at,
        }
        for key in keys
    ]
    if as_json:
        print_json(rows)
    else:
        print_table(
            ("id", "label", "scopes", "expires", "last used", "revoked"),
            [
                (
                    row["id"],
                    row["label"],
                    ", ".join(key.scopes),
                    key.expires_at,
                    key.last_used_at,
                    key.revoked_at,
                )
                for row, key in zip(rows, keys, strict=True)
            ],
        )


@commands.command("revoke")
def revoke(
    login: Login,
    number: Annotated[int, typer.Argument(help="The key's id, from `list`.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Make a key useless at once."""

    async def work(database: Database, _: Installation) -> None:
        async with database.write(None) as session:
            user = await service.find_user(session, login)
            await service.revoke_key(session, user.id, number)

    run("owner", work)
    if as_json:
        print_json({"id": number, "revoked": True})
    else:
        say(f"Key {number} is revoked.")

"""`centaure user`: accounts, for the person who owns the machine."""

import sys
from getpass import getpass
from typing import Annotated

import typer

from centaure.app.cli.output import AsJson, print_json, print_table, say
from centaure.app.cli.running import run
from centaure.app.cli.serve import served_address
from centaure.app.installation import Installation
from centaure.identity import Role, User, service
from centaure.kit.database import Database
from centaure.kit.errors import InvalidInput

commands = typer.Typer(help="Accounts: who can sign in, with which roles.", no_args_is_help=True)

Login = Annotated[str, typer.Argument(help="What the person signs in with.")]
Roles = Annotated[list[Role] | None, typer.Option("--role", help="May be repeated.")]


def add_to(app: typer.Typer) -> None:
    """Put these commands below `user`."""
    app.add_typer(commands, name="user")


@commands.command("add")
def add(
    login: Login,
    name: Annotated[str, typer.Option(help="How the person is called.")] = "",
    role: Roles = None,
    clearance: Annotated[
        str | None, typer.Option(help="Highest class they may read: C0 to C3.")
    ] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Make an account, and print the one-time link with which the person chooses a password."""

    async def work(database: Database, installation: Installation) -> tuple[User, str]:
        async with database.write(None) as session:
            user = await service.create_user(
                session, login, name or login, role or [Role.READER], _level(clearance)
            )
            return user, _link(installation, await service.invite(session, user.id))

    user, link = run("owner", work)
    if as_json:
        print_json({**_plain(user), "link": link})
    else:
        say(f"Made {user.login}. The person chooses a password, once, at: {link}")


@commands.command("invite")
def invite(login: Login, *, as_json: AsJson = False) -> None:
    """Print a new one-time link with which a person chooses a password."""

    async def work(database: Database, installation: Installation) -> str:
        async with database.write(None) as session:
            user = await service.find_user(session, login)
            return _link(installation, await service.invite(session, user.id))

    link = run("owner", work)
    if as_json:
        print_json({"login": login, "link": link})
    else:
        say(link)


@commands.command("list")
def show(*, as_json: AsJson = False) -> None:
    """List the accounts."""

    async def work(database: Database, _: Installation) -> list[User]:
        async with database.read(None) as session:
            return await service.list_users(session)

    users = run("owner", work)
    if as_json:
        print_json([_plain(user) for user in users])
    else:
        print_table(
            ("login", "name", "roles", "clearance", "state"),
            [
                (
                    user.login,
                    user.name,
                    ", ".join(user.roles),
                    "" if user.clearance is None else f"C{user.clearance}",
                    _state(user),
                )
                for user in users
            ],
        )


@commands.command("role")
def roles(
    login: Login,
    role: Annotated[list[Role], typer.Argument(help="All that they have.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Replace a person's roles."""

    async def work(database: Database, _: Installation) -> User:
        async with database.write(None) as session:
            return await service.set_roles(session, login, role)

    _show(run("owner", work), as_json=as_json)


@commands.command("password")
def password(login: Login, *, as_json: AsJson = False) -> None:
    """Give a person a password, typed or read from standard input; every other way in ends."""
    if sys.stdin.isatty():
        chosen = getpass("Password (12 characters or more): ")
        if getpass("Once more: ") != chosen:
            raise InvalidInput("The two are not the same. Nothing was changed.")
    else:
        chosen = sys.stdin.readline().rstrip("\n")

    async def work(database: Database, _: Installation) -> User:
        await service.set_password(database, login, chosen)
        async with database.read(None) as session:
            return await service.find_user(session, login)

    _show(run("owner", work), as_json=as_json)


@commands.command("disable")
def disable(login: Login, *, as_json: AsJson = False) -> None:
    """Close an account at once: browser sessions end, keys stop."""
    _set_disabled(login, disabled=True, as_json=as_json)


@commands.command("enable")
def enable(login: Login, *, as_json: AsJson = False) -> None:
    """Open a disabled account again."""
    _set_disabled(login, disabled=False, as_json=as_json)


def _set_disabled(login: str, *, disabled: bool, as_json: bool) -> None:
    async def work(database: Database, _: Installation) -> User:
        async with database.write(None) as session:
            return await service.set_disabled(session, login, disabled=disabled)

    _show(run("owner", work), as_json=as_json)


def _show(user: User, *, as_json: bool) -> None:
    if as_json:
        print_json(_plain(user))
    else:
        say(f"{user.login}: {', '.join(user.roles)}; {_state(user)}.")


def _level(written: str | None) -> int | None:
    if written is None:
        return None
    if written not in ("C0", "C1", "C2", "C3"):
        raise InvalidInput("A clearance is C0, C1, C2 or C3.")
    return int(written[1])


def _state(user: User) -> str:
    if user.disabled:
        return "disabled"
    return "active" if user.has_password else "no password yet"


def _plain(user: User) -> dict[str, object]:
    return {
        "login": user.login,
        "name": user.name,
        "roles": list(user.roles),
        "clearance": None if user.clearance is None else f"C{user.clearance}",
        "state": _state(user),
    }


def _link(installation: Installation, token: str) -> str:
    return f"{served_address(installation.settings)}/setup?token={token}"

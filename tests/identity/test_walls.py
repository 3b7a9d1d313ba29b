"""What the database itself refuses, whatever the application does."""

from collections.abc import Awaitable, Callable

import pytest
from psycopg import ProgrammingError

from centaure.identity import Role
from centaure.kit.database import Database

AddUser = Callable[..., Awaitable[int]]

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    "statement",
    [
        "select password_hash from user_account",
        "select token_hash from browser_session",
        "select secret_hash from api_key",
        "select token_hash from invitation",
        "select * from sign_in_throttle",
        "update user_account set password_hash = 'x'",
        "insert into user_account (principal_id, login, name, password_hash) values (1,'x','x','x')",
        "insert into group_member (group_id, member_id) values (1, 2)",
        "delete from user_account",
        "delete from principal",
        "insert into audit_event select * from audit_event",
        "update audit_event set actor = null",
        "delete from audit_event",
        "truncate audit_event",
        "update audit_head set id = 0",
    ],
)
async def test_not_even_an_administrator_of_the_application_may(
    database: Database, add_user: AddUser, statement: str
) -> None:
    ruth = await add_user("ruth", *Role)
    with pytest.raises(ProgrammingError, match="permission denied"):
        async with database.write(ruth) as session:
            await session.execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "select password_hash from user_account",
        "update user_account set password_hash = 'x'",
        "update user_account set roles = array['administrator']",
        "update user_account set disabled_at = null",
        "select * from browser_session",
        "insert into api_key (principal_id) values (2)",
        "insert into invitation (principal_id) values (2)",
        "select * from find_account('ruth')",
        "select * from audit_event",
        "update audit_head set id = 0",
    ],
)
async def test_the_worker_may_not(indexer: Database, add_user: AddUser, statement: str) -> None:
    ruth = await add_user("ruth", *Role)
    with pytest.raises(ProgrammingError, match="permission denied"):
        async with indexer.write(ruth) as session:
            await session.execute(statement)


async def test_nobody_and_a_disabled_user_see_nobody(
    database: Database, add_user: AddUser, owner: Database
) -> None:
    ruth = await add_user("ruth", *Role)
    async with database.read(ruth) as session:
        assert await session.value("select count(*) from user_account") == 1
    async with owner.write(None) as session:
        await session.execute("update user_account set disabled_at = now()")
    for principal in (None, ruth, 1, 999):
        async with database.read(principal) as session:
            for table in ("principal", "user_account", "api_key", "browser_session", "audit_event"):
                count = await session.value(f"select count(*) from {table}")
                assert count == 0, (principal, table)


async def test_a_reader_sees_themselves_and_changes_nobody(
    database: Database, add_user: AddUser
) -> None:
    ada, eve = await add_user("ada"), await add_user("eve")
    async with database.write(eve) as session:
        logins = await session.rows("select login from user_account")
        assert logins == [("eve",)]
        keys = await session.rows("select key from principal order by id")
        assert keys == [("*",), ("user:eve",)]
        promoted = await session.rows(
            "update user_account set roles = array['administrator'] returning login"
        )
        assert promoted == []
    for theft in (
        (
            "insert into browser_session (principal_id, token_hash, expires_at)"
            f" values ({ada}, sha256('x'), now() + interval '1 h')"
        ),
        (
            "insert into api_key (principal_id, label, prefix, secret_hash, scopes, expires_at)"
            f" values ({ada}, 'x', 'x', sha256('x'), array['ask'], now())"
        ),
        (
            "insert into invitation (principal_id, token_hash, expires_at)"
            f" values ({ada}, sha256('x'), now())"
        ),
        "insert into principal (kind, key, label) values ('user', 'user:x', 'x')",
    ):
        with pytest.raises(ProgrammingError, match="row-level security"):
            async with database.write(eve) as session:
                await session.execute(theft)

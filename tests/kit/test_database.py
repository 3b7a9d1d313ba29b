"""The database sees a principal or shows nothing, and a read session cannot write."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from centaure.app.installation import Installation
from centaure.kit.database import Database

pytestmark = pytest.mark.anyio


async def test_a_transaction_names_its_principal_and_forgets_it(database: Database) -> None:
    async with database.read(7) as session:
        assert await session.scalar(text("select current_principal()")) == 7
    async with database.read(None) as session:
        assert await session.scalar(text("select current_principal()")) is None
        assert await session.scalar(text("select current_principals()")) == []


async def test_a_read_session_cannot_write(database: Database) -> None:
    with pytest.raises(DBAPIError, match="read-only transaction"):
        async with database.read(1) as session:
            await session.execute(text("insert into source (name, location) values ('a', '/a')"))


async def test_the_roles_of_the_processes_own_nothing_and_cannot_bypass(
    clean: Installation, owner_connection
) -> None:
    for role in ("app", "indexer"):
        name = clean.schema.role_name(role)
        row = owner_connection.execute(
            "select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb from pg_roles"
            " where rolname = %s",
            [name],
        ).fetchone()
        assert row == (False, False, False, False)
        owned = owner_connection.execute(
            "select relname from pg_class where pg_get_userbyid(relowner) = %s", [name]
        ).fetchall()
        assert owned == []


async def test_every_table_is_under_row_level_security_or_shows_nothing_to_the_application(
    clean: Installation, owner_connection
) -> None:
    app = clean.schema.role_name("app")
    rows = owner_connection.execute(
        "select relname from pg_class"
        " where relnamespace = 'centaure'::regnamespace and relkind = 'r'"
        " and not relrowsecurity and has_any_column_privilege(%s, oid, 'select')"
        " and relname not like 'procrastinate%%' order by relname",
        [app],
    ).fetchall()
    assert [row[0] for row in rows] == []

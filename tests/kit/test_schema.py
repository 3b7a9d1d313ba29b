"""Centaure refuses to start on a schema that it did not complete."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from centaure.app.installation import MIGRATIONS, Installation
from centaure.kit.errors import Unavailable
from centaure.kit.schema import Schema, check_server
from readers import user


@pytest.fixture
def schema(installation: Installation) -> Iterator[Schema]:
    """The schema of a database of its own."""
    owner = installation.schema.conninfo("owner")
    with psycopg.connect(owner, dbname="postgres", autocommit=True) as connection:
        connection.execute("drop database if exists schema_test with (force)")
        connection.execute("create database schema_test")
        yield Schema(make_conninfo(owner, dbname="schema_test"), installation.settings, MIGRATIONS)
        connection.execute("drop database schema_test with (force)")
        for role in ("app", "indexer"):
            connection.execute(f'drop role if exists "schema_test_{role}"')


def test_an_ordinary_start_does_not_import_what_migrations_need() -> None:
    words = (
        "import sys, centaure.app.cli, centaure.app.api;"
        " print(*sorted({'alembic', 'sqlalchemy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", words], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def change(schema: Schema, statement: str) -> None:
    with psycopg.connect(
        schema.conninfo("owner"), autocommit=True, options="-c search_path=centaure"
    ) as connection:
        connection.execute(statement)


def test_an_empty_database_gets_its_schema_and_is_accepted_again(schema: Schema) -> None:
    assert schema.state().empty
    schema.ensure()
    assert schema.state().intact
    schema.ensure()


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        ("update alembic_version set version_num = '9999'", "newer than this Centaure"),
        ("drop policy readers on document", "Policies or grants"),
        ("grant select on chunk_index to public", "Policies or grants"),
        ("alter table chunk disable row level security", "Policies or grants"),
        ("alter table document drop column family cascade", "changed by hand"),
        ("drop table schema_fingerprint", "interrupted"),
        ("delete from alembic_version", "interrupted"),
        (
            "create or replace function current_principal() returns int language sql return 3",
            "changed by hand",
        ),
    ],
)
def test_a_damaged_schema_is_refused(schema: Schema, damage: str, words: str) -> None:
    schema.ensure()
    change(schema, damage)
    with pytest.raises(Unavailable, match=words):
        schema.ensure()


def test_an_owner_without_superuser_is_enough(installation: Installation) -> None:
    superuser = installation.schema.conninfo("owner")
    with psycopg.connect(superuser, dbname="postgres", autocommit=True) as server:
        server.execute("create role ordinary login createrole password 'ordinary'")
        server.execute("create database ordinary_test owner ordinary")
        ordinary = make_conninfo(
            superuser, user="ordinary", password="ordinary", dbname="ordinary_test"
        )
        schema = Schema(ordinary, installation.settings, MIGRATIONS)
        try:
            with pytest.raises(Unavailable, match="create extension vector"):
                schema.ensure()
            with psycopg.connect(superuser, dbname="ordinary_test") as inside:
                inside.execute("create extension vector schema public")
            schema.ensure()
            schema.upgrade()
            schema.ensure()
        finally:
            server.execute("drop database ordinary_test with (force)")
            for role in ("ordinary_test_app", "ordinary_test_indexer", "ordinary"):
                server.execute(f'drop role if exists "{role}"')


def test_an_upgrade_renews_policies_that_were_lost(schema: Schema) -> None:
    schema.ensure()
    change(schema, "drop policy readers on document")
    schema.upgrade()
    schema.ensure()


@pytest.mark.parametrize(
    "damage",
    [
        "drop table schema_fingerprint",
        "delete from alembic_version",
        "drop table browser_session cascade",
    ],
)
def test_an_upgrade_does_not_hide_what_only_a_backup_brings_back(
    schema: Schema, damage: str
) -> None:
    schema.ensure()
    change(schema, damage)
    with pytest.raises(Unavailable, match="Restore the backup"):
        schema.upgrade()


def test_another_secret_is_refused_with_what_to_do(schema: Schema) -> None:
    schema.ensure()
    change(schema, "alter role schema_test_app password 'another'")
    with pytest.raises(Unavailable, match="CENTAURE_SECRET_KEY"):
        schema.ensure()


def test_a_server_that_does_not_answer_is_named_without_its_password() -> None:
    lost = Schema("postgresql://o:hidden@127.0.0.1:1/centaure", None, MIGRATIONS)  # type: ignore[arg-type]
    with pytest.raises(Unavailable, match="No PostgreSQL answers") as raised:
        lost.ensure()
    assert "hidden" not in str(raised.value)


class _Server:
    """What `check_server` asks of a connection: the version, and which pgvector there is."""

    def __init__(self, version: int, vector: str | None) -> None:
        self.info = self
        self.server_version = version
        self.vector = vector

    def execute(self, _: str) -> "_Server":
        return self

    def fetchone(self) -> tuple[str] | None:
        return None if self.vector is None else (self.vector,)


@pytest.mark.parametrize(
    ("version", "vector", "words"),
    [
        (150018, "0.8.1", "needs PostgreSQL 16 or newer"),
        (170002, None, "it is missing"),
        (170002, "0.7.4", "it has 0.7.4"),
    ],
)
def test_a_server_too_old_or_without_vectors_is_refused(
    version: int, vector: str | None, words: str
) -> None:
    with pytest.raises(Unavailable, match=words):
        check_server(_Server(version, vector))  # type: ignore[arg-type]


def test_the_recent_enough_are_accepted() -> None:
    check_server(_Server(160000, "0.8.0"))  # type: ignore[arg-type]


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
def test_an_address_may_name_a_driver_and_gives_each_role_its_own(
    installation: Installation, scheme: str
) -> None:
    schema = Schema(f"{scheme}://o:p%40ss@db.example.org:5433/c", installation.settings, MIGRATIONS)
    owner, app = (conninfo_to_dict(schema.conninfo(role)) for role in ("owner", "app"))
    assert (owner["user"], owner["password"], owner["dbname"]) == ("o", "p@ss", "c")
    assert (app["user"], app["host"], app["port"]) == ("c_app", "db.example.org", "5433")
    assert app["password"] == installation.settings.derived_secret("role c_app")


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://o:hid/den@host/c",
        "postgresql://o:1@hidden@host/c",
        "postgresql://o:hidden@host:%zz/c",
        "hidden",
        "postgresql://o:hidden@host",
        "mysql://o:hidden@host/c",
    ],
)
def test_an_address_that_cannot_be_read_is_refused_without_its_words(address: str) -> None:
    with pytest.raises(Unavailable, match="CENTAURE_DATABASE_URL cannot be read") as raised:
        Schema(address, None, MIGRATIONS)  # type: ignore[arg-type]
    assert "hid" not in str(raised.value)
    assert raised.value.__context__ is None


def test_what_an_older_version_kept_is_there_after_the_upgrade(
    schema: Schema, installation: Installation, tmp_path: Path
) -> None:
    older = tmp_path / "migrations"
    shutil.copytree(MIGRATIONS, older, ignore=shutil.ignore_patterns("__pycache__"))
    for later in (older / "versions").glob("*.py"):
        if later.name >= "0006":
            later.unlink()
    (older / "sql" / "grants.sql").write_text("select 1", encoding="utf-8")
    Schema(schema.conninfo("owner"), installation.settings, older).ensure()
    with psycopg.connect(schema.conninfo("owner"), options="-c search_path=centaure") as connection:
        user(connection, "ada")
    change(schema, "insert into source (name, location) values ('docs', '/docs')")
    with pytest.raises(Unavailable, match="db upgrade"):
        schema.ensure()
    schema.upgrade()
    schema.ensure()
    with psycopg.connect(schema.conninfo("owner"), options="-c search_path=centaure") as connection:
        assert connection.execute("select login from user_account").fetchall() == [("ada",)]
        assert connection.execute("select name from source where id > 0").fetchall() == [("docs",)]
        assert connection.execute("select count(*) from conversation").fetchone() == (0,)
    with psycopg.connect(schema.conninfo("app"), options="-c search_path=centaure") as connection:
        assert connection.execute("select count(*) from model_generation").fetchone() == (0,)

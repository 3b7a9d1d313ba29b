"""The schema of the database: its roles, its revisions, and the refusal to run on anything else.

The owner's address serves migrations only. Two login roles own nothing and cannot bypass row level
security: `app` (API and command line) and `indexer` (worker). Their names begin with the database's
name, since roles are shared by a whole server; their passwords derive from the installation's secret.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from centaure.kit.database import CONNECT_TIMEOUT_S, SEARCH_PATH, Role
from centaure.kit.errors import Unavailable
from centaure.kit.settings import Settings

OLDEST_SERVER = 160000
OLDEST_VECTOR = (0, 8)
_UPGRADE_LOCK = 8_060_301


@dataclass(frozen=True, slots=True)
class SchemaState:
    """What was found in a database, compared with what this version of Centaure needs.

    `found` and `needed` are revisions; `found` is None in an empty database. `whole` tells whether tables
    and functions are those that the last complete migration left, `guarded` the same of policies and
    grants, which `upgrade` can set again.
    """

    found: str | None
    needed: str
    known: bool
    whole: bool
    guarded: bool
    empty: bool

    @property
    def intact(self) -> bool:
        """Whether everything is as the last complete migration left it."""
        return self.whole and self.guarded


class Schema:
    """The schema of one database, as its owner.

    Args:
        address: of the database, as the role that owns the schema.
        settings: give the secret of the roles' passwords.
        migrations: folder of the Alembic scripts.

    Raises:
        Unavailable: the address cannot be read.
    """

    def __init__(self, address: str, settings: Settings, migrations: Path) -> None:
        self._address = _read_address(address)
        self._settings = settings
        self._migrations = migrations

    def role_name(self, role: Role) -> str:
        """Name of a role in this database's server."""
        if role == "owner":
            return self._address.get("user", "")
        return f"{self._address['dbname']}_{role}"

    def conninfo(self, role: Role) -> str:
        """Address of the database as a role, with its password."""
        if role == "owner":
            return make_conninfo(**self._address)
        signed_in = {"user": self.role_name(role), "password": self._password(role)}
        return make_conninfo(**{**self._address, **signed_in})

    def ensure(self) -> None:
        """Make the schema in an empty database; refuse one that is older, newer or half-migrated.

        Raises:
            Unavailable: the server or the schema cannot be used; the sentence says what to do.
        """
        with self._connect() as connection:
            check_server(connection)
            state = self._state(connection)
        if state.empty:
            self.upgrade()
            return
        self._refuse(state)
        self._check_login()

    def state(self) -> SchemaState:
        """What is in the database."""
        with self._connect() as connection:
            return self._state(connection)

    def upgrade(self) -> None:
        """Bring the schema to the newest revision, all or nothing, and renew roles and grants."""
        # Alembic costs half a second of import that an ordinary start does not need.
        from alembic import command  # noqa: PLC0415
        from alembic.config import Config  # noqa: PLC0415
        from sqlalchemy import NullPool, create_engine  # noqa: PLC0415

        with self._connect() as connection:
            check_server(connection)
            state = self._state(connection)
            if not state.empty and not (state.known and state.whole):
                self._refuse(state)
            self._ensure_roles(connection)
            _ensure_vector(connection)
            connection.commit()
        config = Config()
        config.set_main_option("script_location", str(self._migrations))
        engine = create_engine("postgresql+psycopg://", creator=self._connect, poolclass=NullPool)
        with engine.begin() as connection:
            connection.exec_driver_sql(f"select pg_advisory_xact_lock({_UPGRADE_LOCK})")
            connection.exec_driver_sql("create schema if not exists centaure")
            connection.exec_driver_sql(f"set local search_path = {SEARCH_PATH}")
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            driver = cast(
                "psycopg.Connection[tuple[object, ...]]", connection.connection.driver_connection
            )
            self._grant(driver)
            driver.execute("delete from schema_fingerprint")
            driver.execute(b"insert into schema_fingerprint " + _FINGERPRINT)
        engine.dispose()

    def _connect(self) -> "psycopg.Connection[tuple[object, ...]]":
        try:
            return psycopg.connect(
                self.conninfo("owner"),
                options=f"-c search_path={SEARCH_PATH}",
                connect_timeout=CONNECT_TIMEOUT_S,
            )
        except psycopg.OperationalError as error:
            raise Unavailable(
                f"No PostgreSQL answers for the database {self._address['dbname']}: {str(error).strip()} "
                "Check CENTAURE_DATABASE_URL and that the server runs."
            ) from error

    def _state(self, connection: "psycopg.Connection[tuple[object, ...]]") -> SchemaState:
        revisions = {
            path.name.split("_")[0] for path in (self._migrations / "versions").glob("*.py")
        }
        needed = max(revisions)
        tables = connection.execute(
            "select count(*) from pg_class where relnamespace = to_regnamespace('centaure')"
        ).fetchone()
        if tables is None or tables[0] == 0:
            return SchemaState(None, needed, known=True, whole=True, guarded=True, empty=True)
        has_version = connection.execute(
            "select to_regclass('centaure.alembic_version') is not null"
            " and to_regclass('centaure.schema_fingerprint') is not null"
        ).fetchone()
        if has_version != (True,):
            return SchemaState(None, needed, known=True, whole=False, guarded=False, empty=False)
        versions = connection.execute("select version_num from alembic_version").fetchall()
        found = str(versions[0][0]) if len(versions) == 1 else None
        kept = connection.execute("select structure, access from schema_fingerprint").fetchone()
        actual = connection.execute(_FINGERPRINT).fetchone()
        whole = (
            found is not None and kept is not None and actual is not None and kept[0] == actual[0]
        )
        return SchemaState(
            found,
            needed,
            known=found is None or found in revisions,
            whole=whole,
            guarded=kept == actual,
            empty=False,
        )

    def _refuse(self, state: SchemaState) -> None:
        if state.found is not None and not state.known:
            raise Unavailable(
                f"The database is at revision {state.found}, newer than this Centaure, which knows "
                f"{state.needed}. Install the newer Centaure again. Nothing was changed."
            )
        if not state.whole:
            raise Unavailable(
                "The schema of the database is not what a complete migration left: an upgrade was "
                "interrupted, or tables or functions were changed by hand. Restore the backup. Nothing was "
                "changed."
            )
        if not state.guarded:
            raise Unavailable(
                "Policies or grants of the database were changed by hand. `centaure db upgrade` sets them "
                "again. Nothing was changed."
            )
        if state.found != state.needed:
            raise Unavailable(
                f"The database is at revision {state.found}, this Centaure needs {state.needed}. "
                "Make a backup, then run `centaure db upgrade`. Nothing was changed."
            )

    def _check_login(self) -> None:
        try:
            psycopg.connect(self.conninfo("app"), connect_timeout=CONNECT_TIMEOUT_S).close()
        except psycopg.OperationalError as error:
            raise Unavailable(
                f"The role {self.role_name('app')} cannot sign in to PostgreSQL with the password that "
                "derives from this installation's secret. Give the CENTAURE_SECRET_KEY (or the "
                "secret.key file) that the database was made with, or run `centaure db upgrade` to "
                "set the passwords again."
            ) from error

    def _password(self, role: Role) -> str:
        return self._settings.derived_secret(f"role {self.role_name(role)}")

    def _ensure_roles(self, connection: "psycopg.Connection[tuple[object, ...]]") -> None:
        for role in ("app", "indexer"):
            name = self.role_name(role)
            exists = connection.execute(
                "select from pg_roles where rolname = %s", [name]
            ).fetchone()
            # An owner that is no superuser may not even repeat the attributes of a role that exists.
            statement = "alter role {} login password {}"
            if exists is None:
                statement = (
                    "create role {} login nosuperuser nocreatedb nocreaterole noinherit nobypassrls"
                    " password {}"
                )
            password = self._password(role)
            try:
                connection.execute(
                    sql.SQL(statement).format(sql.Identifier(name), sql.Literal(password))
                )
            except psycopg.errors.InsufficientPrivilege as error:
                raise Unavailable(
                    f"The role {self.role_name('owner')} may not create roles. Connect once as a role with "
                    "CREATEROLE in CENTAURE_DATABASE_URL and run `centaure db upgrade`."
                ) from error

    def _grant(self, connection: "psycopg.Connection[tuple[object, ...]]") -> None:
        words = (self._migrations / "sql" / "grants.sql").read_text(encoding="utf-8")
        for role in ("app", "indexer"):
            name = sql.Identifier(self.role_name(role)).as_string(connection)
            words = words.replace("{" + role + "}", name)
        connection.execute(words.encode())


def _read_address(address: str) -> dict[str, str]:
    """What an address says, by the names of libpq; its words are not repeated: it holds a password."""
    try:
        read = conninfo_to_dict(address.replace("postgresql+psycopg://", "postgresql://", 1))
    except psycopg.ProgrammingError:
        read = {}
    said = {name: str(value) for name, value in read.items() if value is not None}
    # A password with characters that are not escaped ends up in the port, the host or the database.
    misplaced = "@" in said.get("host", "") + said.get("dbname", "") or not re.fullmatch(
        r"[0-9,]*", said.get("port", "")
    )
    if misplaced or "dbname" not in said:
        raise Unavailable(
            "CENTAURE_DATABASE_URL cannot be read. Write it as "
            "postgresql://owner:password@host/centaure; in the password, a "
            "character that is neither letter nor digit is % and its hexadecimal number."
        )
    return said


def check_server(connection: "psycopg.Connection[tuple[object, ...]]") -> None:
    """Refuse a server that is too old or has no pgvector.

    Raises:
        Unavailable: with what to install.
    """
    version = connection.info.server_version
    if version < OLDEST_SERVER:
        raise Unavailable(
            f"PostgreSQL {version // 10000} is too old: Centaure needs PostgreSQL 16 or newer. Upgrade "
            "the server, or unset CENTAURE_DATABASE_URL to use the embedded one."
        )
    row = connection.execute(
        "select coalesce(installed_version, default_version) from pg_available_extensions"
        " where name = 'vector'"
    ).fetchone()
    numbers = tuple(int(part) for part in str(row[0]).split(".")[:2]) if row is not None else (0, 0)
    if numbers < OLDEST_VECTOR:
        found = "it is missing" if row is None else f"it has {row[0]}"
        raise Unavailable(
            f"The PostgreSQL server needs pgvector 0.8 or newer; {found}. Install the package of your "
            f"system (such as postgresql-{version // 10000}-pgvector), or unset CENTAURE_DATABASE_URL to "
            "use the embedded server."
        )


def _ensure_vector(connection: "psycopg.Connection[tuple[object, ...]]") -> None:
    try:
        connection.execute("create extension if not exists vector schema public")
    except psycopg.errors.InsufficientPrivilege as error:
        raise Unavailable(
            "The extension pgvector is on the server but not in this database, and only a superuser may "
            "add it here. As a superuser, once: create extension vector schema public"
        ) from error


# What a complete migration leaves, in two parts: what only a backup brings back (tables, columns, indexes,
# functions, triggers), and who may do what (row level security, policies, grants), which can be set again.
# The indexes of vectors come and go with generations.
_FINGERPRINT = b"""
with catalogue(access, line) as (
    select false, format('table %s %s', c.relname, c.relkind)
      from pg_class c
     where c.relnamespace = 'centaure'::regnamespace and c.relkind in ('r', 'v', 'i', 'p')
       and c.relname !~ '^chunk_vector_near_[0-9]+_[01]$'
    union all
    select true, format('guard %s %s %s %s', c.relname, c.relrowsecurity, c.relforcerowsecurity,
                        (select string_agg(acl::text, ',' order by acl::text collate "C")
                           from unnest(c.relacl) as acl))
      from pg_class c
     where c.relnamespace = 'centaure'::regnamespace and c.relkind in ('r', 'v', 'p')
    union all
    select false, format('column %s %s %s %s', c.relname, a.attname, a.atttypid::regtype, a.attnotnull)
      from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0
     where c.relnamespace = 'centaure'::regnamespace and c.relkind = 'r' and not a.attisdropped
    union all
    select false, format('function %s %s %s', p.oid::regprocedure, p.prosecdef,
                         md5(pg_get_functiondef(p.oid)))
      from pg_proc p where p.pronamespace = 'centaure'::regnamespace and p.prokind = 'f'
    union all
    select true, format('execute %s %s', p.oid::regprocedure,
                        (select string_agg(acl::text, ',' order by acl::text collate "C")
                           from unnest(p.proacl) as acl))
      from pg_proc p where p.pronamespace = 'centaure'::regnamespace and p.prokind = 'f'
    union all
    select false, format('trigger %s %s', t.tgrelid::regclass, pg_get_triggerdef(t.oid))
      from pg_trigger t join pg_class c on c.oid = t.tgrelid
     where c.relnamespace = 'centaure'::regnamespace and not t.tgisinternal and t.tgenabled = 'O'
    union all
    select true, format('policy %s %s %s %s %s %s', tablename, policyname, cmd, roles, qual, with_check)
      from pg_policies where schemaname = 'centaure'
)
select encode(sha256(convert_to(coalesce(
           string_agg(line, E'\\n' order by line collate "C") filter (where not access), ''), 'UTF8'
       )), 'hex') as structure,
       encode(sha256(convert_to(coalesce(
           string_agg(line, E'\\n' order by line collate "C") filter (where access), ''), 'UTF8'
       )), 'hex') as access
  from catalogue
"""

"""What the tests share: one real PostgreSQL, and connections as each of its roles."""

import os
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import psycopg
import pytest
from hypothesis import settings
from pydantic import SecretStr

from centaure.app.installation import MIGRATIONS, Installation, open_installation
from centaure.kit.database import Database
from centaure.kit.settings import Settings
from embedding_service import Service, serving
from language_service import Chat
from language_service import serving as serving_chat
from reranking_service import Reranking
from reranking_service import serving as serving_reranking

# Only a server that was started for the tests is ever emptied; what a person's own environment says of
# their installation is forgotten before anything reads it.
EXTERNAL = os.environ.get("CENTAURE_TEST_DATABASE_URL")
for variable in [name for name in os.environ if name.startswith("CENTAURE_")]:
    if not variable.startswith("CENTAURE_TEST"):
        del os.environ[variable]

# A shared machine has pauses of its own, and the first case of a property may load libraries.
settings.register_profile("centaure", settings(), deadline=None)
settings.load_profile("centaure")

MAY_SKIP = os.environ.get("CENTAURE_TESTS_MAY_SKIP") != "no"

KEPT = {"alembic_version", "schema_fingerprint"}


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Where nothing may be missing, a skipped test is a failed one."""
    reporter = session.config.pluginmanager.getplugin("terminalreporter")
    if MAY_SKIP or EXTERNAL or reporter is None or not reporter.stats.get("skipped"):
        return
    reporter.write_line("Tests were skipped, and CENTAURE_TESTS_MAY_SKIP=no forbids it.", red=True)
    session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """One event loop is what the product runs on."""
    return "asyncio"


@pytest.fixture
def service() -> Iterator[Service]:
    """A service of embeddings on loopback."""
    with serving() as told:
        yield told


@pytest.fixture
def reranking() -> Iterator[Reranking]:
    """A service of reranking on loopback."""
    with serving_reranking() as told:
        yield told


@pytest.fixture
def chat() -> Iterator[Chat]:
    """A service of chat completions on loopback."""
    with serving_chat() as told:
        yield told


@pytest.fixture(scope="session")
def home() -> Iterator[Path]:
    """A data folder that the system user may reach, removed at the end."""
    with tempfile.TemporaryDirectory(
        prefix="centaure-tests-", ignore_cleanup_errors=True
    ) as folder:
        path = Path(folder)
        path.chmod(0o711)
        yield path


@pytest.fixture(scope="session")
def installation(home: Path) -> Iterator[Installation]:
    """The embedded server, or the external one that CENTAURE_TEST_DATABASE_URL names, with its schema."""
    external = EXTERNAL
    settings = Settings(
        home=home,
        database_url=SecretStr(external) if external else None,
        shared_buffers_mb=128,
    )
    with open_installation(settings) as opened:
        yield opened


def wipe(installation: Installation) -> None:
    """Empty the installation of what earlier tests wrote."""
    with psycopg.connect(_plain(installation), autocommit=True) as connection:
        # The audit refuses truncation by its triggers, even to the owner.
        connection.execute("set session_replication_role = replica")
        names = [
            row[0]
            for row in connection.execute(
                "select tablename from pg_tables where schemaname = 'centaure'"
            ).fetchall()
            if row[0] not in KEPT
        ]
        tables = ", ".join(f"centaure.{name}" for name in names)
        connection.execute(f"truncate {tables} restart identity cascade")
        connection.execute("set search_path = centaure, public")
        for seed in sorted((MIGRATIONS / "sql").glob("seed*.sql")):
            connection.execute(seed.read_bytes())


@pytest.fixture
def clean(installation: Installation) -> Installation:
    """The same installation, emptied."""
    wipe(installation)
    return installation


@pytest.fixture(scope="module")
def clean_module(installation: Installation) -> Installation:
    """The same installation, emptied once for a whole module."""
    wipe(installation)
    return installation


@pytest.fixture
def owner_connection(clean: Installation) -> Iterator["psycopg.Connection[tuple[object, ...]]"]:
    """A plain connection as the owner of the schema, for arranging and for looking behind."""
    with psycopg.connect(
        _plain(clean), autocommit=True, options="-c search_path=centaure,public"
    ) as connection:
        yield connection


@pytest.fixture
async def database(clean: Installation) -> AsyncIterator[Database]:
    """Connections as the application's role: row level security applies."""
    opened = clean.database("app", statement_timeout_ms=60_000)
    yield opened
    await opened.close()


@pytest.fixture
async def indexer(clean: Installation) -> AsyncIterator[Database]:
    """Connections as the worker's role."""
    opened = clean.database("indexer")
    yield opened
    await opened.close()


def _plain(installation: Installation) -> str:
    return installation.schema.conninfo("owner")

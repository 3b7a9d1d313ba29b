"""One installation: its settings, its PostgreSQL, and the roles that the processes connect as."""

from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

from centaure.kit.database import Database, Role
from centaure.kit.postgres import EmbeddedPostgres
from centaure.kit.schema import Schema
from centaure.kit.settings import Settings, load_settings
from centaure.kit.vault import Vault
from centaure.knowledge.sources.places import Places

if TYPE_CHECKING:
    from centaure.gateway.service import Gateway
    from centaure.knowledge.retrieval.finding import Finding
    from centaure.knowledge.retrieval.models import EmbeddingModels
    from centaure.knowledge.retrieval.rerankers import Rerankers

MIGRATIONS = Path(__file__).parent / "migrations"


class Installation:
    """What a process needs to begin: the settings, and the way to each database role."""

    def __init__(self, settings: Settings, schema: Schema) -> None:
        self.settings = settings
        self.schema = schema

    def places(self) -> Places:
        """What makes the connectors of sources, with the installation's key."""
        return Places(Vault.of(self.settings), self.settings.home / "cache")

    def models(self) -> "EmbeddingModels":
        """What makes embedding models, with the installation's key."""
        # Not every process needs what search needs.
        from centaure.knowledge.retrieval.models import EmbeddingModels  # noqa: PLC0415

        return EmbeddingModels(Vault.of(self.settings), self.settings.home / "models")

    def rerankers(self) -> "Rerankers":
        """What makes rerankers, with the installation's key."""
        from centaure.knowledge.retrieval.rerankers import Rerankers  # noqa: PLC0415 - as above

        return Rerankers(Vault.of(self.settings), self.settings.home / "models")

    def gateway(self, database: Database, *, guarded: bool = True) -> "Gateway":
        """The way to language models, as the role of some connections; the caller closes it.

        Args:
            database: the connections.
            guarded: whether guardrails look at calls and answers; only trials of models do without.
        """
        from centaure.footprint.estimator import EcoLogitsEstimator  # noqa: PLC0415 - as above
        from centaure.gateway.live import LiveCatalogue  # noqa: PLC0415
        from centaure.gateway.providers import LiveProviders  # noqa: PLC0415
        from centaure.gateway.records import Records  # noqa: PLC0415
        from centaure.gateway.service import Gateway  # noqa: PLC0415
        from centaure.guardrails.guarding import Guarding  # noqa: PLC0415
        from centaure.guardrails.moderation import StoredModeration  # noqa: PLC0415
        from centaure.guardrails.policies import LivePolicies  # noqa: PLC0415
        from centaure.guardrails.pseudonyms import StoredPseudonyms  # noqa: PLC0415

        footprint = EcoLogitsEstimator()
        return Gateway(
            LiveCatalogue(database),
            LiveProviders(Vault.of(self.settings), known_to_twin, self.settings.silence_s),
            Records(database, self.settings, footprint),
            footprint.carbon,
            Guarding(
                LivePolicies(database),
                StoredPseudonyms(database, self.settings),
                moderation=StoredModeration(database, self.settings),
            )
            if guarded
            else None,
        )

    def finding(self, database: Database, gateway: "Gateway | None" = None) -> "Finding":
        """What finds passages with the live models, and what language models make of questions."""
        from centaure.knowledge.retrieval.finding import Finding  # noqa: PLC0415 - as above
        from centaure.knowledge.retrieval.meaning import Meanings  # noqa: PLC0415
        from centaure.knowledge.retrieval.reranking import SecondStage  # noqa: PLC0415
        from centaure.knowledge.retrieval.understanding import Understanding  # noqa: PLC0415

        asked = int(self.settings.question_class[1:])
        return Finding(
            database,
            Meanings(self.models(), asked),
            SecondStage(self.rerankers(), asked),
            Understanding(gateway, self.settings.understanding_s, asked),
        )

    def database(self, role: Role, *, statement_timeout_ms: int = 0) -> Database:
        """A new set of connections as the role; the caller closes it."""
        return Database(
            self.schema.conninfo(role),
            pool_size=self.settings.pool_size,
            statement_timeout_ms=statement_timeout_ms,
        )


def known_to_twin(instructions: str, text: str) -> str | None:
    """What the offline twin of language models knows besides its own rules: to read questions, to judge."""
    from centaure.answering.generated import simulated  # noqa: PLC0415 - few processes have the twin
    from centaure.knowledge.retrieval.simulated import by_rule  # noqa: PLC0415

    return by_rule(instructions, text) or simulated.by_rule(instructions, text)


@contextmanager
def open_installation(
    settings: Settings | None = None, *, ensure: bool = True
) -> Generator[Installation]:
    """Start or join the database, and check (or make) its schema.

    Args:
        settings: by default those of the environment.
        ensure: refuse a schema that is not the one needed; `db upgrade` turns this off.

    Raises:
        Unavailable: the database or its schema cannot be used; the sentence says what to do.
    """
    settings = settings or load_settings()
    if settings.database_url is not None:
        schema = Schema(settings.database_url.get_secret_value(), settings, MIGRATIONS)
        if ensure:
            schema.ensure()
        yield Installation(settings, schema)
        return
    server = EmbeddedPostgres(
        settings.home,
        settings.derived_secret("role centaure_owner"),
        shared_buffers_mb=settings.shared_buffers_mb,
    )
    server.start()
    try:
        _make_database(server)
        schema = Schema(server.conninfo(), settings, MIGRATIONS)
        if ensure:
            schema.ensure()
        yield Installation(settings, schema)
    finally:
        server.stop()


def _make_database(server: EmbeddedPostgres) -> None:
    with psycopg.connect(server.conninfo("postgres"), autocommit=True) as connection:
        row = connection.execute("select from pg_database where datname = 'centaure'").fetchone()
        if row is None:
            with suppress(psycopg.errors.DuplicateDatabase):  # another process was first
                connection.execute("create database centaure")

"""The first schema: identity, audit, knowledge, its search, and the job queue."""

from pathlib import Path
from typing import Any, cast

import psycopg
from alembic import op
from procrastinate.schema import SchemaManager

revision = "0001"
down_revision = None

FOLDER = Path(__file__).parents[1] / "sql"


def upgrade() -> None:
    """Make every table and function; grants and policies follow, from grants.sql."""
    connection = cast("psycopg.Connection[Any]", op.get_bind().connection.driver_connection)
    connection.execute(
        "create table schema_fingerprint (structure text not null, access text not null);"
        "comment on table schema_fingerprint is 'What the last complete migration left'"
    )
    for name in ("identity", "audit", "knowledge", "retrieval", "seed"):
        connection.execute((FOLDER / f"{name}.sql").read_bytes())
    connection.execute(SchemaManager.get_schema().encode())

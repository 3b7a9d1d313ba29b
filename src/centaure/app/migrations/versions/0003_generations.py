"""Generations of the index: documents read twice if need be, vectors of several models; rerankers."""

from pathlib import Path
from typing import Any, cast

import psycopg
from alembic import op

revision = "0003"
down_revision = "0002"

FOLDER = Path(__file__).parents[1] / "sql"


def upgrade() -> None:
    """What was read so far becomes the first side of the index, live."""
    connection = cast("psycopg.Connection[Any]", op.get_bind().connection.driver_connection)
    for name in ("generations", "search", "rerankers", "seed_generations"):
        connection.execute((FOLDER / f"{name}.sql").read_bytes())

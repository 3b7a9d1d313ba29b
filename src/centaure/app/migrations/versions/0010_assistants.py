"""Assistants: configured uses of a language model, in versions, shared with groups; thumbs on answers."""

from pathlib import Path
from typing import Any, cast

import psycopg
from alembic import op

revision = "0010"
down_revision = "0009"

FOLDER = Path(__file__).parents[1] / "sql"


def upgrade() -> None:
    """Nobody had written one so far; those that are shipped are no rows."""
    connection = cast("psycopg.Connection[Any]", op.get_bind().connection.driver_connection)
    connection.execute((FOLDER / "assistants.sql").read_bytes())

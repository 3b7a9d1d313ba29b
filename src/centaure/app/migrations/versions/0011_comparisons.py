"""Blind comparisons, and which answer people prefer; the library of prompts."""

from pathlib import Path
from typing import Any, cast

import psycopg
from alembic import op

revision = "0011"
down_revision = "0010"

FOLDER = Path(__file__).parents[1] / "sql"


def upgrade() -> None:
    """Nobody compared anything so far, or kept a prompt."""
    connection = cast("psycopg.Connection[Any]", op.get_bind().connection.driver_connection)
    for name in ("comparisons", "prompts"):
        connection.execute((FOLDER / f"{name}.sql").read_bytes())

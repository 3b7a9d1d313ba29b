"""Folders that administrators ask for in a browser, and what teams solved in the game."""

from pathlib import Path
from typing import Any, cast

import psycopg
from alembic import op

revision = "0012"
down_revision = "0011"

FOLDER = Path(__file__).parents[1] / "sql"


def upgrade() -> None:
    """Nobody asked for one, or played, so far."""
    connection = cast("psycopg.Connection[Any]", op.get_bind().connection.driver_connection)
    for name in ("folder_requests", "game"):
        connection.execute((FOLDER / f"{name}.sql").read_bytes())

"""Moderation: what a person decides before it is asked or shown; answers that somebody stands for."""

from pathlib import Path
from typing import Any, cast

import psycopg
from alembic import op

revision = "0009"
down_revision = "0008"

FOLDER = Path(__file__).parents[1] / "sql"


def upgrade() -> None:
    """Nothing was held back or approved so far."""
    connection = cast("psycopg.Connection[Any]", op.get_bind().connection.driver_connection)
    for name in ("moderation", "approved_answers"):
        connection.execute((FOLDER / f"{name}.sql").read_bytes())

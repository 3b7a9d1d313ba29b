"""What a person decides: what is asked or shown, answers that somebody stands for, requests for rights."""

from pathlib import Path
from typing import Any, cast

import psycopg
from alembic import op

revision = "0009"
down_revision = "0008"

FOLDER = Path(__file__).parents[1] / "sql"


def upgrade() -> None:
    """Nothing was held back, approved or asked for so far."""
    connection = cast("psycopg.Connection[Any]", op.get_bind().connection.driver_connection)
    for name in ("moderation", "approved_answers", "access_requests", "planted"):
        connection.execute((FOLDER / f"{name}.sql").read_bytes())

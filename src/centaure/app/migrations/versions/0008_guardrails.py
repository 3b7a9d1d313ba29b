"""Guardrails: what they do for each assistant, and what placeholders of personal data stand for."""

from pathlib import Path
from typing import Any, cast

import psycopg
from alembic import op

revision = "0008"
down_revision = "0007"

FOLDER = Path(__file__).parents[1] / "sql"


def upgrade() -> None:
    """Nobody changed them so far."""
    connection = cast("psycopg.Connection[Any]", op.get_bind().connection.driver_connection)
    for name in ("guardrails", "pseudonyms"):
        connection.execute((FOLDER / f"{name}.sql").read_bytes())

"""Conversations: kept, continued, shared and exported; files dropped in them; tokens of people."""

from pathlib import Path
from typing import Any, cast

import psycopg
from alembic import op

revision = "0007"
down_revision = "0006"

FOLDER = Path(__file__).parents[1] / "sql"


def upgrade() -> None:
    """Nobody had one so far."""
    connection = cast("psycopg.Connection[Any]", op.get_bind().connection.driver_connection)
    files = ("conversations", "conversation_files", "seed_conversation_files", "enabled_account")
    for name in files:
        connection.execute((FOLDER / f"{name}.sql").read_bytes())

"""The documents that a conversation is about, where it is about some only."""

from pathlib import Path
from typing import Any, cast

import psycopg
from alembic import op

revision = "0014"
down_revision = "0013"

FOLDER = Path(__file__).parents[1] / "sql"


def upgrade() -> None:
    """So far each was about all that its owner may read."""
    connection = cast("psycopg.Connection[Any]", op.get_bind().connection.driver_connection)
    connection.execute((FOLDER / "conversation_documents.sql").read_bytes())

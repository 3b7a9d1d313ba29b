"""Feedback: what people say of documents for the words of their questions."""

from pathlib import Path
from typing import Any, cast

import psycopg
from alembic import op

revision = "0005"
down_revision = "0004"

FOLDER = Path(__file__).parents[1] / "sql"


def upgrade() -> None:
    """Nothing was said so far."""
    connection = cast("psycopg.Connection[Any]", op.get_bind().connection.driver_connection)
    connection.execute((FOLDER / "feedback.sql").read_bytes())

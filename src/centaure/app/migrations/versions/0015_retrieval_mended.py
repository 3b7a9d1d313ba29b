"""Two functions of search in the place of those of before: words for typing errors, vectors compared."""

from pathlib import Path
from typing import Any, cast

import psycopg
from alembic import op

revision = "0015"
down_revision = "0014"

FOLDER = Path(__file__).parents[1] / "sql"


def upgrade() -> None:
    """Words are offered where a readable document teaches them; who reads nothing stops no test of recall."""
    connection = cast("psycopg.Connection[Any]", op.get_bind().connection.driver_connection)
    for name in ("similar_words", "compares_vectors"):
        connection.execute((FOLDER / f"{name}.sql").read_bytes())

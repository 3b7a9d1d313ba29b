"""Other words for those of a question: of curators, of documents that spell out acronyms, of passages."""

from pathlib import Path
from typing import Any, cast

import psycopg
from alembic import op

revision = "0004"
down_revision = "0003"

FOLDER = Path(__file__).parents[1] / "sql"


def upgrade() -> None:
    """Acronyms of documents that are there already are found when they are read again."""
    connection = cast("psycopg.Connection[Any]", op.get_bind().connection.driver_connection)
    for name in ("thesaurus", "spelling"):
        connection.execute((FOLDER / f"{name}.sql").read_bytes())

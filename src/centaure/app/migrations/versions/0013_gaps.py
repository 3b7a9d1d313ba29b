"""Questions that documents answered badly, grouped for curators."""

from pathlib import Path
from typing import Any, cast

import psycopg
from alembic import op

revision = "0013"
down_revision = "0012"

FOLDER = Path(__file__).parents[1] / "sql"


def upgrade() -> None:
    """Nothing is kept of what was asked before."""
    connection = cast("psycopg.Connection[Any]", op.get_bind().connection.driver_connection)
    connection.execute((FOLDER / "gaps.sql").read_bytes())

"""Gateway: the catalogue of models, the rules among them, records of calls, quotas, footprints."""

from pathlib import Path
from typing import Any, cast

import psycopg
from alembic import op

revision = "0006"
down_revision = "0005"

FOLDER = Path(__file__).parents[1] / "sql"


def upgrade() -> None:
    """Nothing was said so far."""
    connection = cast("psycopg.Connection[Any]", op.get_bind().connection.driver_connection)
    for name in ("models", "model_generations", "footprint"):
        connection.execute((FOLDER / f"{name}.sql").read_bytes())

"""${message}."""

from alembic import op

revision = "${up_revision}"
down_revision = ${repr(down_revision)}


def upgrade() -> None:
    """Change the schema; data are kept."""
    ${upgrades if upgrades else 'op.execute("")'}

"""What Alembic runs: migrations in the transaction that `centaure.kit.schema` opened."""

from alembic import context
from sqlalchemy import Connection

connection: Connection = context.config.attributes["connection"]
context.configure(connection=connection, version_table_schema="centaure", transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()

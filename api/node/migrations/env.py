"""How alembic runs a migration here: on the connection, and in the transaction, of the caller."""

from alembic import context
from sqlmodel import SQLModel

# Registers the tables that a new migration is compared with.
import anchoring.journal  # noqa: F401
import ledger.store.certificate_tables
import ledger.store.ground_tables
import ledger.store.hour_tables
import ledger.store.tables  # noqa: F401

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()

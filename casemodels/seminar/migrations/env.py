"""Alembic's way in: it works on the connection, and in the transaction, that it is handed."""

from alembic import context

from casemodels.seminar.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    transactional_ddl=True,  # in SQLite as well: the transaction is begun by hand
)
with context.begin_transaction():
    context.run_migrations()

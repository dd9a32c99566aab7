"""Alembic's entry point; ``storage.migrate`` runs it with an open connection."""

from alembic import context

from storage.migrations.scope import include_object
from storage.tables.schema import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,
    transactional_ddl=True,
    include_object=include_object,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()

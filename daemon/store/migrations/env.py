"""What Alembic runs; the connection and its transaction are given by `run`."""

from alembic import context

from daemon.store.indexes import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=False,
    render_as_batch=True,
)
context.run_migrations()

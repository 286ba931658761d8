"""Alembic runs this for every command; the connection comes from core.store.migrate."""

from alembic import context

told = context.config.attributes
context.configure(connection=told["connection"], target_metadata=told["metadata"])
context.run_migrations()

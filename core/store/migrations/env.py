"""Runs the migrations on the connection that ``core.store.migrate`` hands over."""

from __future__ import annotations

from alembic import context

from core.store.schema import metadata

if hasattr(context, "config"):  # there while Alembic runs this file, not when it is only imported
    context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
    context.run_migrations()

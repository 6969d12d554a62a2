"""Alembic's environment: runs the migrations on the database that gateway.store.schema names."""

from alembic import context
from sqlalchemy import create_engine
from sqlmodel import SQLModel

import gateway.store.models  # noqa: F401 the tables register themselves

engine = create_engine(context.config.get_main_option("sqlalchemy.url") or "")
with engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        render_as_batch=True,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()
engine.dispose()

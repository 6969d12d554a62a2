"""Bringing a database to the newest migration; each runs once, in order.

https://alembic.sqlalchemy.org/en/latest/api/commands.html
"""

from importlib.resources import files
from pathlib import Path

from alembic import command
from alembic.config import Config


def upgrade(database: Path) -> None:
    """Makes or upgrades the SQLite file of control data."""
    database.parent.mkdir(parents=True, exist_ok=True)
    config = Config()
    config.set_main_option("script_location", str(files("gateway") / "store" / "migrations"))
    config.set_main_option("sqlalchemy.url", f"sqlite:///{database}")
    command.upgrade(config, "head")

"""Bringing a database to the newest migration; each runs once, in order.

https://alembic.sqlalchemy.org/en/latest/api/commands.html
"""

import sqlite3
from importlib.resources import files
from pathlib import Path

from alembic import command
from alembic.config import Config


def upgrade(database: Path) -> None:
    """Makes or upgrades the SQLite file of control data, which its owner alone can read."""
    database.parent.mkdir(parents=True, exist_ok=True)
    database.touch(mode=0o600)
    config = Config()
    _set(config, "script_location", str(files("gateway") / "store" / "migrations"))
    _set(config, "sqlalchemy.url", f"sqlite:///{database}")
    command.upgrade(config, "head")
    # once, before anybody writes: two writers that change it at the same time do not wait for each other
    connection = sqlite3.connect(database)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.close()


def _set(config: Config, name: str, value: str) -> None:
    # a percent sign would be read as the beginning of another option's name
    config.set_main_option(name, value.replace("%", "%%"))

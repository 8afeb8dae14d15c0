"""Brings a database to the newest tables, or back; Alembic, without its ini file or its command line."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from core.errors import StoreUnavailable
from core.store import empty
from core.store.schema import HEAD

if TYPE_CHECKING:
    from alembic.config import Config

_SCRIPTS = Path(__file__).parent / "migrations"
_one_at_a_time = threading.Lock()  # Alembic keeps the migration that runs in module globals


def current_revision(connection: Connection) -> str | None:
    """The revision that the database stands at; None for one without our tables."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return revision


def is_current(connection: Connection) -> bool:
    """Whether nothing is missing."""
    return current_revision(connection) == HEAD


def revisions() -> dict[str, str]:
    """Every revision that this program knows with what it brought, oldest first."""
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    found = ScriptDirectory.from_config(_scripts(Config())).walk_revisions()
    return {script.revision: script.doc for script in reversed(list(found))}


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Run what is missing up to ``revision``, in the transaction of ``connection``.

    Alembic is imported only when something is missing: it costs a quarter of a second at the start. An SQLite database
    in which nothing is yet is made from a script of what all migrations come to (``core.store.empty``).
    Raises StoreUnavailable when a newer version of this program made the tables.
    """
    present = current_revision(connection)
    if present == HEAD and revision == "head":
        return
    if revision == "head" and empty.is_empty(connection):
        empty.build(connection)
        return
    from alembic import command

    config = _config(connection)
    if present is not None and present not in revisions():
        raise StoreUnavailable(
            f"the tables are of revision {present}, which this program (revision {HEAD}) does not know: "
            "a newer one made them. Install that, or set JORGE_DATABASE_URL to another database"
        )
    with _one_at_a_time:
        command.upgrade(config, revision)


def downgrade(connection: Connection, revision: str = "base") -> None:
    """Undo the revisions after ``revision``; "base" drops every table of ours with its rows."""
    from alembic import command

    current_revision(connection)  # begins the transaction, which Alembic leaves to the caller when it sees it
    with _one_at_a_time:
        command.downgrade(_config(connection), revision)


def _config(connection: Connection) -> Config:
    from alembic.config import Config

    config = _scripts(Config())
    config.attributes["connection"] = connection
    return config


def _scripts(config: Config) -> Config:
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config

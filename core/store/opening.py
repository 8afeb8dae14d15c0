"""Opening a database: its folder is made and its tables are brought up to date before anybody uses it."""

from __future__ import annotations

from core.store import migrate
from core.store.connect import Database
from core.store.store import Store


def open_store(url: str) -> Store:
    """Open the database at ``url``, make its folder when it is missing and bring its tables up to date.

    Raises StoreUnavailable when the database does not answer, SettingsError when ``url`` is neither SQLite nor
    PostgreSQL.
    """
    database = Database(url)
    try:
        with database.read() as connection:
            current = migrate.is_current(connection)
        if not current:
            with database.write() as connection:
                migrate.upgrade(connection)
    except BaseException:
        database.close()
        raise
    return Store(database)

"""Moves the tables between revisions: forward by itself at every start, back when a release is taken back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.errors import InputError, StoreUnavailable
from core.services import audit
from core.services.access import Right, for_right

if TYPE_CHECKING:
    from core.services.center import CommandCenter
    from core.store.connect import Database


@dataclass(frozen=True, slots=True)
class Standing:
    """The revision of the tables (None: there are none), and all that this program knows, oldest first."""

    revision: str | None
    known: dict[str, str]


@for_right(Right.SETTINGS)
def standing(center: CommandCenter) -> Standing:
    """Where the tables stand; nothing is changed. Raises StoreUnavailable."""
    from core.store import migrate

    database = _database(center)
    try:
        with database.read() as connection:
            return Standing(migrate.current_revision(connection), migrate.revisions())
    finally:
        database.close()


@for_right(Right.SETTINGS)
def move_to(center: CommandCenter, revision: str) -> Standing:
    """Bring the tables to ``revision``, for a caller that holds the data folder; what newer ones added goes.

    Raises InputError for a revision that is not known, StoreUnavailable while others use the database.
    """
    from core.store import migrate
    from core.store.backup import others_connected
    from core.store.schema import HEAD

    known = list(migrate.revisions())
    if revision not in known:
        raise InputError(f"there is no revision {revision[:50]!r}; there are: {', '.join(known)}")
    before = standing(center)
    if before.revision is not None and before.revision not in known:
        raise StoreUnavailable(
            f"the tables are of revision {before.revision}, which a newer program made; go back with that one"
        )
    back = before.revision is not None and known.index(before.revision) > known.index(revision)
    if back and before.revision == HEAD:  # the note stays, unless the log itself goes
        audit.note(center, "tables taken back", "workspace", to=revision)
        center.close()
    database = _database(center)
    try:
        with database.write() as connection:
            if not database.sqlite and (others := others_connected(connection)):
                raise StoreUnavailable(
                    f"{others} other connections use the database {database.name}; stop what uses it"
                )
            (migrate.downgrade if back else migrate.upgrade)(connection, revision)
    finally:
        database.close()
    return standing(center)


def _database(center: CommandCenter) -> Database:
    from core.store.connect import Database

    return Database(center.settings.database_url)

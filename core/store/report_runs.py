"""Which scheduled report was made last, by whom, and how the last runs went: one report, however many servers."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from core.store import feed
from core.store.connect import Database

MOST_RUNS: Final = 20
LEASE: Final = timedelta(minutes=30)  # a server that has not finished by then is taken for dead
_TURN, _RUNS = "report_turn", "report_runs"


@dataclass(frozen=True, slots=True)
class ReportRun:
    """A report that was made, or could not be: ``files`` are their paths, ``problem`` is empty when all went well."""

    made_at: datetime
    by: str
    files: tuple[str, ...] = ()
    problem: str = ""


class ReportRuns:
    """Turns and runs of scheduled reports. Thread-safe; every method raises StoreUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def take(self, due: datetime, now: datetime) -> bool:
        """Whether the report that was due at ``due`` is still to be made, by this caller: True once over all processes.

        Whoever takes it calls ``finish``; without that it may be taken anew after half an hour. A report that was due
        more than half an hour ahead, by a clock that was wrong, counts as none.
        """
        with self._database.write() as connection:
            kept = feed.workspace_value(connection, _TURN)
            last = _last(kept, now)
            if isinstance(kept, dict) and last is not None:
                busy = kept["done"] or abs(now - datetime.fromisoformat(kept["taken_at"])) < LEASE
                if last > due or (last == due and busy):
                    return False
            feed.set_workspace_value(connection, _TURN, _turn(due, now, done=False))
        return True

    def finish(self, due: datetime, now: datetime) -> None:
        """The report that was due at ``due`` needs no more work, nor any due earlier."""
        with self._database.write() as connection:
            kept = feed.workspace_value(connection, _TURN)
            last = _last(kept, now)
            if last is None or last <= due:
                feed.set_workspace_value(connection, _TURN, _turn(due, now, done=True))

    def add(self, run: ReportRun) -> None:
        """Keep how a run went; the last 20 are kept."""
        told = {**asdict(run), "made_at": run.made_at.isoformat(), "files": list(run.files)}
        with self._database.write() as connection:
            kept = feed.workspace_value(connection, _RUNS)
            runs = kept if isinstance(kept, list) else []
            feed.set_workspace_value(connection, _RUNS, [told, *runs][:MOST_RUNS])

    def last(self) -> list[ReportRun]:
        """The last runs, newest first."""
        with self._database.read() as connection:
            kept = feed.workspace_value(connection, _RUNS)
        return [
            ReportRun(datetime.fromisoformat(one["made_at"]), one["by"], tuple(one["files"]), one["problem"])
            for one in (kept if isinstance(kept, list) else [])
        ]


def _last(kept: Any, now: datetime) -> datetime | None:
    """When the report of a turn was due; None where there is none, or none that can be."""
    due = datetime.fromisoformat(kept["due"]) if isinstance(kept, dict) else None
    return None if due is None or due - now > LEASE else due


def _turn(due: datetime, now: datetime, *, done: bool) -> dict[str, Any]:
    return {"due": due.isoformat(), "taken_at": now.isoformat(), "done": done}

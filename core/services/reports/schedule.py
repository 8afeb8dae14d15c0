"""The report that comes by itself: on a weekday at an hour of the team's clock, into a folder, the last ones kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from core.errors import InputError, JorgeError, StoreUnavailable
from core.leads import utc_now
from core.services import audit
from core.services.access import BY_SCHEDULE, Right, for_right
from core.services.reports.folder import check_folder, keep
from core.services.reports.making import FORMATS, as_file
from core.services.reports.order import ZONE, Order, zone_of
from core.services.running.repeated import Repeated
from core.store.report_runs import ReportRun

if TYPE_CHECKING:
    from core.services.center import CommandCenter

SCHEDULE: Final = "report_schedule"
WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MOST_KEPT: Final = 520
LOOK_S: Final = 60.0


@dataclass(frozen=True, slots=True)
class Schedule:
    """``weekday`` 0 is Monday, ``hour`` in [0, 23] on the clock of ``zone``; of each format ``keep`` files stay.

    Raises InputError for a value out of range.
    """

    folder: str
    weekday: int = 0
    hour: int = 7
    zone: str = "UTC"
    formats: tuple[str, ...] = tuple(FORMATS)
    keep: int = 12
    days: int = 7
    since: datetime = field(default_factory=utc_now)

    def __post_init__(self) -> None:
        zone_of(self.zone)
        for name, value, low, high in (
            ("weekday", self.weekday, 0, 6), ("hour", self.hour, 0, 23), ("keep", self.keep, 1, MOST_KEPT),
            ("days", self.days, 1, 366),
        ):  # fmt: skip
            if not low <= value <= high:
                raise InputError(f"{name} is {value}; must be from {low} to {high}")
        if not self.formats or not set(self.formats) <= set(FORMATS):
            raise InputError(f"formats are {list(self.formats)}; choose from {', '.join(FORMATS)}")

    def due(self, now: datetime) -> datetime:
        """When a report was last due, at or before ``now``, in UTC.

        >>> made = Schedule("/reports", weekday=0, hour=7, zone="America/Chicago")
        >>> made.due(datetime(2026, 11, 21, 12, tzinfo=UTC)).isoformat()  # a Saturday: Monday the 16th, 7:00 at UTC-6
        '2026-11-16T13:00:00+00:00'
        """
        zone = zone_of(self.zone)
        today = now.astimezone(zone).date()
        day = today - timedelta(days=(today.weekday() - self.weekday) % 7)
        at = datetime.combine(day, time(self.hour), zone).astimezone(UTC)
        if at > now:
            at = datetime.combine(day - timedelta(days=7), time(self.hour), zone).astimezone(UTC)
        return at

    def following(self, now: datetime) -> datetime:
        """When the next one is due, after ``now``, in UTC."""
        zone = zone_of(self.zone)
        last = self.due(now).astimezone(zone).date()
        return datetime.combine(last + timedelta(days=7), time(self.hour), zone).astimezone(UTC)


def schedule(center: CommandCenter) -> Schedule | None:
    """What is set; None when no report comes by itself."""
    kept = center.setting(SCHEDULE)
    if not isinstance(kept, dict):
        return None
    try:
        told = {**kept, "formats": tuple(kept["formats"]), "since": datetime.fromisoformat(kept["since"])}
        return Schedule(**told)
    except (InputError, KeyError, TypeError, ValueError):
        return None


@for_right(Right.SETTINGS)
def set_schedule(center: CommandCenter, wanted: Schedule | None) -> None:
    """Keep the schedule; None for none. The first report comes when it is next due.

    Raises InputError for a folder that cannot be written, StoreUnavailable.
    """
    if wanted is not None:
        check_folder(wanted.folder)
        center.set_setting(ZONE, wanted.zone)
    audit.set_and_note(center, SCHEDULE, None if wanted is None else _as_json(wanted))


def make_when_due(center: CommandCenter, now: datetime | None = None) -> ReportRun | None:
    """Make the report that is due, on one of several servers, once after a downtime of any length; None: nothing is.

    A fault is noted and told on the page of reports.
    """
    wanted, moment = schedule(center), now or utc_now()
    if wanted is None:
        return None
    due = wanted.due(moment)
    if due < wanted.since or not center.store.reports.take(due, moment):
        return None
    run = make(center.acting_as(BY_SCHEDULE), wanted, moment)
    center.store.reports.finish(due, moment)
    return run


class ReportWork(Repeated):
    """Makes each report when it is due, in a thread from ``start`` to ``close``; any number of servers may run one."""

    what = "The report that comes by itself"

    def __init__(self, center: CommandCenter, look_s: float = LOOK_S) -> None:
        super().__init__(look_s)
        self._center = center

    def _turn(self) -> None:
        make_when_due(self._center)


@for_right(Right.MONEY)
def make(center: CommandCenter, wanted: Schedule, now: datetime) -> ReportRun:
    """Make the report now and keep how it went. Raises StoreUnavailable when that cannot even be noted."""
    by = center.actor.name
    try:
        run = ReportRun(now, by, *_written(center, wanted, now))
    except StoreUnavailable:
        raise  # taken anew when the database is back
    except JorgeError as error:
        run = ReportRun(now, by, (), str(error))
    except Exception as error:
        run = ReportRun(now, by, (), f"The report failed with {type(error).__name__}.")
    center.store.reports.add(run)
    audit.note(center, "report made", "report", files=len(run.files), problem=run.problem)
    return run


@for_right(Right.MONEY)
def last_runs(center: CommandCenter) -> Sequence[ReportRun]:
    """How the last reports went that came by themselves or by "Run now", newest first. Raises StoreUnavailable."""
    return center.store.reports.last()


def _written(center: CommandCenter, wanted: Schedule, now: datetime) -> tuple[tuple[str, ...], str]:
    """The files that were written, and what went wrong with the folder; then they lie in the data folder instead."""
    from core.services.reports.gather import gather

    zone = zone_of(wanted.zone)
    report = gather(center, Order(now, wanted.days, zone=zone))
    files = {kind: as_file(report, kind) for kind in wanted.formats}
    stem = f"{now.astimezone(zone):%Y-%m-%d-%H%M}"
    try:
        return keep(Path(wanted.folder), stem, files, wanted.keep), ""
    except OSError as error:
        spare = center.data_dir / "reports"
        told = f"{wanted.folder} cannot be written ({error.strerror}); choose another folder, or make it writable."
        return keep(spare, stem, files, wanted.keep), f"{told} Meanwhile the report lies in {spare}."


def _as_json(wanted: Schedule) -> dict[str, Any]:
    return {
        "folder": wanted.folder, "weekday": wanted.weekday, "hour": wanted.hour, "zone": wanted.zone,
        "formats": list(wanted.formats), "keep": wanted.keep, "days": wanted.days, "since": wanted.since.isoformat(),
    }  # fmt: skip

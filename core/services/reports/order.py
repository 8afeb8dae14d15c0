"""What a report shall hold: days, leads, parts, and whose clock its days are on."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from core.errors import InputError
from core.store import LeadFilter

if TYPE_CHECKING:
    from core.services.center import CommandCenter

DAYS: Final = (7, 14, 30)
ZONE: Final = "team_zone"


class Part(StrEnum):
    """A part of the report, in its order."""

    CAME_IN = "came in"
    HOT = "hot leads"
    ANSWERS = "answers"
    MOVED = "what moved"
    FORECAST = "forecast"
    GOALS = "goals"
    ALARMS = "alarms"
    TESTS = "tests"
    MODEL = "model"


@dataclass(frozen=True)
class Order:
    """A report on ``days`` whole days before the day of ``now`` (aware) on the clock of ``zone``.

    The period of ``wanted`` is left aside; its other filters choose the leads. Raises InputError for days out of range.
    """

    now: datetime
    days: int = 7
    wanted: LeadFilter = field(default_factory=LeadFilter)
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    parts: tuple[Part, ...] = tuple(Part)

    def __post_init__(self) -> None:
        if not 1 <= self.days <= 366:
            raise InputError(f"days is {self.days}; must be from 1 to 366")

    @cached_property
    def selection(self) -> LeadFilter:
        """The leads of the report, whenever they came in."""
        return replace(self.wanted, created_from=None, created_to=None)

    @cached_property
    def last_day(self) -> date:
        """The last whole day."""
        return self.now.astimezone(self.zone).date() - timedelta(days=1)

    @cached_property
    def first_day(self) -> date:
        """The first day."""
        return self.last_day - timedelta(days=self.days - 1)

    @property
    def start(self) -> datetime:
        """When the first day began."""
        return self._midnight(self.first_day)

    @property
    def end(self) -> datetime:
        """When the last day ended."""
        return self._midnight(self.last_day + timedelta(days=1))

    @property
    def before(self) -> datetime:
        """When the period before began, of as many days."""
        return self._midnight(self.first_day - timedelta(days=self.days))

    @property
    def span(self) -> str:
        """How the period is called."""
        return "week" if self.days == 7 else f"{self.days} days"

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), self.zone)


def zone_of(name: str) -> ZoneInfo:
    """A zone by its name, such as America/Chicago. Raises InputError for a name that is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise InputError(f"zone is {name[:60]!r}; must be a name such as America/Chicago") from error


def kept_zone(center: CommandCenter) -> ZoneInfo | None:
    """The zone that the team has set for its reports; None where it has set none."""
    return team_zone(center) if isinstance(center.setting(ZONE), str) else None


def team_zone(center: CommandCenter, otherwise: str = "UTC") -> ZoneInfo:
    """The zone that the team has set for its reports, else ``otherwise``."""
    kept = center.setting(ZONE)
    try:
        return zone_of(kept if isinstance(kept, str) else otherwise)
    except InputError:
        return ZoneInfo("UTC")

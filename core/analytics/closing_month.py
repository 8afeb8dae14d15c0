"""In which month an open lead is expected to close: a rule, not a forecast.

A lead is expected to close as long after it reached its stage as half of the team's own closings took from there. A
lead that has waited longer is past its usual time: for it the rule says nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from core.leads import OPEN_STAGES, Stage, Waiting

FEWEST_FOR_A_WAIT: Final = 6  # of fewer, not even their whole range holds the true median 95 times in 100
MONTHS: Final = 12
PAST, LATER, UNKNOWN = "past", "later", "unknown"


@dataclass(frozen=True, slots=True)
class UsualWait:
    """The median ``days`` from reaching a stage to the closing, of ``closings`` of the team's own."""

    days: float
    closings: int

    @property
    def known(self) -> bool:
        """Whether the closings are enough to go by."""
        return self.closings >= FEWEST_FOR_A_WAIT


@dataclass(frozen=True, slots=True)
class ClosingMonth:
    """The open leads expected to close in one month.

    ``key`` is ``"2026-11"``, ``"past"`` (past the usual time), ``"later"`` (after the twelfth month) or ``"unknown"``.
    """

    key: str
    waiting: tuple[Waiting, ...]


def closing_months(waits: Mapping[Stage, UsualWait], today: date) -> tuple[ClosingMonth, ...]:
    """What each expected month is made of; every open lead stands in exactly one. Months are those of UTC.

    >>> months = closing_months({Stage.CONTRACT: UsualWait(30, 40)}, date(2026, 11, 21))
    >>> months[1].key, months[1].waiting[0].since_to.date().isoformat()  # December 1 less 30 days
    ('2026-11', '2026-11-01')
    """
    known = {stage: timedelta(days=waits[stage].days) for stage in OPEN_STAGES if stage in waits and waits[stage].known}
    firsts = [_midnight(_month(today, ahead)) for ahead in range(MONTHS + 1)]
    edges = [_midnight(today), *firsts[1:]]
    months = [ClosingMonth(PAST, tuple(Waiting(stage, None, edges[0] - wait) for stage, wait in known.items()))]
    for first, start, end in zip(firsts, edges, edges[1:], strict=False):
        waiting = tuple(Waiting(stage, start - wait, end - wait) for stage, wait in known.items())
        months.append(ClosingMonth(f"{first:%Y-%m}", waiting))
    months.append(ClosingMonth(LATER, tuple(Waiting(stage, edges[-1] - wait) for stage, wait in known.items())))
    unknown = tuple(Waiting(stage, undated=stage in known) for stage in OPEN_STAGES)
    return (*months, ClosingMonth(UNKNOWN, unknown))


def _month(today: date, ahead: int) -> date:
    years, month = divmod(today.month - 1 + ahead, 12)
    return date(today.year + years, month + 1, 1)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)

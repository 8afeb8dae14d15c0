"""How asking goes at the moment; the server is told, for its screens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.leads import utc_now
from core.services.escalations.budget import goes_on_at
from core.store.opinions import Reservation


class DeskState(StrEnum):
    """Whether Claude is being asked, and if not, why."""

    OFF = "off"
    ASKING = "asking"
    DAY_SPENT = "day"
    MONTH_SPENT = "month"
    CIRCUIT_OPEN = "circuit"


@dataclass(slots=True)
class State:
    """``until`` is when asking goes on by itself; ``problem`` the last thing that went wrong on our side."""

    now: DeskState = DeskState.OFF
    why: str = ""
    until: datetime | None = None
    problem: str | None = None

    def is_now(self, state: DeskState, why: str = "", until: datetime | None = None) -> None:
        """Change it."""
        self.now, self.why, self.until = state, why, until

    def spent(self, which: Reservation) -> None:
        """A budget has no room for the next question."""
        name = "day's" if which is Reservation.DAY_SPENT else "month's"
        until = goes_on_at(which, utc_now())
        self.is_now(DeskState(which.value), f"The {name} budget has no room for the next question.", until)

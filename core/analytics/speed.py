"""How soon a team answers: the share of all leads that were answered by each age.

Who signed or was lost before an answer can have none any more, but stays among the leads. As it is known how long each
lead has been here, such a lead is watched until now without an answer; so Kaplan and Meier's estimate tells the share
of all leads, the ends being competing ones, and not of those alone that would have stayed open (Fine and Gray 1999,
J. Am. Stat. Assoc. 94, 496-509, section 3.1).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.analytics.kaplan_meier import HappenedByAge, happened_by_age
from core.analytics.survival import Array

WITHIN_HOURS: Final = (5 / 60, 1.0, 24.0)


@dataclass(frozen=True, slots=True, eq=False)
class Waits:
    """Leads with the hours until their first answer or, unless ``answered``, those that they have been here."""

    hours: Array  # shape (leads,)
    answered: NDArray[np.bool_]  # shape (leads,), False too where the lead signed or was lost first

    def __len__(self) -> int:
        return len(self.hours)

    def of(self, chosen: NDArray[np.bool_]) -> Waits:
        """Those of the leads that ``chosen``, shape (leads,), names."""
        return Waits(self.hours[chosen], self.answered[chosen])


@dataclass(frozen=True, slots=True)
class Speed:
    """How soon ``leads`` were answered. Hours are None where fewer than that share of them were ever answered.

    ``median`` and ``ninth`` are the hours by which half and nine in ten of all were answered, ``within`` the shares of
    all answered within five minutes, an hour and a day; who still waits counts for as long as it has waited.
    ``median_low`` and ``median_high`` bound the median at 95 %. ``never`` had no answer until their end or now.
    """

    leads: int
    never: int
    median: float | None
    median_low: float | None
    median_high: float | None
    ninth: float | None
    within: tuple[float, ...]


def waits_of(arrived: Array, answered: Array, ended: Array, now: float) -> Waits:
    """Waits from moments in days, NaN for what has not happened; an answer after the lead's end is none.

    >>> found = waits_of(np.zeros(3), np.array([0.5, 3.0, np.nan]), np.array([2.0, 1.0, np.nan]), 4.0)
    >>> found.hours.tolist(), found.answered.tolist()
    ([12.0, 96.0, 96.0], [True, False, False])
    """
    happened = answered <= np.fmin(ended, now)
    days = np.where(happened, answered, now) - arrived
    return Waits(24.0 * np.maximum(days, 0.0), happened)


def speed_of(waits: Waits) -> Speed:
    """How soon these leads were answered.

    Of four leads one is answered after 1 hour, one after 3, one is watched for 2 hours, one for 10 and never answered:
    1/4 by hour 1; two are left at hour 3, so that half of the other three quarters follow: 5/8.

    >>> speed = speed_of(Waits(np.array([1.0, 3.0, 2.0, 10.0]), np.array([True, True, False, False])))
    >>> speed.median, speed.ninth, speed.within, speed.never
    (3.0, None, (0.0, 0.25, 0.625), 2)
    """
    curve: HappenedByAge = happened_by_age(waits.hours, waits.answered)
    low, high = curve.age_interval(0.5)
    return Speed(
        leads=len(waits),
        never=len(waits) - curve.events,
        median=curve.age_of(0.5),
        median_low=low,
        median_high=high,
        ninth=curve.age_of(0.9),
        within=tuple(curve.by(hours) for hours in WITHIN_HOURS),
    )

"""What became of the leads that reached each stage: how many went on, how soon, and where the others left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.analytics.stage_ways import LAST, Segments, StageWays
from core.analytics.survival import Array, EndsByAge, ends_by_age

FEWEST_TIMED: Final = 5
USUAL: Final = 0.9
NEARLY_ALL: Final = 0.95
MOST_DAYS: Final = 180


@dataclass(frozen=True, slots=True)
class Step:
    """The leads that reached a stage: ``went_on`` to a later one, were ``lost`` there, or stand there ``open``.

    ``stuck`` are open for longer than nine in ten of those who went on took (``usual_days``). ``median_days`` is the
    time in which half of those who go on have done so, None with fewer than five of them; ``ever`` the share that goes
    on in the end. Both count open leads as open and losses as losses. ``untimed`` leads have no dates for it.
    """

    reached: int
    went_on: int
    lost: int
    open: int
    stuck: int
    untimed: int
    median_days: float | None
    usual_days: float | None
    ever: float | None

    @property
    def settled(self) -> int:
        """The leads that no longer stand there."""
        return self.went_on + self.lost


def steps(ways: StageWays, now: float, chosen: NDArray[np.bool_] | None = None) -> tuple[Step, ...]:
    """The four steps of the ``chosen`` leads (None: of all), as of day ``now``.

    >>> from core.analytics.stage_ways import stage_ways
    >>> first = np.array([[0.0, 0, 0], [2, 4, np.nan], [np.nan] * 3, [np.nan] * 3, [np.nan] * 3])
    >>> now = ["qualified", "lost", "generated"]
    >>> found = stage_ways("abc", first, now, np.array([np.nan, 9, np.nan]), first[4], {})
    >>> [(step.reached, step.went_on, step.lost, step.open) for step in steps(found, 30.0)[:2]]
    [(3, 2, 0, 1), (2, 0, 1, 1)]
    """
    mine = np.ones(len(ways), dtype=bool) if chosen is None else chosen
    return tuple(_step(ways, now, mine, place) for place in range(LAST))


def settling_days(ways: StageWays, now: float) -> tuple[int, ...]:
    """For each stage the days in which 95 % of those that leave it (so far) have left, forward or lost; at most 180.

    Leads go on sooner than they are lost, so among the young ones that have left a stage too many went on. 0 days where
    fewer than five are known to have left.

    >>> from core.analytics.stage_ways import stage_ways
    >>> first = np.vstack((np.zeros(20), [1.5] * 10 + [np.nan] * 10, np.full((3, 20), np.nan)))
    >>> lost_at = np.array([np.nan] * 10 + [30.5] * 10)
    >>> settling_days(stage_ways("a" * 20, first, ["qualified"] * 10 + ["lost"] * 10, lost_at, first[4], {}), 99.0)
    (31, 0, 0, 0)
    """
    everyone = np.ones(len(ways), dtype=bool)
    found = []
    for place in range(LAST):
        still, age, timed = _still(ways, now, everyone, place)
        left = timed & ~still
        times = ends_by_age(age[timed], left[timed], np.zeros(int(timed.sum()), dtype=bool))
        enough = times.events >= FEWEST_TIMED
        found.append(min(MOST_DAYS, int(np.ceil(time_of(times, NEARLY_ALL)))) if enough else 0)
    return tuple(found)


def reached_before(ways: StageWays, now: float, days: Sequence[int]) -> NDArray[np.bool_]:
    """Which leads reached each stage at least so many ``days`` ago, of shape (4, leads).

    Where nobody dated the stage the arrival counts; who has no date at all is left out.

    >>> from core.analytics.stage_ways import stage_ways
    >>> first = np.vstack(([0.0, 0, np.nan], [2, np.nan, np.nan], np.full((3, 3), np.nan)))
    >>> ways = stage_ways("abc", first, ["qualified"] * 3, np.full(3, np.nan), first[4], {})
    >>> reached_before(ways, 30.0, (30, 29, 0, 0))[:2].tolist()
    [[True, True, False], [False, True, False]]
    """
    at = np.where(np.isnan(ways.at[:LAST]), ways.at[0], ways.at[:LAST])
    return np.asarray(now - at >= np.array(days, dtype=float)[:, None])


def by_segment(ways: StageWays, segments: Segments, counted: NDArray[np.bool_] | None = None) -> tuple[Array, Array]:
    """How many of each group went on from each stage, and how many were settled there: both of shape (groups, 4).

    ``counted`` of shape (4, leads) names the leads that count at each stage; None: all.
    """
    groups = len(segments.names)
    whom = np.ones((LAST, len(ways)), dtype=bool) if counted is None else counted
    on, settled = np.zeros((groups, LAST)), np.zeros((groups, LAST))
    for place in range(LAST):
        went_on = whom[place] & (ways.furthest > place)
        left = went_on | (whom[place] & ways.lost & (ways.furthest == place))
        on[:, place] = np.bincount(segments.code[went_on], minlength=groups)
        settled[:, place] = np.bincount(segments.code[left], minlength=groups)
    return on, settled


def standing(ways: StageWays, now: float) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which leads are open, and which of them are stuck where they stand, each of shape (leads,), as ``steps`` counts.

    >>> from core.analytics.stage_ways import stage_ways
    >>> first = np.vstack((np.zeros(7), [1.0] * 5 + [np.nan] * 2, np.full((3, 7), np.nan)))
    >>> first[0, 5] = 29.5
    >>> ways = stage_ways("abcdefg", first, ["qualified"] * 5 + ["generated"] * 2, np.full(7, np.nan), first[4], {})
    >>> opened, stuck = standing(ways, 30.0)
    >>> int(opened.sum()), np.flatnonzero(stuck).tolist()
    (7, [6])
    """
    opened, stuck = np.zeros(len(ways), dtype=bool), np.zeros(len(ways), dtype=bool)
    everyone = np.ones(len(ways), dtype=bool)
    for place in range(LAST):
        step = _step(ways, now, everyone, place)
        still, age, timed = _still(ways, now, everyone, place)
        opened |= still
        if step.usual_days is not None:
            stuck |= still & timed & (age > step.usual_days)
    return opened, stuck


def _still(
    ways: StageWays, now: float, mine: NDArray[np.bool_], place: int
) -> tuple[NDArray[np.bool_], Array, NDArray[np.bool_]]:
    """Who stands open in a stage; days that each spent there, or has so far; and of whom these are known."""
    went_on = mine & (ways.furthest > place)
    reached = mine & (ways.furthest >= place)
    lost = reached & ~went_on & ways.lost
    # Who came within this very hour has been here for no time.
    end = np.where(went_on, ways.at[place + 1], np.where(lost, ways.lost_at, np.fmax(now, ways.at[place])))
    age = end - ways.at[place]
    return reached & ~went_on & ~ways.lost, age, reached & ways.told[place] & ~np.isnan(age)


def _step(ways: StageWays, now: float, mine: NDArray[np.bool_], place: int) -> Step:
    reached = mine & (ways.furthest >= place)
    went_on = mine & (ways.furthest > place)
    lost = reached & ~went_on & ways.lost
    still, age, timed = _still(ways, now, mine, place)
    times = ends_by_age(age[timed], went_on[timed], lost[timed])
    enough = times.events >= FEWEST_TIMED
    usual = time_of(times, USUAL) if enough else None
    return Step(
        reached=int(reached.sum()),
        went_on=int(went_on.sum()),
        lost=int(lost.sum()),
        open=int(still.sum()),
        stuck=0 if usual is None else int((still & timed & (age > usual)).sum()),
        untimed=int((reached & ~timed).sum()),
        median_days=time_of(times, 0.5) if enough else None,
        usual_days=usual,
        ever=times.ever if enough else None,
    )


def time_of(times: EndsByAge, share: float) -> float:
    """Days by which ``share`` of all wanted ends have happened, linear within the day.

    >>> round(time_of(ends_by_age(np.array([0.5, 1.5, 2.5, 3.5]), np.full(4, True), np.full(4, False)), 0.5), 6)
    2.0
    """
    goal = share * times.ever
    day = max(1, int(np.searchsorted(times.wanted, goal - 1e-12)))
    before, after = float(times.wanted[day - 1]), float(times.wanted[day])
    return day - 1 + (goal - before) / (after - before) if after > before else float(day)

"""How far the goals are reached."""

from __future__ import annotations

from core.analytics.pace import Pace, period_of
from core.services.commission.commission_plans import Goal
from core.services.commission.pipeline import Pipeline
from core.words import dollars, month_words

TEAM = "The whole team"


def pace_of(found: Pipeline, goal: Goal) -> tuple[Pace, int]:
    """How far a goal is reached, and by how many closings."""
    start_on, end_on = period_of(goal.period)
    closings, closed_usd = found.closed_usd(goal.agent, start_on, end_on)
    return Pace(goal.gci_usd, closed_usd, start_on, end_on, found.today), closings


def period_words(period: str) -> str:
    """The year, the quarter or the month of a goal.

    >>> period_words("2026"), period_words("2026-Q4"), period_words("2026-11")
    ('2026', 'Q4 2026', 'Nov 2026')
    """
    year, _, part = period.partition("-")
    if part.startswith("Q"):
        return f"{part} {year}"
    return month_words(period_of(period)[0]) if part else year


def pace_words(goal: Goal, pace: Pace) -> str:
    """Where a goal stands, in a sentence."""
    ahead = "ahead of" if pace.ahead_usd >= 0 else "behind"
    return (
        f"{goal.agent or TEAM}, {period_words(goal.period)}: {dollars(pace.closed_usd)} of {dollars(pace.goal_usd)} "
        f"closed, {dollars(abs(pace.ahead_usd))} {ahead} an even pace, {pace.days_gone} of {pace.days} days gone."
    )

"""How far the goals are reached."""

from __future__ import annotations

from core.analytics.pace import Pace, period_of
from core.services.commission.commission_plans import Goal
from core.services.commission.pipeline import Pipeline
from core.words import month_words

TEAM = "The whole team"


def pace_of(found: Pipeline, goal: Goal) -> tuple[Pace, int]:
    """How far a goal is reached, and by how many closings."""
    start_on, end_on = period_of(goal.period)
    closings, closed_usd = found.closed_usd(goal.agent, start_on, end_on)
    return Pace(goal.gci_usd, closed_usd, start_on, end_on, found.today), closings


def period_words(period: str) -> str:
    """The year or the month of a goal.

    >>> period_words("2026"), period_words("2026-11")
    ('2026', 'Nov 2026')
    """
    return month_words(period_of(period)[0]) if "-" in period else period


def pace_words(goal: Goal, pace: Pace) -> str:
    """Where a goal stands, in a sentence."""
    ahead = "ahead of" if pace.ahead_usd >= 0 else "behind"
    return (
        f"{goal.agent or TEAM}, {period_words(goal.period)}: ${pace.closed_usd:,.0f} of ${pace.goal_usd:,.0f} closed, "
        f"${abs(pace.ahead_usd):,.0f} {ahead} an even pace, {pace.days_gone} of {pace.days} days gone."
    )

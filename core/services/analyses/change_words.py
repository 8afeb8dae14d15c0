"""An anomaly in words."""

from __future__ import annotations

from core.analytics.anomalies import DRIED_UP, JUNK, RECENT_DAYS, Change
from core.words import counted, duration


def headline(change: Change) -> str:
    """What has changed, and where."""
    return {DRIED_UP: f"{change.where} has dried up", JUNK: f"{change.where} sends junk"}.get(
        change.kind, f"{change.where} answers later"
    )


def detail(change: Change) -> str:
    """Now against the usual, with the number of leads."""
    if change.kind == DRIED_UP:
        return f"{counted(round(change.recent), 'lead')} in {RECENT_DAYS} days; {change.usual:.1f} are usual."
    if change.kind == JUNK:
        leads = counted(change.n, "lead")
        return f"{100 * change.recent:.0f} % of {leads} scored under 1; {100 * change.usual:.0f} % are usual."
    return (
        f"{duration(change.recent)} until the first answer (median of {counted(change.n, 'lead')}); "
        f"{duration(change.usual)} is usual."
    )

"""An anomaly in words."""

from __future__ import annotations

from core.analytics.anomalies import DRIED_UP, JUNK, RECENT_DAYS, Change


def headline(change: Change) -> str:
    """What has changed, and where."""
    return {DRIED_UP: f"{change.where} has dried up", JUNK: f"{change.where} sends junk"}.get(
        change.kind, f"{change.where} answers later"
    )


def detail(change: Change) -> str:
    """Now against the usual, with the number of leads."""
    if change.kind == DRIED_UP:
        return f"{change.recent:.0f} leads in {RECENT_DAYS} days; {change.usual:.1f} are usual."
    if change.kind == JUNK:
        return f"{100 * change.recent:.0f} % of {change.n} leads scored under 1; {100 * change.usual:.0f} % are usual."
    return (
        f"{change.recent:.1f} hours until the first answer (median of {change.n} leads); {change.usual:.1f} are usual."
    )

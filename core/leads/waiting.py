"""Leads that stand in a stage since some time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core.leads.outcome import Stage


@dataclass(frozen=True, slots=True)
class Waiting:
    """Leads that stand in ``stage`` since a moment in [since_from, since_to), or ``undated``: nobody told since when.

    Without bounds every lead of the stage.
    """

    stage: Stage
    since_from: datetime | None = None
    since_to: datetime | None = None
    undated: bool = False

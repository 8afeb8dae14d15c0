"""How the workspace stands at this moment, for whoever watches over it; what is not known has no value."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.errors import JorgeError
from core.services import health
from core.services.model.model_alerts import turned_away

if TYPE_CHECKING:
    from core.services.center import CommandCenter


@dataclass(frozen=True, slots=True)
class Gauge:
    """One measure; ``values`` by the value of its ``label``, by "" where it has none."""

    name: str
    told: str
    label: str
    values: Mapping[str, float]


def gauges(center: CommandCenter) -> list[Gauge]:
    """All of them; takes as long as the slowest dependency, at most half a second."""
    checks = health.checks(center)["checks"]
    up = {name: float(check["status"] == health.HEALTHY) for name, check in checks.items() if name != "claude"}
    return [
        Gauge("jorge_dependency_up", "1 while a dependency answers this process, else 0", "dependency", up),
        Gauge("jorge_feed_behind_events", "Stored events that this process has not handed on yet", "", _behind(center)),
        Gauge("jorge_model_findings", "Findings that the model or its leads have changed", "", _findings(center)),
        Gauge("jorge_claude_budget_used_ratio", "Share of a budget spent or set aside", "budget", _used(center)),
    ]


def _behind(center: CommandCenter) -> dict[str, float]:
    feed = center.feed
    with suppress(JorgeError):
        if feed is not None:
            return {"": float(max(0, center.store.last_feed_seq() - feed.hub.position))}
    return {}


def _findings(center: CommandCenter) -> dict[str, float]:
    with suppress(JorgeError):
        return {"": float(len(turned_away(center)))}
    return {}


def _used(center: CommandCenter) -> dict[str, float]:
    from core.services.escalations import budget

    with suppress(JorgeError):
        limits, spent = budget.limits(center), center.store.opinions.spending()
        parts = {
            "day": (spent.day_micro_usd, limits.day_micro_usd),
            "month": (spent.month_micro_usd, limits.month_micro_usd),
        }
        return {name: part / whole for name, (part, whole) in parts.items() if whole}
    return {}

"""The leads of the last months against those that the model was measured on."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from core.leads import utc_now
from core.monitoring.drift import FEWEST, Drift, drift
from core.monitoring.reference import Reference

if TYPE_CHECKING:
    from core.services.center import CommandCenter
    from core.services.model.model_registry import ModelRegistry

DAYS: Final = 90
MOST: Final = 5_000


def lead_drift(center: CommandCenter) -> Drift | None:
    """Leads of the last 90 days, held against the champion's reference.

    A lead counts once, as it stood at its drawn moment (``core.store.figures.drawn``), like those of the reference: a
    lead's first minutes held against the third week of others would always look like another market. None for a model
    that was registered without a reference.
    Raises ModelUnavailable, ModelRefused, StoreUnavailable.
    """
    reference = reference_of_version(center.registry, center.model.version)
    return None if reference is None else _look(center, reference, utc_now())


def drift_as_json(found: Drift | None) -> dict[str, Any] | None:
    """For another program; None when there is no reference to hold the leads against."""
    if found is None:
        return None
    return {
        "reference_leads": found.then,
        "current_leads": found.now,
        "window_days": DAYS,
        "verdict": "too few to tell" if found.too_few else "changed" if found.changed else "steady",
        "fewest_leads": FEWEST,
        "features": [
            {
                "feature": one.name,
                "psi": round(one.psi, 4),
                "test": one.test,
                "p_value": one.chance,
                "changed": one.changed,
            }
            for one in found.shifts
        ],
    }


@lru_cache(maxsize=4)
def reference_of_version(registry: ModelRegistry, version: str) -> Reference | None:
    """The leads that ``version`` was measured on; a version never changes, so they are read once."""
    return registry.reference(version)


def _look(center: CommandCenter, reference: Reference, now: datetime) -> Drift:
    current = center.store.shadow.standing(now - timedelta(days=DAYS), now, MOST)
    if not current.total:
        return drift(reference, current.features, current.probability)
    return drift(reference, current.features, center.model.score_many(current.features, explain=False).probability)

"""Whether what the model said of the team's own leads came true, and what that asks for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from core.leads import utc_now
from core.monitoring.drift import Drift
from core.monitoring.findings import Finding, Measured, findings
from core.monitoring.live import Live, live
from core.services.model.drift import lead_drift
from core.training.quality import roc_auc

if TYPE_CHECKING:
    from core.scoring import Holdout
    from core.services.center import CommandCenter

DAYS: Final = 365
WAIT_DAYS: Final = 60
WAIT: Final = timedelta(days=WAIT_DAYS)
FRESH_S: Final = 30.0


@dataclass(frozen=True, slots=True)
class LiveQuality:
    """``live`` is measured on leads that ``version`` scored between a year and 60 days ago and that are decided.

    One score a lead, that of its drawn moment (``core.store.figures.drawn``). Younger ones are left out: leads decided
    within days are not like the rest. ``still_open`` others of that time are not decided yet; while they are many, what
    is measured is not the whole. ``live`` is None when nothing is decided.
    """

    version: str
    live: Live | None
    still_open: int
    drift: Drift | None
    findings: tuple[Finding, Finding, Finding]


def live_quality(center: CommandCenter, fresh_s: float = FRESH_S) -> LiveQuality:
    """Measure the champion on the store's outcomes, at most ``fresh_s`` seconds ago.

    Raises ModelUnavailable, ModelRefused, StoreUnavailable.
    """
    return center.kept.for_a_while(fresh_s, ("live quality", center.model.version), lambda: _measured(center))


def _measured(center: CommandCenter) -> LiveQuality:
    model, now = center.model, utc_now()
    since, until = now - timedelta(days=DAYS), now - WAIT
    stood = center.store.shadow.decided(since, until, or_open=True)
    own = stood.rows(stood.model_version == model.version)
    decided, waiting = own.rows(~own.open), own.rows(own.open)
    found, shifted = live(decided.probability, decided.converted, waiting.probability), lead_drift(center)
    return LiveQuality(
        version=model.version,
        live=found,
        still_open=len(waiting),
        drift=shifted,
        findings=findings(shifted, found, _held_out(model.holdout)),
    )


def _held_out(holdout: Holdout) -> Measured | None:
    converted = int(holdout.converted.sum())
    if not 0 < converted < len(holdout.converted):
        return None
    order = roc_auc(holdout.probability, holdout.converted)
    return Measured(order, converted, len(holdout.converted) - converted)

"""What a team has set: the threshold, the edges of the tiers, its commission rate, whether the leads are samples."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from core.errors import InputError
from core.scoring import Selective, TierEdges, answered_alone
from core.services.access import Right, for_right
from core.services.audit import set_and_note

if TYPE_CHECKING:
    from core.scoring.model import ScoringModel
    from core.services.center import CommandCenter

LOWEST_THRESHOLD, HIGHEST_THRESHOLD = 0.50, 0.99
HIGHEST_RATE = Decimal("0.2")
THRESHOLD, TIER_EDGES, COMMISSION_RATE, IS_SAMPLE = "threshold", "tier_edges", "commission_rate", "is_sample"
THRESHOLD_BY_SOURCE = "threshold_by_source"


@dataclass(frozen=True, slots=True)
class ThresholdEffect:
    """What a threshold does: of ``total`` scored leads ``to_claude`` fall below it and ``kept`` do not.

    ``selective`` is measured on the model's held-out leads, None when no model can be served.
    """

    to_claude: int
    kept: int
    total: int
    selective: Selective | None


def threshold(center: CommandCenter) -> float:
    """The confidence, in [0.50, 0.99], from which the model's answer stands."""
    kept = center.setting(THRESHOLD)
    return float(kept) if isinstance(kept, int | float) else center.settings.jorge_threshold


def threshold_by_source(center: CommandCenter) -> dict[str, float]:
    """The thresholds of lead sources that have one of their own, by source as it came in."""
    kept = center.setting(THRESHOLD_BY_SOURCE)
    return {source: float(value) for source, value in kept.items()} if isinstance(kept, dict) else {}


@for_right(Right.SETTINGS)
def set_threshold_by_source(center: CommandCenter, by_source: Mapping[str, float]) -> None:
    """Keep thresholds for some lead sources; the others have the workspace's. Raises InputError out of range."""
    for value in by_source.values():
        if not LOWEST_THRESHOLD <= value <= HIGHEST_THRESHOLD:
            raise InputError(f"threshold is {value}; must be from {LOWEST_THRESHOLD} to {HIGHEST_THRESHOLD}")
    own = {source: float(value) for source, value in by_source.items()}
    set_and_note(center, THRESHOLD_BY_SOURCE, own)


@for_right(Right.SETTINGS)
def set_threshold(center: CommandCenter, value: float) -> None:
    """Keep ``value`` for the workspace. Raises InputError outside [0.50, 0.99]."""
    if not LOWEST_THRESHOLD <= value <= HIGHEST_THRESHOLD:
        raise InputError(f"threshold is {value}; must be from {LOWEST_THRESHOLD} to {HIGHEST_THRESHOLD}")
    set_and_note(center, THRESHOLD, float(value))


def tier_edges(center: CommandCenter, model: ScoringModel | None = None) -> TierEdges:
    """The team's edges, else those of ``model`` (the champion unless told). Raises ModelUnavailable without either."""
    kept = center.setting(TIER_EDGES)
    if isinstance(kept, dict):
        return TierEdges(hot=float(kept["hot"]), warm=float(kept["warm"]))
    return (model or center.model).tier_edges


@for_right(Right.SETTINGS)
def set_tier_edges(center: CommandCenter, edges: TierEdges | None) -> None:
    """Keep the team's own edges; None goes back to the model's."""
    set_and_note(center, TIER_EDGES, None if edges is None else {"hot": edges.hot, "warm": edges.warm})


def commission_rate(center: CommandCenter) -> Decimal:
    """The team's share of a sale price, such as 0.06."""
    kept = center.setting(COMMISSION_RATE)
    return Decimal(str(kept if isinstance(kept, str) else center.settings.jorge_commission_rate))


@for_right(Right.SETTINGS)
def set_commission_rate(center: CommandCenter, rate: Decimal | float | str) -> None:
    """Keep a rate. Raises InputError unless it is above 0 and at most 0.2."""
    try:
        value = Decimal(str(rate))
    except InvalidOperation as error:
        raise InputError(f"commission rate is {rate!r}; must be a number such as 0.06") from error
    if not (value.is_finite() and 0 < value <= HIGHEST_RATE):
        raise InputError(f"commission rate is {rate}; must be above 0 and at most {HIGHEST_RATE}")
    set_and_note(center, COMMISSION_RATE, str(value))


def is_sample(center: CommandCenter) -> bool:
    """Whether the leads in the store are the sample's; every page then says so."""
    return center.setting(IS_SAMPLE) is True


def what_moves(center: CommandCenter, at: float) -> ThresholdEffect:
    """How many stored leads would go to Claude at threshold ``at``, and how often the model is right on the rest."""
    confidences = _confidences(center)
    to_claude = int(np.searchsorted(confidences, at, side="left"))
    return ThresholdEffect(
        to_claude=to_claude,
        kept=len(confidences) - to_claude,
        total=len(confidences),
        selective=selective(center, at),
    )


def _confidences(center: CommandCenter) -> NDArray[np.float64]:
    """Confidence of each lead's latest score as far as the actor sees them, ascending; read after a change."""
    whose = center.actor.seen_by
    return center.per_version(("confidences", whose), lambda: np.sort(center.store.confidences(whose)))


def selective(center: CommandCenter, at: float) -> Selective | None:
    """How often the model was right, on leads it did not learn from, where it was at least ``at`` sure."""
    model = center.model_or_none
    return None if model is None else answered_alone(model.holdout, at)

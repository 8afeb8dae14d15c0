"""What the model would say of a lead if something about it were otherwise. Nothing here is stored.

Every number is the model's own answer to the changed features, contributions included, calibrated as any score is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from math import isfinite
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from core.commission import estimate_commission
from core.errors import InputError
from core.features.catalog import CATALOG, INDEX, NAMES, UNKNOWN
from core.leads import LeadHistory, usd
from core.leads.money import MOST_USD
from core.scoring import Score, Scores, TierEdges
from core.services.lead.lead_money import LeadMoney, lead_money
from core.services.scores.answering import answering
from core.services.workspace import tier_edges
from core.store import StoredScore

if TYPE_CHECKING:
    from core.scoring.model import ScoringModel
    from core.services.center import CommandCenter

Features = NDArray[np.float32]
Changes = Mapping[str, float | None]
_BUDGET = INDEX["budget_midpoint_usd"]
TOUCHES, TOUCHES_7_DAYS = INDEX["interaction_count"], INDEX["interactions_last_7_days"]

_STOPS: Final[Mapping[str, tuple[float, ...]]] = {
    "hours": (0.1, 0.25, 0.5, 1, 1.5, 2, 3, 4, 6, 8, 12, 18, 24, 36, 48, 72, 120, 168),
    "days": (0, 1, 2, 3, 5, 7, 10, 14, 21, 30, 45, 60, 90, 120, 180, 270, 365),
    "share": tuple(step / 10 for step in range(11)),
    "usd": tuple(1_000.0 * k for k in (*range(100, 1_000, 50), *range(1_000, 2_000, 100), *range(2_000, 4_001, 250))),
    "characters": (0, 20, 40, 60, 80, 100, 120, 150, 200, 300, 500),
    "level": (0, 1, 2, 3),
    "count": (0, 1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30, 40),
}
_COUNTED_TO: Final = {
    "interaction_count": 40,
    "interactions_last_7_days": 20,
    "property_views": 30,
    "questions_asked": 30,
}
_FEW: Final = 10


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """One feature over what it may be, all else as in the scenario.

    ``values`` rise from UNKNOWN; ``scores`` stand beside them. ``at`` is the place of the value that the scenario has,
    ``present_at`` of the one that the lead really has.
    """

    feature: str
    values: tuple[float, ...]
    at: int
    present_at: int
    scores: Scores

    @property
    def swing(self) -> float:
        """How far the probability moves over all values, in [0, 1]."""
        return float(np.ptp(self.scores.probability))


@dataclass(frozen=True, slots=True, eq=False)
class Scenario:
    """A lead as it is (``present``) and as it would be (``changed``), both scored by the model that answers.

    ``money`` is None for a lead that is closed or lost. ``budget_usd`` is the budget of ``changed`` if it differs,
    to the cent, which its feature cannot hold.
    """

    model: ScoringModel
    edges: TierEdges
    history: LeadHistory
    stored: StoredScore
    area_median_usd: Decimal | None
    money: LeadMoney | None
    present: Score
    changed: Score
    budget_usd: Decimal | None = None

    @property
    def features(self) -> tuple[str, ...]:
        """What may be changed: the features that the model uses, but for those of protected traits."""
        used = set(self.model.feature_names)
        return tuple(item.name for item in CATALOG if item.name in used and not item.protected)

    def expected_commission(self, score: Score) -> Decimal | None:
        """Expected commission under ``score``; the sale price is the stored one unless the budget is another."""
        if self.money is None:
            return None
        stored, price_usd = self.stored, self.stored.sale_price_usd
        if self.budget_usd is not None and score.features[_BUDGET] == self.changed.features[_BUDGET]:
            price_usd = self.budget_usd
        elif score.features[_BUDGET] != self.present.features[_BUDGET]:
            priced = estimate_commission(
                self.history, score.features, stored.rate, self.area_median_usd, as_of=stored.scored_at
            )
            price_usd = priced.sale_price_usd
        return self.money.expected_usd(price_usd, score.closing_probability)

    def curves(self) -> tuple[Curve, ...]:
        """Every feature over all that it may be, scored in one call; what moves the probability most comes first."""
        if not self.features:  # the model rests on columns that only files bring
            return ()
        stops = [_stops(name, self.present.features, self.changed.features) for name in self.features]
        rows = np.stack(
            [
                with_value(self.changed.features, name, value)
                for name, values in zip(self.features, stops, strict=True)
                for value in values
            ]
        )
        scores = self.model.score_many(rows, self.edges)
        ends = np.cumsum([len(values) for values in stops])
        curves = [
            Curve(
                feature=name,
                values=values,
                at=values.index(float(self.changed.features[INDEX[name]])),
                present_at=values.index(float(self.present.features[INDEX[name]])),
                scores=_part(scores, slice(int(end) - len(values), int(end))),
            )
            for name, values, end in zip(self.features, stops, ends, strict=True)
        ]
        return tuple(sorted(curves, key=lambda curve: -curve.swing))


def scenario(
    center: CommandCenter, history: LeadHistory, stored: StoredScore, changes: Changes | None = None
) -> Scenario:
    """Score a lead as it was when ``stored`` was made, and again with ``changes`` (None: not known).

    Raises ModelUnavailable, ModelRefused, NotFound, and InputError for a feature or value that cannot be.
    """
    model = answering(center, history.lead.lead_id).model
    edges = tier_edges(center, model)
    features = np.full(len(NAMES), UNKNOWN, dtype=np.float32)
    features[: len(stored.score.features)] = stored.score.features  # the catalog may have grown since
    present = model.score(features, edges)
    area = history.lead.location_preference
    median = center.area_median_usd(area) if area else None
    money = lead_money(center, history.lead.lead_id)
    found = Scenario(model, edges, history, stored, median, money, present, present)
    row = features
    for name, value in (changes or {}).items():
        row = with_value(row, name, _checked(name, value, found.features))
    if not changes:
        return found
    budget = changes.get(NAMES[_BUDGET]) if row[_BUDGET] != features[_BUDGET] else None
    return replace(found, changed=model.score(row, edges), budget_usd=None if budget is None else _price(budget))


def _price(budget: float) -> Decimal | None:
    """A tried budget to the cent; None where it tells of no price that a home has."""
    return usd(budget) if 0 < budget <= MOST_USD else None


def _checked(name: str, value: float | None, may_change: tuple[str, ...]) -> float:
    if name not in may_change:
        raise InputError(f"{name!r} cannot be changed; must be one of {', '.join(may_change)}")
    if value is None:
        return UNKNOWN
    high = CATALOG[INDEX[name]].high
    if not (isfinite(value) and (0 <= value <= high or value == UNKNOWN)):
        raise InputError(f"{name} is {value}; must be from 0 to {high:g}, or not known")
    return float(value)


def with_value(features: Features, name: str, value: float) -> Features:
    """A copy with one value changed, and with it what cannot be without: touches of 7 days are among those of 90."""
    row = features.copy()
    row[INDEX[name]] = value
    if name == "interaction_count":
        row[TOUCHES_7_DAYS] = UNKNOWN if value == UNKNOWN else min(max(row[TOUCHES_7_DAYS], 0.0), value)
    elif name == "interactions_last_7_days":
        row[TOUCHES] = UNKNOWN if value == UNKNOWN else max(row[TOUCHES], value)
    return row


def _stops(name: str, *held: Features) -> tuple[float, ...]:
    """What a control for the feature stops at, rising: not known, round values, and those that it holds already."""
    feature = CATALOG[INDEX[name]]
    most = _COUNTED_TO.get(name, _FEW) if feature.unit == "count" else feature.high
    told = {value for value in _STOPS[feature.unit] if value <= most}
    exact = {float(np.float32(value)) for value in told} | {float(row[INDEX[name]]) for row in held}
    return tuple(sorted(exact | {UNKNOWN}))


def _part(scores: Scores, rows: slice) -> Scores:
    closing, in_time = scores.closing_probability, scores.timeline_probability
    return Scores(
        probability=scores.probability[rows],
        raw_probability=scores.raw_probability[rows],
        base_value=scores.base_value,
        contributions=scores.contributions[rows],
        features=scores.features[rows],
        closing_probability=None if closing is None else closing[rows],
        timeline_probability=None if in_time is None else in_time[rows],
        tier_edges=scores.tier_edges,
        model_version=scores.model_version,
    )

"""Leads, scores and commissions made by hand for the tests of the store."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import numpy as np

from core.commission.estimate import CommissionEstimate
from core.features.catalog import NAMES, UNKNOWN
from core.leads import Direction, Interaction, InteractionKind, Lead, LeadHistory
from core.scoring import Score, Tier
from core.scoring.scored import ScoredLead

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def at(minutes: float) -> datetime:
    """Minutes after noon of 2 March 2026."""
    return NOON + timedelta(minutes=minutes)


def touch(minutes: float = 0, text: str | None = "Hello", **more: Any) -> Interaction:
    """An e-mail of the lead."""
    told: dict[str, Any] = {"kind": InteractionKind.EMAIL, "direction": Direction.INBOUND, **more}
    return Interaction(occurred_at=at(minutes), text=text, **told)


def history(lead_id: str = "a", *interactions: Interaction, **fields: Any) -> LeadHistory:
    """A lead with these interactions."""
    return LeadHistory(lead=Lead(lead_id=lead_id, **fields), interactions=interactions)


def score(probability: float = 0.25, tier: Tier = Tier.WARM, version: str = "m1") -> Score:
    """A score whose contributions are all different, and that knows the first three features."""
    features = np.full(len(NAMES), UNKNOWN, dtype=np.float32)
    features[:3] = (2.5, 0.1, 7)
    return Score(
        probability=probability,
        raw_probability=probability / 3,
        confidence=max(probability, 1 - probability),
        tier=tier,
        base_value=0.125,
        contributions=np.arange(len(NAMES), dtype=np.float64) / 7,
        features=features,
        closing_probability=0.0625,
        timeline_probability=None,
        model_version=version,
    )


def scored(
    lead: LeadHistory | str = "a",
    probability: float = 0.25,
    tier: Tier = Tier.WARM,
    minutes: float = 0,
    *,
    escalated: bool = False,
    commission: Decimal | None = Decimal("37500.00"),
    reasons: tuple[str, ...] = ("Answers within 2 hours: raises the chance by 9 points",),
    via: str = "api",
    **fields: Any,
) -> ScoredLead:
    """A lead scored ``minutes`` after noon."""
    return ScoredLead(
        history=lead if isinstance(lead, LeadHistory) else history(lead, **fields),
        score=score(probability, tier),
        commission=CommissionEstimate(
            sale_price_usd=None if commission is None else Decimal("625000.00"),
            price_basis=None if commission is None else "stated budget",
            rate=Decimal("0.06"),
            commission_usd=commission,
        ),
        reasons=reasons,
        escalation_recommended=escalated,
        scored_at=at(minutes),
        via=via,
    )


def impossible(lead_id: str) -> ScoredLead:
    """A lead that passes every check before the database, which refuses it."""
    good = scored(lead_id)
    return replace(good, score=replace(good.score, base_value=None))  # type: ignore[arg-type]

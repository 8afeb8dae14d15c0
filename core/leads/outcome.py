"""Where a lead stands and what became of it."""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from core.leads.clock import UtcTime
from core.leads.money import Money
from core.leads.text import LeadId, Line


class Stage(StrEnum):
    """The funnel, in order; a lead is lost from any of the open stages."""

    GENERATED = "generated"
    QUALIFIED = "qualified"
    SHOWING = "showing"
    CONTRACT = "contract"
    CLOSED = "closed"
    LOST = "lost"


OPEN_STAGES = (Stage.GENERATED, Stage.QUALIFIED, Stage.SHOWING, Stage.CONTRACT)
DECIDED_STAGES = (Stage.CONTRACT, Stage.CLOSED, Stage.LOST)  # whether the lead signs is known


class Outcome(BaseModel):
    """A lead reached ``stage`` at ``occurred_at``; sale price and reason where they are known.

    A lead *converted* when it reached contract or closed (``Stage.CONTRACT``, ``Stage.CLOSED``).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    lead_id: LeadId
    stage: Stage
    occurred_at: UtcTime
    sale_price_usd: Money | None = None
    reason: Line | None = None

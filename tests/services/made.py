"""Leads as the tests send them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from core.leads import Interaction, InteractionKind, Lead, LeadHistory

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def told(lead_id: str = "ana", pre_approval: str | None = "Pre-approved", **fields: object) -> LeadHistory:
    """A lead with a budget of $500,000 to $750,000 whose loan is approved: the stump says 0.8."""
    lead = Lead(
        lead_id=lead_id,
        name=fields.pop("name", "Ana Lima"),
        price_min_usd=Decimal(500_000),
        price_max_usd=Decimal(750_000),
        pre_approval=pre_approval,
        **fields,
    )
    return LeadHistory(lead=lead)


def untold(lead_id: str = "bo", **fields: object) -> LeadHistory:
    """A lead of whom only the name is known: the stump says 0.1."""
    return LeadHistory(lead=Lead(lead_id=lead_id, name="Bo Reed", **fields))


def wrote(text: str, days_ago: float = 1.0, at: datetime = NOON) -> Interaction:
    """A message of the lead."""
    return Interaction(occurred_at=at - timedelta(days=days_ago), kind=InteractionKind.EMAIL, text=text)

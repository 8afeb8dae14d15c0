"""What the feed tells of a change: the payload of an outbox row, in the names that clients of the live feed know.

``event_id`` is missing here: it is the event's place in the feed, which is given later (``OutboxEvent.feed_seq``).
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from core.leads import Outcome

if TYPE_CHECKING:
    from core.scoring.scored import ScoredLead


def wire_time(moment: datetime) -> str:
    """ISO 8601 in UTC with a Z.

    >>> wire_time(datetime(2026, 1, 24, 10, 30, tzinfo=UTC))
    '2026-01-24T10:30:00Z'
    """
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def lead_scored(scored: ScoredLead, lead_name: str | None, source: str | None, agent: str | None) -> dict[str, Any]:
    """The event of a new score; name, source and agent as the store knows them."""
    score = scored.score
    commission = scored.commission.commission_usd
    return {
        "event_type": "lead_scored",
        "timestamp": wire_time(scored.scored_at),
        "lead_id": scored.history.lead.lead_id,
        "lead_name": lead_name,
        "ml_score": score.ml_score,
        "ml_confidence": score.confidence,
        "classification": score.tier.value,
        "escalation_recommended": scored.escalation_recommended,
        "estimated_commission": None if commission is None else float(commission),
        "model_version": score.model_version,
        "source": source,
        "agent": agent,
        "via": scored.via,
    }


def outcome_recorded(outcome: Outcome, lead_name: str | None) -> dict[str, Any]:
    """The event of a recorded outcome."""
    return {
        "event_type": "outcome_recorded",
        "timestamp": wire_time(outcome.occurred_at),
        "lead_id": outcome.lead_id,
        "lead_name": lead_name,
        "stage": outcome.stage.value,
    }

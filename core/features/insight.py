"""Conversation insight: what the team's bot measured, taken as it came."""

from __future__ import annotations

from core.features.catalog import UNKNOWN
from core.features.evidence import Evidence


def _given(value: float | None) -> float:
    return UNKNOWN if value is None else float(value)


def jorge_engagement_score(evidence: Evidence) -> float:
    """Engagement, 0 to 1, from the bot.

    >>> from core.features.evidence import said
    >>> jorge_engagement_score(said(insights={"engagement_level": 0.7})), jorge_engagement_score(said())
    (0.7, -1.0)
    """
    return _given(evidence.lead.insights.engagement_level)


def jorge_buying_signals(evidence: Evidence) -> float:
    """Buying signals that the bot counted.

    >>> from core.features.evidence import said
    >>> jorge_buying_signals(said(insights={"buying_signals_count": 3}))
    3.0
    """
    return _given(evidence.lead.insights.buying_signals_count)


def jorge_objection_handling(evidence: Evidence) -> float:
    """Objections that were resolved, counted by the bot.

    >>> from core.features.evidence import said
    >>> jorge_objection_handling(said(insights={"objections_resolved": 1}))
    1.0
    """
    return _given(evidence.lead.insights.objections_resolved)


def jorge_rapport_score(evidence: Evidence) -> float:
    """Rapport, 0 to 1, from the bot.

    >>> from core.features.evidence import said
    >>> jorge_rapport_score(said(insights={"rapport_building_score": 0.6}))
    0.6
    """
    return _given(evidence.lead.insights.rapport_building_score)

"""The catalog of 28 features: their order, family, range and words.

A feature is a number of 0 or more, or unknown. Unknown is encoded as ``UNKNOWN`` (-1), below every possible
value, so that a tree can set "not told" apart with one split, and scikit-learn, shap and our own kernel read the
same array.

Features 14 and 15 touch familial status, which the United States Fair Housing Act protects (``protected``).
``influenceable`` marks what an agent can change by own work; only these may appear in advice.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import Final

UNKNOWN: Final = -1.0


@dataclass(frozen=True, slots=True)
class Feature:
    """One of the 28.

    ``label`` is how a screen names it; ``unit`` is one of ``hours, days, count, share, usd, characters, level``;
    values lie in [0, ``high``].
    """

    name: str
    family: str
    high: float
    unit: str
    label: str
    protected: bool = False
    influenceable: bool = False


_RESPONSE, _BUDGET, _TIMELINE = "response patterns", "budget signals", "timeline urgency"
_LOCATION, _FAMILY, _READINESS = "location", "family demographics", "financial readiness"
_EXPERIENCE, _QUALITY, _ACTIVITY = "experience", "communication quality", "activity"
_INSIGHT = "conversation insight"

CATALOG: Final = (
    Feature("response_time_hours", _RESPONSE, inf, "hours", "Time to answer us"),
    Feature("response_rate", _RESPONSE, 1, "share", "Share of our messages answered"),
    Feature("interaction_count", _RESPONSE, inf, "count", "Touches in 90 days", influenceable=True),
    Feature("interactions_last_7_days", _RESPONSE, inf, "count", "Touches in 7 days", influenceable=True),
    Feature("days_since_last_interaction", _RESPONSE, inf, "days", "Days since last heard from"),
    Feature("price_range_mentioned", _BUDGET, 2, "level", "Price named"),
    Feature("budget_midpoint_usd", _BUDGET, inf, "usd", "Budget"),
    Feature("budget_clarity", _BUDGET, 1, "share", "Clarity of budget"),
    Feature("financing_mentioned", _BUDGET, 1, "level", "Financing mentioned"),
    Feature("timeline_urgency", _TIMELINE, 1, "share", "Urgency"),
    Feature("deadline_mentioned", _TIMELINE, 1, "level", "Binding date mentioned"),
    Feature("location_specificity", _LOCATION, 3, "level", "How exact the location is"),
    Feature("areas_named", _LOCATION, inf, "count", "Areas named"),
    Feature("family_size_mentioned", _FAMILY, 1, "level", "Family size mentioned", protected=True),
    Feature("school_interest", _FAMILY, 1, "level", "Interest in schools", protected=True),
    Feature("pre_approval", _READINESS, 2, "level", "Pre-approval", influenceable=True),
    Feature("job_stability_score", _READINESS, 1, "share", "Signs of steady work"),
    Feature("previous_real_estate_experience", _EXPERIENCE, 2, "level", "Has bought or sold before"),
    Feature("market_knowledge", _EXPERIENCE, 1, "share", "Knows the market's terms"),
    Feature("message_length_avg", _QUALITY, inf, "characters", "Length of messages"),
    Feature("questions_asked", _QUALITY, inf, "count", "Questions asked"),
    Feature("question_depth", _QUALITY, 1, "share", "Questions on specifics"),
    Feature("property_views", _ACTIVITY, inf, "count", "Listings viewed in 30 days"),
    Feature("showing_requests", _ACTIVITY, inf, "count", "Showings asked for", influenceable=True),
    Feature("jorge_engagement_score", _INSIGHT, 1, "share", "Engagement with the bot"),
    Feature("jorge_buying_signals", _INSIGHT, inf, "count", "Buying signals in conversation"),
    Feature("jorge_objection_handling", _INSIGHT, inf, "count", "Objections resolved", influenceable=True),
    Feature("jorge_rapport_score", _INSIGHT, 1, "share", "Rapport in conversation", influenceable=True),
)
NAMES: Final = tuple(feature.name for feature in CATALOG)
FAMILIES: Final = tuple(dict.fromkeys(feature.family for feature in CATALOG))
INDEX: Final = {name: position for position, name in enumerate(NAMES)}

"""From a lead's history to its 28 features."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from math import isfinite

import numpy as np
from numpy.typing import NDArray

from core.features import (
    activity,
    budget,
    experience,
    family,
    insight,
    location,
    quality,
    readiness,
    response,
    timeline,
)
from core.features.catalog import CATALOG, INDEX, UNKNOWN
from core.features.evidence import Evidence
from core.features.signal import LeadFeatures
from core.leads import LeadHistory

_FAMILIES = (response, budget, timeline, location, family, readiness, experience, quality, activity, insight)
_COMPUTE: tuple[Callable[[Evidence], float], ...] = tuple(
    next(vars(module)[feature.name] for module in _FAMILIES if feature.name in vars(module)) for feature in CATALOG
)
_MOST = 1e9  # what no count, length or price exceeds; keeps float32 finite
_HIGHEST = tuple(min(feature.high, _MOST) for feature in CATALOG)

_ZERO_IS_SILENCE = frozenset({
    "price_range_mentioned", "financing_mentioned", "deadline_mentioned", "location_specificity", "areas_named",
    "family_size_mentioned", "school_interest", "previous_real_estate_experience", "market_knowledge",
    "questions_asked", "question_depth", "showing_requests",
})  # fmt: skip
"""Features whose 0 only says that nothing was found, so that another system's count tells more."""


def extract(history: LeadHistory, as_of: datetime) -> LeadFeatures:
    """Return the 28 features of a lead as they were known at ``as_of``, with the signals that tell why.

    Nothing that occurred after ``as_of`` counts. ``lead.measured`` serves where touches and texts do not tell.
    Values lie in the catalog's ranges and are never NaN; what was not told is ``UNKNOWN``.

    >>> from datetime import UTC
    >>> from core.leads import Lead
    >>> lead = Lead(lead_id="a", budget_range="500k-750k", measured={"property_views": 12})
    >>> found = extract(LeadHistory(lead=lead), datetime(2026, 3, 1, tzinfo=UTC))
    >>> found.known, found.signals[0].text
    (4, '500k-750k')
    """
    evidence = Evidence(history, as_of)
    return LeadFeatures(_values(evidence), evidence.signals)


def values_of(history: LeadHistory, as_of: datetime) -> NDArray[np.float32]:
    """The values of ``extract`` alone, in less time: signals that no feature is computed from are not looked for.

    >>> from datetime import UTC
    >>> from core.leads import Lead
    >>> lead = Lead(lead_id="a", budget_range="500k-750k")
    >>> float(values_of(LeadHistory(lead=lead), datetime(2026, 3, 1, tzinfo=UTC))[INDEX["budget_midpoint_usd"]])
    625000.0
    """
    return _values(Evidence(history, as_of, for_features=True))


def stated_midpoint(history: LeadHistory, as_of: datetime) -> float | None:
    """The feature ``budget_midpoint_usd`` before it is rounded to a float32; None where no price is stated.

    >>> from datetime import UTC
    >>> from core.leads import Lead
    >>> lead = Lead(lead_id="a", budget_range="$16,777,217")
    >>> stated_midpoint(LeadHistory(lead=lead), datetime(2026, 3, 1, tzinfo=UTC))
    16777217.0
    """
    found = budget.budget_midpoint_usd(Evidence(history, as_of, for_features=True))
    return None if found == UNKNOWN else found


def _values(evidence: Evidence) -> NDArray[np.float32]:
    values = [compute(evidence) for compute in _COMPUTE]
    for name, value in evidence.lead.measured.items():
        position = INDEX.get(name)
        if position is not None and not _tells(evidence, name, values[position]):
            values[position] = value
    kept = [
        value if 0 <= value <= high or value == UNKNOWN else _within(value, high)
        for value, high in zip(values, _HIGHEST, strict=True)
    ]
    return np.array(kept, dtype=np.float32)


def _tells(evidence: Evidence, name: str, value: float) -> bool:
    """Whether what was computed says something, so that a measured value must not replace it."""
    if value == UNKNOWN:
        return False
    if value > 0:
        return True
    if name == "pre_approval":
        return bool(evidence.of("pre_approval"))
    if name == "property_views":
        return any(kind in activity.VIEWS for _, kind, _, _, _ in evidence.met)
    return name not in _ZERO_IS_SILENCE


def _within(value: float, high: float) -> float:
    """Bring a value into its range; what is no number is unknown.

    >>> _within(1.7, 1), _within(float("nan"), 1), _within(-3, 1)
    (1.0, -1.0, -1.0)
    """
    if not isfinite(value) or value < 0:
        return UNKNOWN
    return float(min(value, high))

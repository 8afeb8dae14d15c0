"""Many leads at once: the model scores a whole matrix."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np

from core.leads import LeadHistory, utc_now
from core.scoring.scored import ScoredLead
from core.services.terms import Given, finished, terms_of

if TYPE_CHECKING:
    from core.services.center import CommandCenter


def score_batch(
    center: CommandCenter,
    histories: Sequence[LeadHistory],
    *,
    via: str,
    as_of: datetime | None = None,
) -> list[ScoredLead]:
    """Score many leads without storing them. Raises ModelUnavailable, ModelRefused."""
    from core.features import extract

    if not histories:
        return []
    now = as_of or utc_now()
    terms = terms_of(center)
    matrix = np.stack([extract(history, now).values for history in histories])
    scores = center.model.score_many(matrix, terms.tier_edges)
    medians = [Given.of(center, history, terms).area_median_usd for history in histories]
    return [
        finished(history, score, terms, via=via, scored_at=now, area_median_usd=median)
        for history, score, median in zip(histories, scores, medians, strict=True)
    ]

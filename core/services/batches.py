"""Many leads at once: the model scores a whole matrix."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np

from core.leads import LeadHistory, utc_now
from core.scoring.scored import ScoredLead
from core.services.scoring import finish
from core.services.workspace import tier_edges

if TYPE_CHECKING:
    from core.scoring.model import ScoringModel
    from core.services.center import CommandCenter


def score_batch(
    center: CommandCenter,
    histories: Sequence[LeadHistory],
    *,
    via: str,
    as_of: datetime | None = None,
    model: ScoringModel | None = None,
    threshold: float | None = None,
) -> list[ScoredLead]:
    """Score many leads without storing them; ``model`` and ``threshold`` replace the workspace's own.

    Raises ModelUnavailable, ModelRefused.
    """
    from core.features import extract

    if not histories:
        return []
    now = as_of or utc_now()
    served = model or center.model
    edges = tier_edges(center) if model is None else model.tier_edges
    matrix = np.stack([extract(history, now).values for history in histories])
    scores = served.score_many(matrix, edges)
    return [
        finish(center, history, score, via=via, scored_at=now, at_threshold=threshold)
        for history, score in zip(histories, scores, strict=True)
    ]

"""Many leads at once: the model scores a whole matrix."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from core.errors import ModelRefused, Unavailable
from core.leads import LeadHistory, utc_now
from core.scoring.scored import ScoredLead
from core.services.scores.terms import Given, finished

if TYPE_CHECKING:
    from core.scoring import Score
    from core.services.center import CommandCenter


def score_batch(
    center: CommandCenter,
    histories: Sequence[LeadHistory],
    *,
    via: str,
    as_of: datetime | None = None,
    given: Sequence[Given] | None = None,
    parallel: bool = True,
) -> list[ScoredLead]:
    """Score many leads without storing them, by what is ``given`` in the workspace now unless told.

    ``parallel``: a second process may read some of them. Raises ModelUnavailable, ModelRefused.
    """
    from core.services.scores.reading.reader import features_of

    if not histories:
        return []
    now = as_of or utc_now()
    known = given or Given.of_all(center, histories)
    scores = _scores(features_of(center, histories, now, parallel=parallel), known)
    return [
        finished(
            history, score, one.terms, via=via, scored_at=now, area_median_usd=one.area_median_usd, trial=one.by.trial
        )
        for history, score, one in zip(histories, scores, known, strict=True)
    ]


def _scores(features: Sequence[NDArray[np.float32]], known: Sequence[Given]) -> Iterable[Score]:
    """Every lead scored by the model that answers for it, each model in one pass."""
    if len(known) == 1:  # bit for bit the same, in less time
        return [known[0].by.model.score(features[0], known[0].terms.tier_edges)]
    matrix = np.stack(features)
    rows_of: dict[int, list[int]] = {}
    for row, one in enumerate(known):
        rows_of.setdefault(id(one.by.model), []).append(row)
    if len(rows_of) == 1:
        return known[0].by.model.score_many(matrix, known[0].terms.tier_edges)
    found: dict[int, Score] = {}
    for rows in rows_of.values():
        first = known[rows[0]]
        found |= zip(rows, first.by.model.score_many(matrix[rows], first.terms.tier_edges), strict=True)
    return [found[row] for row in range(len(known))]


def score_each(
    center: CommandCenter,
    histories: Sequence[LeadHistory],
    *,
    via: str,
    as_of: datetime | None = None,
    given: Sequence[Given] | None = None,
    parallel: bool = True,
) -> list[ScoredLead | Exception]:
    """``score_batch`` in one pass; only where that fails, one by one, so that an error reaches the lead that caused it.

    Raises ModelUnavailable, ModelRefused, StoreUnavailable: those are nobody's in particular.
    """
    try:
        return [*score_batch(center, histories, via=via, as_of=as_of, given=given, parallel=parallel)]
    except (Unavailable, ModelRefused):
        raise
    except Exception as error:
        if len(histories) == 1:
            return [error]
    return [
        score_each(center, [history], via=via, as_of=as_of, given=None if given is None else [given[place]])[0]
        for place, history in enumerate(histories)
    ]

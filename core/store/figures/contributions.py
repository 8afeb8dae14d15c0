"""Features and contributions of many leads at once: blobs of the latest scores, joined and read as two arrays."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Select, func, select

from core.features.catalog import NAMES, UNKNOWN
from core.store.browse import conditions_of
from core.store.figures.drawn import SPREAD
from core.store.filters import LeadFilter
from core.store.schema import lead_latest, scores

MOST_LEADS: Final = 10_000


@dataclass(frozen=True, slots=True, eq=False)
class Contributions:
    """The latest scores of ``scored`` leads, or of an even sample of them, as far as one model made them.

    ``features`` (n, 28) float32 and ``contributions`` (n, 28) float64 in the catalog's order; with ``base_value`` a
    row of contributions sums to its raw probability. ``model_version`` is the one that made most of them, None when
    nothing is scored; ``by_other_models`` of those looked at are left out, because their base value is another.
    """

    features: NDArray[np.float32]
    contributions: NDArray[np.float64]
    base_value: float
    model_version: str | None
    scored: int
    by_other_models: int

    def __len__(self) -> int:
        return len(self.features)


def contributions_of(connection: Connection, wanted: LeadFilter, most: int, now: datetime) -> Contributions:
    """The contributions of at most ``most`` leads; where there are more, the same even sample each time."""
    conditions = [*conditions_of(wanted, now, connection.dialect.name), lead_latest.c.scored_at.is_not(None)]
    scored = connection.execute(select(func.count()).select_from(lead_latest).where(*conditions)).scalar_one()
    latest = (
        select(scores.c.score_id)
        .where(scores.c.lead_id == lead_latest.c.lead_id)
        .order_by(scores.c.scored_at.desc(), scores.c.score_id.desc())
        .limit(1)
        .correlate(lead_latest)
        .scalar_subquery()
    )
    chosen: Select[Any] = select(latest.label("score_id")).select_from(lead_latest).where(*conditions)
    if scored > most:
        every = chosen.subquery()
        spread = (every.c.score_id * SPREAD) % 2**32
        chosen = select(every.c.score_id).order_by(spread, every.c.score_id).limit(most)
    query = select(scores.c.model_version, scores.c.base_value, scores.c.features, scores.c.contributions)
    return _joined(connection.execute(query.where(scores.c.score_id.in_(chosen))).all(), scored)


def _joined(rows: Any, scored: int) -> Contributions:
    versions = Counter(row[0] for row in rows)
    if not versions:
        nothing = np.empty((0, len(NAMES)))
        return Contributions(nothing.astype(np.float32), nothing, 0.0, None, scored, 0)
    version, _ = versions.most_common(1)[0]
    kept = [row for row in rows if row[0] == version]
    return Contributions(
        features=_matrix([row[2] for row in kept], np.dtype("<f4"), UNKNOWN),
        contributions=_matrix([row[3] for row in kept], np.dtype("<f8"), 0.0),
        base_value=float(kept[0][1]),
        model_version=version,
        scored=scored,
        by_other_models=len(rows) - len(kept),
    )


def _matrix(blobs: list[bytes], kind: np.dtype[Any], missing: float) -> NDArray[Any]:
    """One row a blob; all are of one model, so of one length. The catalog grows at its end: what is missing follows."""
    found = np.frombuffer(b"".join(blobs), dtype=kind).reshape(len(blobs), -1)
    short = len(NAMES) - found.shape[1]
    return np.pad(found, ((0, 0), (0, short)), constant_values=missing) if short else found

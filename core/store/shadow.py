"""Scores with what became of their leads, and what a second model would have said of the same features."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Select, Subquery, and_, exists, func, or_, select

from core.features.catalog import NAMES, UNKNOWN
from core.store.connect import Database
from core.store.figures.ends import decided_leads
from core.store.prepared import insert_new
from core.store.schema import scores, shadow_scores

MOST_ROWS: Final = 20_000
_SPREAD: Final = 2_654_435_761  # Knuth's multiplier: ids that follow each other land far apart


@dataclass(frozen=True, slots=True, eq=False)
class ScoredFeatures:
    """``features`` float32 (n, 28) with the ``probability`` (n,) that was said of them; ``total`` were there."""

    score_ids: NDArray[np.int64]
    features: NDArray[np.float32]
    probability: NDArray[np.float64]
    total: int


@dataclass(frozen=True, slots=True, eq=False)
class Decided:
    """n leads whose end is known, each with one score made before it was, oldest decision first.

    ``scored_at`` and ``decided_at`` are datetime64[us] in UTC; ``closed`` says that the sale went through; ``shadow``
    is what a second model said of the same features, NaN where it said nothing.
    """

    score_ids: NDArray[np.int64]
    scored_at: NDArray[np.datetime64]
    decided_at: NDArray[np.datetime64]
    model_version: NDArray[np.str_]
    features: NDArray[np.float32]
    probability: NDArray[np.float64]
    shadow: NDArray[np.float64]
    converted: NDArray[np.bool_]
    closed: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.converted)

    def rows(self, picked: NDArray[Any]) -> Decided:
        """The picked leads."""
        return Decided(*(getattr(self, name)[picked] for name in Decided.__slots__))


class ShadowTable:
    """Reads scores with their ends, keeps shadow scores. Thread-safe; every method raises StoreUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def first_scores(self, since: datetime, until: datetime, most: int = MOST_ROWS) -> ScoredFeatures:
        """The first scores of the leads that were scored for the first time in [since, until).

        One row a lead, so that a lead that is scored often counts once; where there are more than ``most``, the same
        even sample each time.
        """
        earlier = scores.alias("earlier")
        before = and_(
            earlier.c.lead_id == scores.c.lead_id,
            or_(
                earlier.c.scored_at < scores.c.scored_at,
                and_(earlier.c.scored_at == scores.c.scored_at, earlier.c.score_id < scores.c.score_id),
            ),
        )
        inside = and_(scores.c.scored_at >= since, scores.c.scored_at < until, ~exists().where(before))
        spread = (scores.c.score_id * _SPREAD) % 2**32
        query = select(scores.c.score_id, scores.c.features, scores.c.probability).where(inside)
        with self._database.read() as connection:
            total = connection.execute(select(func.count()).select_from(scores).where(inside)).scalar_one()
            rows = connection.execute(query.order_by(spread, scores.c.score_id).limit(most)).all()
        return _scored(rows, total)

    def scores_after(self, score_id: int, most: int) -> ScoredFeatures:
        """Scores with an id above ``score_id``, oldest first."""
        query = select(scores.c.score_id, scores.c.features, scores.c.probability)
        later = query.where(scores.c.score_id > score_id).order_by(scores.c.score_id).limit(most)
        with self._database.read() as connection:
            rows = connection.execute(later).all()
        return _scored(rows, len(rows))

    def last_score_id(self) -> int:
        """The newest score's id, 0 without scores."""
        with self._database.read() as connection:
            return int(connection.execute(select(func.max(scores.c.score_id))).scalar() or 0)

    def last_shadowed(self, model_version: str) -> int:
        """The newest score that ``model_version`` was asked about in the shadow, 0 when there is none."""
        query = select(func.max(shadow_scores.c.score_id)).where(shadow_scores.c.model_version == model_version)
        with self._database.read() as connection:
            return int(connection.execute(query).scalar() or 0)

    def keep(self, model_version: str, score_ids: Sequence[int], probability: Sequence[float]) -> None:
        """Keep what ``model_version`` says of scores; what is kept already stays."""
        rows = [
            {"model_version": model_version, "score_id": int(score_id), "probability": float(value)}
            for score_id, value in zip(score_ids, probability, strict=True)
        ]
        if rows:
            with self._database.write() as connection:
                connection.execute(insert_new(connection.dialect.name, "shadow_scores"), rows)

    def shadowed(self, model_version: str) -> int:
        """How many scores ``model_version`` has judged in the shadow."""
        query = select(func.count()).select_from(shadow_scores).where(shadow_scores.c.model_version == model_version)
        with self._database.read() as connection:
            return int(connection.execute(query).scalar_one())

    def decided(
        self,
        scored_since: datetime | None = None,
        scored_until: datetime | None = None,
        after_score_id: int = 0,
        shadow: str | None = None,
    ) -> Decided:
        """Leads with a known end, each with its last score made before it, inside the given bounds."""
        ends = decided_leads()
        query = _last_before_the_end(ends, scored_since, scored_until, after_score_id)
        with self._database.read() as connection:
            rows = connection.execute(query).all()
            beside = _beside(connection, shadow) if shadow is not None else {}
        return _decided(rows, beside)

    def in_trial(self, trial_id: int, versions: tuple[str, str]) -> tuple[Decided, NDArray[np.float64]]:
        """Leads with a known end, each with its last score of the trial made before it.

        Beside them what either of the ``versions`` said of that score, (n, 2), NaN where it was not asked yet.
        """
        query = _last_before_the_end(decided_leads(), None, None, 0, trial_id)
        with self._database.read() as connection:
            rows = connection.execute(query).all()
            unseen = [_beside(connection, version, trial_id) for version in versions]
        found = _decided(rows, {})
        said = [
            np.where(
                found.model_version == version, found.probability, [beside.get(one, np.nan) for one in found.score_ids]
            )
            for version, beside in zip(versions, unseen, strict=True)
        ]
        return found, np.column_stack(said)

    def waiting_in_trial(self, trial_id: int, version: str, most: int) -> ScoredFeatures:
        """Scores of the trial that another version made and ``version`` has not judged yet, oldest first."""
        judged = exists().where(shadow_scores.c.score_id == scores.c.score_id, shadow_scores.c.model_version == version)
        query = (
            select(scores.c.score_id, scores.c.features, scores.c.probability)
            .where(scores.c.trial_id == trial_id, scores.c.model_version != version, ~judged)
            .order_by(scores.c.score_id)
            .limit(most)
        )
        with self._database.read() as connection:
            rows = connection.execute(query).all()
        return _scored(rows, len(rows))

    def still_open(self, scored_since: datetime, scored_until: datetime) -> int:
        """How many leads that were scored in [since, until) have no end yet."""
        ends = decided_leads()
        inside = and_(scores.c.scored_at >= scored_since, scores.c.scored_at < scored_until)
        query = select(func.count(scores.c.lead_id.distinct())).where(
            inside, scores.c.lead_id.not_in(select(ends.c.lead_id))
        )
        with self._database.read() as connection:
            return int(connection.execute(query).scalar_one())


def _last_before_the_end(
    ends: Subquery, since: datetime | None, until: datetime | None, after_score_id: int, trial_id: int | None = None
) -> Select[Any]:
    inside = [scores.c.scored_at < ends.c.decided_at, scores.c.score_id > after_score_id]
    if trial_id is not None:
        inside.append(scores.c.trial_id == trial_id)
    if since is not None:
        inside.append(scores.c.scored_at >= since)
    if until is not None:
        inside.append(scores.c.scored_at < until)
    last = (
        select(scores.c.score_id)
        .where(scores.c.lead_id == ends.c.lead_id, *inside)
        .order_by(scores.c.scored_at.desc(), scores.c.score_id.desc())
        .limit(1)
        .correlate(ends)
        .scalar_subquery()
    )
    chosen = select(ends, last.label("score_id")).subquery()
    return (
        select(
            scores.c.score_id,
            scores.c.scored_at,
            chosen.c.decided_at,
            scores.c.model_version,
            scores.c.features,
            scores.c.probability,
            chosen.c.converted,
            chosen.c.closed,
        )
        .join(chosen, chosen.c.score_id == scores.c.score_id)
        .order_by(chosen.c.decided_at, scores.c.score_id)
    )


def _beside(connection: Connection, model_version: str, trial_id: int | None = None) -> dict[int, float]:
    query = select(shadow_scores.c.score_id, shadow_scores.c.probability)
    if trial_id is not None:
        query = query.join(scores, scores.c.score_id == shadow_scores.c.score_id).where(scores.c.trial_id == trial_id)
    found = connection.execute(query.where(shadow_scores.c.model_version == model_version))
    return {row.score_id: row.probability for row in found}


def _scored(rows: Sequence[Any], total: int) -> ScoredFeatures:
    return ScoredFeatures(
        np.array([row[0] for row in rows], dtype=np.int64),
        features_of([row[1] for row in rows]),
        np.array([row[2] for row in rows], dtype=np.float64),
        total,
    )


def _decided(rows: Sequence[Any], beside: dict[int, float]) -> Decided:
    return Decided(
        score_ids=np.array([row[0] for row in rows], dtype=np.int64),
        scored_at=_moments([row[1] for row in rows]),
        decided_at=_moments([row[2] for row in rows]),
        model_version=np.array([row[3] for row in rows], dtype=np.str_),
        features=features_of([row[4] for row in rows]),
        probability=np.array([row[5] for row in rows], dtype=np.float64),
        shadow=np.array([beside.get(row[0], np.nan) for row in rows], dtype=np.float64),
        converted=np.array([row[6] for row in rows], dtype=np.bool_),
        closed=np.array([row[7] for row in rows], dtype=np.bool_),
    )


def _moments(found: Sequence[datetime]) -> NDArray[np.datetime64]:
    return np.array([moment.replace(tzinfo=None) for moment in found], dtype="datetime64[us]")


def features_of(blobs: Sequence[bytes]) -> NDArray[np.float32]:
    """Stored features as one matrix (n, 28). The catalog grows at its end: an older, shorter row is padded."""
    found = np.full((len(blobs), len(NAMES)), UNKNOWN, dtype=np.float32)
    for number, blob in enumerate(blobs):
        values = np.frombuffer(blob, dtype="<f4")[: len(NAMES)]
        found[number, : len(values)] = values
    return found

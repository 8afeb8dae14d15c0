"""Scores with what became of their leads, and what a second model would have said of the same features."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Connection, Select, Subquery, exists, func, select

from core.features.catalog import NAMES, UNKNOWN
from core.leads.clock import in_days
from core.store.connect import Database
from core.store.figures.drawn import SPREAD, drawn_scores
from core.store.figures.ends import decided_leads
from core.store.prepared import insert_new
from core.store.schema import scores, shadow_scores

MOST_ROWS: Final = 20_000


@dataclass(frozen=True, slots=True, eq=False)
class ScoredFeatures:
    """``features`` float32 (n, 28) with the ``probability`` (n,) that was said of them; ``total`` were there."""

    score_ids: NDArray[np.int64]
    features: NDArray[np.float32]
    probability: NDArray[np.float64]
    total: int


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """n leads, each with one of its scores and what became of it.

    ``scored_at`` is datetime64[us] in UTC; ``converted`` is False of those that are still ``open``, or were lost;
    ``closed`` is 1 or 0, NaN of those that may still close; ``beside`` is what other versions said of the same
    features, (n, versions), NaN where one said nothing.
    """

    score_ids: NDArray[np.int64]
    scored_at: NDArray[np.datetime64]
    model_version: NDArray[np.str_]
    features: NDArray[np.float32]
    probability: NDArray[np.float64]
    beside: NDArray[np.float64]
    converted: NDArray[np.bool_]
    closed: NDArray[np.float64]
    open: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.converted)

    def rows(self, picked: NDArray[Any]) -> Judged:
        """The picked leads."""
        return Judged(*(getattr(self, name)[picked] for name in Judged.__slots__))


class ShadowTable:
    """Reads scores with their ends, keeps shadow scores. Thread-safe; every method raises StoreUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def standing(self, since: datetime, until: datetime, most: int = MOST_ROWS) -> ScoredFeatures:
        """Of the leads whose drawn moment lies in [since, until) the score that stood then.

        One row a lead, so that a lead that is scored often counts once; where there are more than ``most``, the same
        even sample each time.
        """
        with self._database.read() as connection:
            drawn = drawn_scores(connection.dialect.name)
            inside = (drawn.c.moment >= in_days(since), drawn.c.moment < in_days(until))
            total = connection.execute(select(func.count()).select_from(drawn).where(*inside)).scalar_one()
            query = (
                select(scores.c.score_id, scores.c.features, scores.c.probability)
                .join(drawn, drawn.c.score_id == scores.c.score_id)
                .where(*inside)
                .order_by((scores.c.score_id * SPREAD) % 2**32, scores.c.score_id)
            )
            rows = connection.execute(query.limit(most)).all()
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
        self, scored_since: datetime | None = None, stood_until: datetime | None = None, *, or_open: bool = False
    ) -> Judged:
        """Leads whose end is known, each with the score that stood at its drawn moment, oldest score first.

        With ``or_open`` also those that have no end yet.
        """
        with self._database.read() as connection:
            drawn = drawn_scores(connection.dialect.name)
            inside: list[ColumnElement[bool]] = [] if or_open else [drawn.c.decided_at.is_not(None)]
            if scored_since is not None:
                inside.append(scores.c.scored_at >= scored_since)
            if stood_until is not None:
                inside.append(drawn.c.moment < in_days(stood_until))
            query = _with_ends(drawn).join(drawn, drawn.c.score_id == scores.c.score_id).where(*inside)
            return _judged(connection.execute(query).all(), [])

    def watched(
        self, versions: Sequence[str], until: datetime, after_score_id: int = 0, trial_id: int | None = None
    ) -> Judged:
        """Every lead's first score after ``after_score_id``, or of a trial, made before ``until`` while it was open.

        Beside it what each of ``versions`` said. Whether a lead has ended by now plays no part.
        """
        inside = [scores.c.score_id > after_score_id]
        if trial_id is not None:
            inside.append(scores.c.trial_id == trial_id)
        first = (
            select(func.min(scores.c.score_id).label("score_id")).where(*inside).group_by(scores.c.lead_id).subquery()
        )
        ends = decided_leads()
        query = (
            _with_ends(ends)
            .join(first, first.c.score_id == scores.c.score_id)
            .outerjoin(ends, ends.c.lead_id == scores.c.lead_id)
            .where(scores.c.scored_at < until)
            .where(ends.c.decided_at.is_(None) | (ends.c.decided_at > scores.c.scored_at))
        )
        with self._database.read() as connection:
            rows = connection.execute(query).all()
            return _judged(rows, [_said_unseen(connection, version, trial_id) for version in versions])

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


def _with_ends(ends: Subquery) -> Select[Any]:
    return select(
        scores.c.score_id,
        scores.c.scored_at,
        scores.c.model_version,
        scores.c.features,
        scores.c.probability,
        ends.c.converted,
        ends.c.closed,
    ).order_by(scores.c.scored_at, scores.c.score_id)


def _said_unseen(connection: Connection, model_version: str, trial_id: int | None) -> dict[int, float]:
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


def _judged(rows: Sequence[Any], unseen: Sequence[dict[int, float]]) -> Judged:
    beside = [[said.get(row[0], np.nan) for said in unseen] for row in rows]
    return Judged(
        score_ids=np.array([row[0] for row in rows], dtype=np.int64),
        scored_at=_moments([row[1] for row in rows]),
        model_version=np.array([row[2] for row in rows], dtype=np.str_),
        features=features_of([row[3] for row in rows]),
        probability=np.array([row[4] for row in rows], dtype=np.float64),
        beside=np.array(beside, dtype=np.float64).reshape(len(rows), len(unseen)),
        converted=np.array([row[5] == 1 for row in rows], dtype=np.bool_),
        closed=np.array([row[6] for row in rows], dtype=np.float64),
        open=np.array([row[5] is None for row in rows], dtype=np.bool_),
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

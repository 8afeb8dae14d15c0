"""Trials of two models: which ran, which runs, who was in which arm and what became of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Subquery, exists, func, insert, or_, select, update

from core.analytics.ab_test import Design, design_of
from core.analytics.ab_test_reading import DayCount
from core.errors import InputError, NotFound
from core.leads import Stage
from core.store.ab_tests import count_by_day
from core.store.columns import from_json, to_json
from core.store.connect import Database
from core.store.figures.ends import CONVERTED
from core.store.schema import outcomes, scores
from core.store.schema_analysis import model_trials
from core.store.write import next_version

_RUNS = model_trials.c.ended_at.is_(None)


@dataclass(frozen=True, slots=True)
class StoredTrial:
    """The ``challenger`` answers a share of the leads, the ``champion`` the others; ``ending`` is None while it runs.

    The design's first variant is the champion's arm, its second the challenger's.
    """

    trial_id: int
    champion: str
    challenger: str
    design: Design
    started_at: datetime
    started_by: str
    ended_at: datetime | None
    ending: Mapping[str, Any] | None

    @property
    def share(self) -> float:
        """The share of leads, in (0, 1), that the challenger answers."""
        return self.design.shares[1]


class TrialTable:
    """All reading and writing of trials. Thread-safe; every method raises StoreUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def start(self, champion: str, challenger: str, design: Design, started_at: datetime, started_by: str) -> int:
        """Start a trial; returns its number. Raises InputError while another one runs."""
        row = {
            "champion": champion,
            "challenger": challenger,
            "design": to_json(design.as_json()),
            "started_at": started_at,
            "started_by": started_by,
        }
        with self._database.write() as connection:
            running = connection.execute(select(model_trials.c.challenger).where(_RUNS)).scalar()
            if running is not None:
                raise InputError(f"a trial of {running!r} runs already; end it before another one begins")
            made = connection.execute(insert(model_trials).returning(model_trials.c.trial_id), row).scalar_one()
            next_version(connection)
            return int(made)

    def end(self, trial_id: int, ended_at: datetime, ending: Mapping[str, Any]) -> None:
        """End a trial that runs: the champion answers all leads. Raises NotFound when it does not run."""
        change = update(model_trials).where(model_trials.c.trial_id == trial_id, _RUNS)
        with self._database.write() as connection:
            if not connection.execute(change.values(ended_at=ended_at, ending=to_json(dict(ending)))).rowcount:
                raise NotFound("this trial has ended already, or there is none; reload the page")
            next_version(connection)

    def running(self) -> StoredTrial | None:
        """The trial that runs; None when there is none."""
        with self._database.read() as connection:
            row = connection.execute(select(model_trials).where(_RUNS)).first()
        return None if row is None else _trial(row)

    def all(self) -> list[StoredTrial]:
        """Every trial, the newest first."""
        with self._database.read() as connection:
            rows = connection.execute(select(model_trials).order_by(model_trials.c.trial_id.desc()))
            return [_trial(row) for row in rows]

    def counts(self, trial: StoredTrial, now: datetime) -> list[DayCount]:
        """Leads by the day of their first score in the trial, and by arm; see ``count_by_day``.

        A lead that was decided before that score is left out: no answer could change its end.
        """
        with self._database.read() as connection:
            return count_by_day(connection, _given(trial.trial_id), trial.design, now)

    def answered_by(self, trial_id: int) -> dict[tuple[int, str], int]:
        """How many scores were made in each arm by each version."""
        query = select(scores.c.trial_arm, scores.c.model_version, func.count()).where(scores.c.trial_id == trial_id)
        with self._database.read() as connection:
            rows = connection.execute(query.group_by(scores.c.trial_arm, scores.c.model_version))
            return {(int(arm), version): int(n) for arm, version, n in rows}


def _given(trial_id: int) -> Subquery:
    """A row for each lead of the trial that was open at its first score there."""
    first = (
        select(
            scores.c.lead_id,
            func.min(scores.c.trial_arm).label("variant"),
            func.min(scores.c.scored_at).label("arrived_at"),
        )
        .where(scores.c.trial_id == trial_id)
        .group_by(scores.c.lead_id)
        .subquery()
    )
    return select(first).where(~_decided_before(first.c.lead_id, first.c.arrived_at)).subquery()


def _decided_before(lead_id: ColumnElement[str], moment: ColumnElement[datetime]) -> ColumnElement[bool]:
    """Whether the lead had signed by then, or was lost and had not come back."""
    before = (outcomes.c.lead_id == lead_id, outcomes.c.occurred_at < moment)
    newest = (
        select(outcomes.c.stage).where(*before).order_by(outcomes.c.occurred_at.desc(), outcomes.c.outcome_id.desc())
    )
    signed = exists().where(*before, outcomes.c.stage.in_(CONVERTED))
    return or_(signed, func.coalesce(newest.limit(1).scalar_subquery() == Stage.LOST.value, False))


def _trial(row: Any) -> StoredTrial:
    return StoredTrial(
        row.trial_id, row.champion, row.challenger, design_of(from_json(row.design)), row.started_at, row.started_by,
        row.ended_at, None if row.ending is None else from_json(row.ending),
    )  # fmt: skip

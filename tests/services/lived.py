"""A workspace with a past: leads that the stump judged, and what became of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from core.features.catalog import INDEX, NAMES, UNKNOWN
from core.leads import Outcome, Stage, utc_now
from core.services.center import CommandCenter
from core.services.scores.answering import answering
from tests.store.made import scored

Truth = Callable[[NDArray[np.float64]], NDArray[np.float64]]
BUDGET, APPROVAL = INDEX["budget_midpoint_usd"], INDEX["pre_approval"]


def as_said(said: NDArray[np.float64]) -> NDArray[np.float64]:
    """A world in which what the stump says comes true."""
    return said


def features_of(leads: int, seed: int) -> NDArray[np.float32]:
    """Half told no budget, and of the others half are pre-approved: the stump says 0.1, 0.4 and 0.8."""
    draw = np.random.default_rng(seed)
    features = np.full((leads, len(NAMES)), UNKNOWN, dtype=np.float32)
    features[:, BUDGET] = np.where(draw.uniform(size=leads) < 0.5, draw.normal(500_000, 80_000, leads), 0.0)
    features[:, APPROVAL] = np.where(draw.uniform(size=leads) < 0.5, 2.0, 1.0)
    return features


def live_through(
    center: CommandCenter,
    leads: int,
    truth: Truth = as_said,
    seed: int = 0,
    days_ago: tuple[float, float] = (360, 155),
    prefix: str = "lead",
    decided_after_days: float = 100,
    losses_told: float = 1.0,
) -> None:
    """Score ``leads`` between two days ago, evenly; each is decided some days later, as ``truth`` has it.

    As it stands every lead is older than its drawn moment when it is decided, and that moment is 60 days old. Whoever
    answers for a lead scores it; ``truth`` is told what the champion says. Of those that do not convert only the share
    ``losses_told`` is marked as lost.
    """
    draw = np.random.default_rng(seed + 1)
    features = features_of(leads, seed)
    converted = draw.uniform(size=leads) < truth(center.model.score_many(features).probability)
    decided = converted | (draw.uniform(size=leads) < losses_told)
    now = utc_now()
    rows, ends = [], []
    for number, ago in enumerate(np.linspace(*days_ago, leads)):
        at, lead_id = now - timedelta(days=float(ago)), f"{prefix}_{number}"
        by = answering(center, lead_id)
        rows.append(replace(scored(lead_id), score=by.model.score(features[number]), scored_at=at, trial=by.trial))
        if not decided[number]:
            continue
        stage = Stage.CONTRACT if converted[number] else Stage.LOST
        ends.append(Outcome(lead_id=lead_id, stage=stage, occurred_at=at + timedelta(days=decided_after_days)))
    center.save_many(rows)
    center.store.add_outcomes(ends)

"""The generator's leads as a training set: each as it could have been scored at one moment of its life."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.features import INDEX, extract, values_of
from core.leads import Insights, LeadHistory, Stage
from core.sample import SampleLead, generate
from core.training.dataset import TrainingSet

TRAINING_LEADS: Final = 20_000
TRAINING_SEED: Final = 20_260_401
TRAINING_END: Final = datetime(2026, 10, 1, tzinfo=UTC)
_DAY_S: Final = 86_400
_SOON: Final = timedelta(minutes=5)
_DOUBLINGS: Final = 8
_MONTH_DAYS: Final = 30.4
_URGENCY_HALVES_MONTHS: Final = 3.0
_SHORTEST_SALE_DAYS: Final = 75.0  # a month to find, six weeks to close: who wants it now is in time by then
_URGENCY: Final = INDEX["timeline_urgency"]
Progress = Callable[[int, int], None]  # leads done, leads in all


def untold(done: int, total: int) -> None:
    """For callers who do not watch."""


def sample_training_set(
    leads: int = TRAINING_LEADS,
    seed: int = TRAINING_SEED,
    end: datetime = TRAINING_END,
    progress: Progress = untold,
) -> TrainingSet:
    """Draw leads until ``leads`` of them are old enough that their outcome is known, and take their features."""
    drawn = (item for item in generate(10 * leads, seed, end) if item.closing_mature)
    return training_set(_first(drawn, leads, progress))


def _first(drawn: Iterable[SampleLead], most: int, progress: Progress) -> Iterable[SampleLead]:
    for number, item in enumerate(drawn, start=1):
        yield item
        if number % 500 == 0:
            progress(number, most)
        if number == most:
            return


def training_set(items: Iterable[SampleLead]) -> TrainingSet:
    """Features on arrival and as of each lead's own scoring moment, and what became of it afterwards."""
    features, on_arrival, moments, converted, closed, in_time = [], [], [], [], [], []
    for number, item in enumerate(items):
        found = extract(item.history, item.snapshot_at)
        features.append(found.values)
        on_arrival.append(_on_arrival(item, number))
        moments.append(np.datetime64(int(item.snapshot_at.timestamp()), "s"))
        converted.append(item.converted)
        closed.append(item.closed)
        in_time.append(_closed_in_time(item, horizon_days(float(found.values[_URGENCY]))))
    return TrainingSet(
        features=np.stack(features),
        on_arrival=np.stack(on_arrival),
        scored_at=np.array(moments),
        converted=np.array(converted, dtype=np.bool_),
        closed=np.array(closed, dtype=np.float64),
        closed_in_time=np.array(in_time),
    )


def _on_arrival(item: SampleLead, number: int) -> NDArray[np.float32]:
    """What was known 5 minutes to 11 hours after the lead came in; the bot has measured nothing by then."""
    arrived_at = item.outcomes[0].occurred_at
    fresh = LeadHistory.model_construct(
        lead=item.history.lead.model_copy(update={"insights": Insights()}), interactions=item.history.interactions
    )
    return values_of(fresh, arrived_at + _SOON * 2 ** (number % _DOUBLINGS))


def horizon_days(urgency: float) -> float | None:
    """The time in days within which a lead of ``urgency`` means to have bought, None when it named none.

    The urgency is 1 / (1 + months / 3); a sale is given 75 days at least.

    >>> horizon_days(0.5), horizon_days(1.0), horizon_days(0.2), horizon_days(0.0)
    (91.2, 75.0, 364.8, None)
    """
    if urgency <= 0:
        return None
    return max(_SHORTEST_SALE_DAYS, round(_MONTH_DAYS * _URGENCY_HALVES_MONTHS * (1 / urgency - 1), 6))


def _closed_in_time(item: SampleLead, horizon_days: float | None) -> float:
    if horizon_days is None:
        return float("nan")
    closings = (outcome.occurred_at for outcome in item.outcomes if outcome.stage is Stage.CLOSED)
    return float(any((at - item.snapshot_at).total_seconds() <= horizon_days * _DAY_S for at in closings))

"""Leads to learn from: what was known at the moment of scoring, and what became of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class TrainingSet:
    """n leads in the order of their scoring moment.

    ``features`` float32 (n, 28), as of ``scored_at`` (datetime64[s], UTC); ``on_arrival`` float32 (n, 28): what was
    known within hours of the lead's coming in; ``converted`` bool (n,); ``closed`` float64 (n,): 1 when it closed, 0
    when not, NaN while its contract is open; ``closed_in_time`` float64 (n,): 1 when it closed within the time that the
    lead named, 0 when not, NaN when the lead named none.
    """

    features: NDArray[np.float32]
    on_arrival: NDArray[np.float32]
    scored_at: NDArray[np.datetime64]
    converted: NDArray[np.bool_]
    closed: NDArray[np.float64]
    closed_in_time: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.converted)

    def rows(self, picked: NDArray[np.intp] | slice) -> TrainingSet:
        """The picked leads, in the order picked."""
        return TrainingSet(
            self.features[picked],
            self.on_arrival[picked],
            self.scored_at[picked],
            self.converted[picked],
            self.closed[picked],
            self.closed_in_time[picked],
        )


def temporal_split(leads: TrainingSet, holdout_share: float = 0.3) -> tuple[TrainingSet, TrainingSet]:
    """The earlier leads to learn from and the later ones to be judged by; no moment lies on both sides.

    Raises ValueError when one side would be empty.
    """
    order = np.argsort(leads.scored_at, kind="stable")
    moments = leads.scored_at[order]
    cut_at = moments[min(len(order) - 1, round(len(order) * (1 - holdout_share)))] if len(order) else None
    first_held_out = int(np.searchsorted(moments, cut_at)) if cut_at is not None else 0
    if not 0 < first_held_out < len(order):
        raise ValueError(f"{len(order)} leads cannot be split by date; leads of more than one day are needed")
    return leads.rows(order[:first_held_out]), leads.rows(order[first_held_out:])

"""What is known of leads as columns: when each arrived, signed, closed or was lost, and how it was scored."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.analytics.survival import Array

Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Milestones:
    """One entry a lead, shape (leads,): days since 1970 in UTC, with NaN for what has not happened.

    ``contract`` is the day of the contract or, where none was told, of the closing. ``sale_price_usd`` is what the
    sale was signed or closed at, NaN where nobody told.
    """

    arrived: Array
    contract: Array
    closed: Array
    lost: Array
    sale_price_usd: Array

    def __len__(self) -> int:
        return len(self.arrived)


@dataclass(frozen=True, slots=True, eq=False)
class Scores:
    """One entry a score, the scores of a lead in the order of their time.

    ``lead`` is the place of the lead in its ``Milestones``; ``probability`` of signing a contract and ``closing`` of
    closing (NaN where the model has no head for it) are calibrated, in [0, 1]; the price is NaN where none is known.
    """

    lead: Places
    scored: Array
    probability: Array
    closing: Array
    sale_price_usd: Array


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """The leads that were open at a moment, with what was known then; NaN where nothing was.

    ``age`` in days since arrival, ``in_contract`` in days since the contract (NaN before one), ``scored_age`` the age
    at the last score.
    """

    lead: Places
    age: Array
    in_contract: Array
    scored_age: Array
    probability: Array
    closing: Array
    sale_price_usd: Array

    def __len__(self) -> int:
        return len(self.lead)


def known_at(milestones: Milestones, at: float) -> Milestones:
    """The same leads as they were known at day ``at``: what happened later has not happened."""

    def so_far(days: Array) -> Array:
        return np.where(days <= at, days, np.nan)

    contract = so_far(milestones.contract)
    price = np.where(np.isnan(contract), np.nan, milestones.sale_price_usd)
    return Milestones(milestones.arrived, contract, so_far(milestones.closed), so_far(milestones.lost), price)


def arrived_by(milestones: Milestones, at: float) -> Milestones:
    """The leads that had arrived by day ``at``, as they were known then."""
    here = milestones.arrived <= at
    of = milestones
    return known_at(
        Milestones(of.arrived[here], of.contract[here], of.closed[here], of.lost[here], of.sale_price_usd[here]), at
    )


def standing(milestones: Milestones, scores: Scores, at: float) -> Standing:
    """The leads open at day ``at``, each with its last score by then."""
    known = known_at(milestones, at)
    lead = np.flatnonzero((known.arrived <= at) & np.isnan(known.closed) & np.isnan(known.lost))
    last = _last_scores(scores, len(milestones), at)[lead]
    scored = last >= 0

    def of_score(values: Array) -> Array:
        return np.where(scored, values[last], np.nan) if len(values) else np.full(len(lead), np.nan)

    signed_at = known.sale_price_usd[lead]
    return Standing(
        lead=lead,
        age=at - known.arrived[lead],
        in_contract=at - known.contract[lead],
        scored_age=np.maximum(of_score(scores.scored) - known.arrived[lead], 0.0),
        probability=of_score(scores.probability),
        closing=of_score(scores.closing),
        sale_price_usd=np.where(np.isnan(signed_at), of_score(scores.sale_price_usd), signed_at),
    )


def _last_scores(scores: Scores, leads: int, at: float) -> Places:
    """For each lead the place of its last score by ``at``; -1 where there is none."""
    last = np.full(leads, -1, dtype=np.int64)
    by_then = np.flatnonzero(scores.scored <= at)
    last[scores.lead[by_then]] = by_then  # of equal places the later assignment stands
    return last

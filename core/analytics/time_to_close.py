"""When open leads would close: what the team's own leads took, given how old each is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.analytics.contract_chance import MOST_PROBABILITY, chance_by_day, ends_of_contracts
from core.analytics.milestones import Milestones, Places, Standing, arrived_by
from core.analytics.survival import Array, EndsByAge, ends_by_age


@dataclass(frozen=True, slots=True, eq=False)
class TimeToClose:
    """Two steps: from arrival to the contract (or to the loss before one), and from there to the closing (or not).

    ``told`` is the second step of the contracts alone that were told; None: all were. Where only the closing was told,
    it stands for the contract in both other curves, so that the two steps together are right.
    """

    to_contract: EndsByAge
    to_close: EndsByAge
    told: EndsByAge | None = None

    @property
    def of_contracts(self) -> EndsByAge:
        """How leads in contract go on."""
        return self.to_close if self.told is None else self.told

    @property
    def closings(self) -> int:
        """How many closings this was learned from."""
        return self.to_close.events

    def new_leads_closed(self, horizon: int) -> Array:
        """The share of new leads that has closed by each age of 0 to ``horizon`` days, shape (horizon + 1,)."""
        steps = np.diff(_padded(self.to_contract.wanted, horizon))
        closed = np.convolve(steps, _padded(self.to_close.wanted, horizon))[:horizon]
        return np.concatenate(([0.0], closed))


@dataclass(frozen=True, slots=True, eq=False)
class Chances:
    """What each open lead would do: it closes with ``ever``, at a day that its row of ``by_day`` tells.

    ``by_day`` has shape (rows, horizon + 1): the share of those who close that has done so within d days; leads of one
    age share a row, and ``row`` says which. ``ever`` in [0, 1] has shape (leads,).
    """

    ever: Array
    row: Places
    by_day: Array

    def within(self, days: int) -> Array:
        """Each lead's probability to close within ``days`` from now, shape (leads,)."""
        found: Array = self.ever * self.by_day[self.row, days]
        return found


def learn(milestones: Milestones, at: float) -> TimeToClose:
    """What was known at day ``at`` of how long leads take; those still open then count as open."""
    return learn_known(arrived_by(milestones, at), at)


def learn_known(known: Milestones, at: float) -> TimeToClose:
    """The same of leads that had all arrived by day ``at``, as known then."""
    arrived, contract, closed, lost = known.arrived, known.contract, known.closed, known.lost
    signed = ~np.isnan(contract)
    gone = ~signed & ~np.isnan(lost)
    decided = np.where(signed, contract, np.where(gone, lost, at))
    return TimeToClose(
        to_contract=ends_by_age(decided - arrived, signed, gone),
        to_close=ends_of_contracts(contract, closed, lost, at),
    )


def chances(open_leads: Standing, times: TimeToClose, horizon: int) -> Chances:
    """Each open lead's chance to close within ``horizon`` days, by day."""
    signed = ~np.isnan(open_leads.in_contract)
    oldest = len(times.to_contract.wanted)
    early = _before_contract(times, oldest, horizon)
    late = _in_contract(times, horizon)
    age = np.minimum(open_leads.age, oldest).astype(np.int64)
    waited = np.minimum(np.nan_to_num(open_leads.in_contract), len(late) - 1).astype(np.int64)
    ever = np.where(signed, _closes_from_contract(times, waited), _closes_from_score(open_leads, times))
    return Chances(
        ever=np.clip(ever, 0.0, MOST_PROBABILITY),
        row=np.where(signed, len(early) + waited, age),
        by_day=np.concatenate((early, late)),
    )


def aged(open_leads: Standing, times: TimeToClose) -> Array:
    """Each lead's probability of a contract now, given that since its last score nothing was decided.

    Bayes: those who will sign and those who will not leave at different ages, so each day of waiting moves the odds.
    A lead without a score starts at its arrival from the share of all leads that sign.
    """
    curve = times.to_contract
    scored = ~np.isnan(open_leads.probability)
    start = np.where(scored, open_leads.probability, curve.ever)
    since = np.where(scored, np.minimum(np.nan_to_num(open_leads.scored_age), open_leads.age), 0.0)
    signs, leaves = max(curve.ever, 1e-9), max(1.0 - curve.ever, 1e-9)
    will_sign = _ratio(1 - curve.wanted_by(open_leads.age) / signs, 1 - curve.wanted_by(since) / signs, otherwise=1.0)
    will_not = _ratio(1 - curve.other_by(open_leads.age) / leaves, 1 - curve.other_by(since) / leaves, otherwise=1.0)
    found: Array = start * will_sign / np.maximum(start * will_sign + (1.0 - start) * will_not, 1e-9)
    return found


def _closes_from_score(open_leads: Standing, times: TimeToClose) -> Array:
    told = open_leads.closing / np.maximum(open_leads.probability, 1e-9)
    after_contract = np.where(np.isnan(told), times.to_close.ever, np.minimum(told, 1.0))
    found: Array = aged(open_leads, times) * after_contract
    return found


def _closes_from_contract(times: TimeToClose, waited: Places) -> Array:
    by_day = chance_by_day(times.of_contracts)
    found: Array = by_day[np.minimum(waited, len(by_day) - 1)]
    return found


def _before_contract(times: TimeToClose, oldest: int, horizon: int) -> Array:
    """A row for each age: of those who will close, the share that has within d days. Shape (ages, horizon + 1)."""
    signed = _padded(times.to_contract.wanted, oldest + horizon) / max(times.to_contract.ever, 1e-9)
    closed = _padded(times.to_close.wanted, horizon) / max(times.to_close.ever, 1e-9)
    steps = np.diff(np.lib.stride_tricks.sliding_window_view(signed, horizon + 1), axis=1)
    waiting = 1.0 - signed[: oldest + 1, None]
    signing = np.where(waiting > 1e-9, steps / np.maximum(waiting, 1e-9), 0.0)
    later = np.zeros((horizon, horizon + 1))
    for day in range(horizon):
        later[day, day + 1 :] = closed[: horizon - day]
    return np.clip(signing @ later, 0.0, 1.0)


def _in_contract(times: TimeToClose, horizon: int) -> Array:
    ends = times.of_contracts
    oldest = len(ends.wanted)
    closed = _padded(ends.wanted, oldest + horizon) / max(ends.ever, 1e-9)
    windows = np.lib.stride_tricks.sliding_window_view(closed, horizon + 1)
    waiting = 1.0 - windows[:, :1]
    return np.where(waiting > 1e-9, (windows - windows[:, :1]) / np.maximum(waiting, 1e-9), 0.0)


def _padded(shares: Array, days: int) -> Array:
    return np.concatenate((shares, np.full(max(0, days + 1 - len(shares)), shares[-1])))[: days + 1]


def _ratio(above: Array, below: Array, otherwise: float = 0.0) -> Array:
    return np.where(below > 1e-9, np.maximum(above, 0.0) / np.maximum(below, 1e-9), otherwise)

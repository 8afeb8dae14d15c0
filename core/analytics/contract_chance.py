"""How likely a lead in contract is to close, by how long it has been in contract: as the team's own contracts ended."""

from __future__ import annotations

from typing import Final

import numpy as np

from core.analytics.survival import Array, EndsByAge, ends_by_age

FEWEST_CLOSINGS: Final = 30  # of the team's own, for a forecast as for the chance of a contract
MOST_PROBABILITY: Final = 0.999


def ends_of_contracts(contract: Array, closed: Array, lost: Array, at: float) -> EndsByAge:
    """How contracts ended, as known at day ``at``: closed or fallen through; those still open then count as open.

    One entry a lead, shape (leads,): days since 1970, NaN for what has not happened. Leads without a contract by
    ``at`` are left out.
    """
    signed = contract <= at
    began, closed, lost = (values[signed] for values in (contract, closed, lost))
    ended = closed <= at
    fell = ~ended & (lost <= at)
    return ends_by_age(np.where(ended, closed, np.where(fell, lost, at)) - began, ended, fell)


def told_contracts(contract: Array, closed: Array, lost: Array) -> tuple[Array, Array, Array]:
    """The same leads without the contracts that nobody told, in whose place the moment of the closing stands.

    A file tells when leads closed and not when they signed: such a closing is no contract that took no time.

    >>> told_contracts(np.array([3.0, 5.0]), np.array([9.0, 5.0]), np.array([np.nan, np.nan]))[0]
    array([ 3., nan])
    """
    return np.where(contract == closed, np.nan, contract), closed, lost


def chance_by_day(ends: EndsByAge) -> Array:
    """The chance that a contract still open after d whole days closes yet, shape (days + 1,), the last for all later.

    Of those still open then, the share that closed later: (ever - closed by d) / (1 - closed by d - fallen by d).
    Of four contracts one closed on day 0 and one on day 2, and one fell through on day 1; the fourth is open on day 2:

    >>> found = ends_of_contracts(np.zeros(4), np.array([0.5, 2.5, np.nan, np.nan]), np.array([np.nan, np.nan, 1.5,
    ...     np.nan]), 2.9)
    >>> chance_by_day(found).round(3).tolist()
    [0.5, 0.333, 0.5, 0.0]
    """
    still = 1.0 - ends.wanted - ends.other
    found = np.where(still > 1e-9, np.maximum(ends.ever - ends.wanted, 0.0) / np.maximum(still, 1e-9), 0.0)
    return np.clip(found, 0.0, MOST_PROBABILITY)

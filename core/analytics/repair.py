"""What it would bring to raise the share that goes on from one stage to what the best groups reach already.

The groups' shares are first drawn towards each other, each as far as its number of leads says: of many groups, or many
spans of time, the best one always shines by luck as well. How far the groups truly lie apart is not known either, and a
few groups say little of it, so each draw takes another of the spreads that the counts allow (``spreads``).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from core.analytics.spreads import spreads
from core.analytics.stage_ways import Places
from core.analytics.survival import Array

FEWEST_SETTLED: Final = 30
DRAWS: Final = 2_000


@dataclass(frozen=True, slots=True)
class Flow:
    """``arrivals`` leads came in ``days``; a closing brings ``gci_usd`` on average, known to ``gci_error`` (one sd)."""

    arrivals: int
    days: float
    gci_usd: float | None
    gci_error: float

    @property
    def a_year(self) -> float:
        """Leads a year at this rate."""
        return 365.0 * self.arrivals / self.days


@dataclass(frozen=True, slots=True)
class Repair:
    """Raising the share of the stage at ``place`` from ``share`` to ``target``, which the ``best`` groups have.

    ``closings`` and ``gci_usd`` are what a year brings more; low and high hold 95 in 100 draws.
    """

    place: int
    share: float
    target: float
    best: tuple[int, ...]
    compared: int
    closings: float
    closings_low: float
    closings_high: float
    gci_usd: float | None
    gci_low: float | None
    gci_high: float | None


def drawn_together(on: Array, settled: Array, dice: np.random.Generator) -> tuple[Array, Array]:
    """The estimate of each group's share, shape (groups,), and draws of it, shape (groups, draws).

    Two groups at 30 of 40 and 10 of 40 stay apart, and are drawn a little to their middle; two at 21 and 19 are nearly
    one.

    >>> dice = np.random.default_rng(1)
    >>> drawn_together(np.array([30.0, 10.0]), np.array([40.0, 40.0]), dice)[0].round(2).tolist()
    [0.73, 0.27]
    >>> drawn_together(np.array([21.0, 19.0]), np.array([40.0, 40.0]), dice)[0].round(2).tolist()
    [0.51, 0.49]
    """
    concentrations, means, weights = spreads(on, settled)
    first = on + (concentrations * means)[:, None]
    second = settled - on + (concentrations * (1.0 - means))[:, None]
    pairs = dice.choice(len(weights), DRAWS, p=weights)
    return weights @ (first / (first + second)), dice.beta(first[pairs], second[pairs]).T


def repairs(groups: Sequence[tuple[Array, Array]], team: tuple[Array, Array], flow: Flow, best_share: float,
            seed: int) -> list[Repair]:  # fmt: skip
    """Judge each stage; ``groups[place]`` is (went on, settled) of its groups, ``team`` the same of all leads a stage.

    A stage is left out where fewer than two groups have 30 settled leads. ``best_share`` of the groups, at least one,
    set the target. All else stays as it is: a lead that is brought to the next stage goes on from there as others do.
    Closings a year are leads a year times the shares of the stages; in each draw every share is drawn anew.
    """
    on, settled = team
    if not settled.all() or not on.all():
        return []
    dice = np.random.default_rng(seed)
    shares = on / settled
    drawn = dice.beta(on[:, None] + 0.5, settled[:, None] - on[:, None] + 0.5, (len(on), DRAWS))
    leads = 365.0 / flow.days * dice.gamma(flow.arrivals + 0.5, size=DRAWS)
    gci = np.zeros(DRAWS) if flow.gci_usd is None else dice.normal(flow.gci_usd, flow.gci_error, DRAWS)
    found = []
    for place, (group_on, group_settled) in enumerate(groups):
        told = np.flatnonzero(group_settled >= FEWEST_SETTLED)
        if len(told) < 2:
            continue
        estimates, said = drawn_together(group_on[told], group_settled[told], dice)
        weights, best = group_settled[told] / group_settled[told].sum(), _best(estimates, best_share)
        others = np.delete(np.arange(len(on)), place)
        inside = weights[best] / weights[best].sum()
        rate, target = float(weights @ estimates), float(inside @ estimates[best])
        more = flow.a_year * float(np.prod(shares[others])) * (target - rate)
        draws = leads * np.prod(drawn[others], axis=0) * (inside @ said[best] - weights @ said)
        found.append(_repair(place, rate, target, told[best], len(told), more, draws, flow, gci))
    return found


def _best(estimates: Array, share: float) -> Places:
    return np.argsort(-estimates, kind="stable")[: max(1, math.ceil(share * len(estimates)))]


def _repair(place: int, share: float, target: float, best: Places, compared: int, more: float, draws: Array, flow: Flow,
            gci: Array) -> Repair:  # fmt: skip
    low, high = (float(end) for end in np.quantile(draws, (0.025, 0.975)))
    if flow.gci_usd is None:
        money: tuple[float | None, float | None, float | None] = (None, None, None)
    else:
        ends = np.quantile(draws * gci, (0.025, 0.975))
        money = (more * flow.gci_usd, float(ends[0]), float(ends[1]))
    return Repair(place, share, target, tuple(best.tolist()), compared, more, low, high, *money)

"""What it would bring to raise the share that goes on from one stage to what the best groups reach already.

The groups' shares are first drawn towards the team's, each as far as its number of leads says: of many groups, or many
spans of time, the best one always shines by luck as well. Reference for the beta-binomial by moments: Kleinman (1973),
J. Am. Stat. Assoc. 68, 46-54.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from core.analytics.stage_ways import Places
from core.analytics.survival import Array

FEWEST_SETTLED: Final = 30
DRAWS: Final = 2_000
ALIKE: Final = 1e6  # leads' worth of the team's share, where the groups differ no more than by chance


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


def drawn_together(on: Array, settled: Array) -> tuple[Array, Array]:
    """The beta distribution of each group's share, as its two parameters of shape (groups,).

    The prior's mean is the share of all groups together; its weight is what the spread of the groups beyond chance
    says. Two groups at 30 of 40 and 10 of 40: the variance beyond chance is (5 - 0.25) / (80 - 40) = 0.11875, the
    prior weighs 0.25 / 0.11875 - 1 = 1.105 leads.

    >>> [ends.round(3).tolist() for ends in drawn_together(np.array([30.0, 10.0]), np.array([40.0, 40.0]))]
    [[30.553, 10.553], [10.553, 30.553]]
    """
    total = float(settled.sum())
    share = float(on.sum()) / total
    chance = share * (1.0 - share)
    between = float((settled * (on / settled - share) ** 2).sum()) - (len(on) - 1) * chance
    beyond = between / (total - float((settled**2).sum()) / total) if len(on) > 1 else 0.0
    weight = min(ALIKE, chance / beyond - 1.0) if 0.0 < beyond < chance else (ALIKE if beyond <= 0.0 else 1e-6)
    tiny = 1e-9  # no beta distribution has a zero
    return np.maximum(on + weight * share, tiny), np.maximum(settled - on + weight * (1.0 - share), tiny)


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
        mine, weights, best = _best(group_on[told], group_settled[told], best_share)
        others = np.delete(np.arange(len(on)), place)
        rate, target, rates = _raised(mine, weights, best, dice)
        more = flow.a_year * float(np.prod(shares[others])) * (target - rate)
        draws = leads * np.prod(drawn[others], axis=0) * rates
        found.append(_repair(place, rate, target, told[best], len(told), more, draws, flow, gci))
    return found


def _best(on: Array, settled: Array, share: float) -> tuple[tuple[Array, Array], Array, Places]:
    first, second = drawn_together(on, settled)
    order = np.argsort(-first / (first + second), kind="stable")
    return (first, second), settled / settled.sum(), order[: max(1, math.ceil(share * len(on)))]


def _raised(
    beta: tuple[Array, Array], weights: Array, best: Places, dice: np.random.Generator
) -> tuple[float, float, Array]:
    """The groups' share together, that of the best ones, and the draws of the difference."""
    first, second = beta
    means = first / (first + second)
    inside = weights[best] / weights[best].sum()
    drawn = dice.beta(first[:, None], second[:, None], (len(first), DRAWS))
    return float(weights @ means), float(inside @ means[best]), inside @ drawn[best] - weights @ drawn


def _repair(place: int, share: float, target: float, best: Places, compared: int, more: float, draws: Array, flow: Flow,
            gci: Array) -> Repair:  # fmt: skip
    low, high = (float(end) for end in np.quantile(draws, (0.025, 0.975)))
    if flow.gci_usd is None:
        money: tuple[float | None, float | None, float | None] = (None, None, None)
    else:
        ends = np.quantile(draws * gci, (0.025, 0.975))
        money = (more * flow.gci_usd, float(ends[0]), float(ends[1]))
    return Repair(place, share, target, tuple(best.tolist()), compared, more, low, high, *money)

"""Forest or boosting: which family answers, chosen on the rows to learn from alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.training.fit import LEAST_OUTCOMES
from core.training.quality import roc_auc
from core.training.table.boost import boosts_for
from core.training.table.choice import AUTO, BOOSTING, FOREST
from core.training.table.grow import ALIKE, Grown, Plan, Tuned, calibration_of, grow, plans_for, tuned

BLOCKS: Final = (0.4, 0.55, 0.7, 0.85)  # of the rows in the order of their dates: before it is learned, after it judged
BLOCK: Final = 0.15
MOST_BLOCK_ROWS: Final = 12_000
CLEARLY_LATER: Final = 0.02  # of ROC AUC: four blocks of drifting rows differ by more than a hundredth by chance
Matrix = NDArray[np.float32]
Flags = NDArray[np.bool_]


def learn_family(
    family: str, matrix: Matrix, converted: Flags, later: bool, seed: int, tell: Callable[[str, int], None]
) -> Grown:
    """Tune and grow the ``family``; ``auto`` takes boosting when it is clearly better on rows that it has not seen.

    With ``later`` rows to judge, the rows stand in the order of their dates. Under 30 outcomes of either kind nothing
    can be compared, and a forest is grown.
    """
    rows = len(converted)
    few = min(converted.sum(), (~converted).sum()) < LEAST_OUTCOMES
    if family == FOREST or (family == AUTO and few):
        return grow(tuned(plans_for(rows, later), matrix, converted, later, seed, tell), matrix, converted, seed, tell)
    boosted = tuned(boosts_for(rows, later), matrix, converted, later, seed, tell)
    if family == BOOSTING:
        return grow(boosted, matrix, converted, seed, tell)
    forest = tuned(plans_for(rows, later), matrix, converted, later, seed, tell)
    choose = _better_later if later else _better_at_once
    better = boosted if choose(forest, boosted, matrix, converted, seed) else forest
    return grow(better, matrix, converted, seed, tell)


def _better_at_once(forest: Tuned, boosted: Tuned, _matrix: Matrix, _converted: Flags, seed: int) -> bool:
    """Whether boosting has the lower log loss, calibrated, on the rows that both were tuned on, each unseen."""
    losses = []
    for family in (forest, boosted):
        unknown = np.zeros((len(family.converted), 1))
        _, by_form = calibration_of(family.unseen, unknown, family.converted, seed)
        losses.append(min(by_form.values(), default=np.inf))
    return bool(losses[1] < losses[0] * (1 - ALIKE))


def _better_later(forest: Tuned, boosted: Tuned, matrix: Matrix, converted: Flags, seed: int) -> bool:
    return ahead_later(boosted.plan, forest.plan, matrix, converted, seed) > CLEARLY_LATER


def ahead_later(first: Plan, second: Plan, matrix: Matrix, converted: Flags, seed: int) -> float:
    """By how much ROC AUC the first plan orders later blocks of the rows better, each learned from the rows before it.

    The mean over four blocks; below 0 the second is ahead.
    """
    orders = [[_order_later(plan, matrix, converted, cut, seed) for plan in (first, second)] for cut in BLOCKS]
    return float(np.mean([ours - theirs for ours, theirs in orders]))


def _order_later(plan: Plan, matrix: Matrix, converted: Flags, cut: float, seed: int) -> float:
    """ROC AUC on the block behind ``cut``; 0.5 where a side lacks an outcome."""
    rows = len(converted)
    first, last = round(cut * rows), round((cut + BLOCK) * rows)
    before, behind = slice(max(0, first - MOST_BLOCK_ROWS), first), slice(first, last)
    if any(not 0 < converted[side].sum() < len(converted[side]) for side in (before, behind)):
        return 0.5
    fitted = plan.fitted(matrix[before], converted[before], seed)
    return roc_auc(plan.said(fitted, matrix[behind]), converted[behind])

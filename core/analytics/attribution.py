"""Which channel has which share of the conversions: rules by position, by time, and Shapley's value.

Each function returns the credit of every channel; the credits sum to the conversions with a touch. Sources: Shao and Li
(2011), "Data-driven multi-touch attribution models", KDD; Zhao, Mahboobi and Bagheri (2018), "Shapley value methods for
attribution modeling in online advertising", arXiv 1804.05327.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.analytics.markov_chain import removal_effects
from core.analytics.survival import Array
from core.analytics.touch_paths import Paths

END_SHARE: Final = 0.4


class Model(StrEnum):
    """How the credit of a conversion is shared among the channels of its path."""

    FIRST_TOUCH = "first_touch"
    LAST_TOUCH = "last_touch"
    LINEAR = "linear"
    TIME_DECAY = "time_decay"
    POSITION_BASED = "position_based"
    MARKOV_1 = "markov_1"
    MARKOV_2 = "markov_2"
    SHAPLEY = "shapley"


@dataclass(frozen=True, slots=True, eq=False)
class Credit:
    """The credit of each channel, shape (channels,): of conversions, and of what they earned (USD)."""

    conversions: Array
    gci_usd: Array


def attribute(paths: Paths, gci_usd: Array, half_life_days: float) -> dict[Model, Credit]:
    """Every model's credits. ``gci_usd`` of shape (leads,) is what each lead earned, 0 where nobody told.

    What a conversion earned is shared as its credit is; the Markov models share no single conversion, so there a
    channel's share of all conversions is its share of all earnings with a touch.
    """
    found = {}
    for model in (Model.FIRST_TOUCH, Model.LAST_TOUCH, Model.LINEAR, Model.TIME_DECAY, Model.POSITION_BASED,
                  Model.SHAPLEY):  # fmt: skip
        found[model] = _summed(paths, weights(paths, model, half_life_days), gci_usd)
    whole = found[Model.FIRST_TOUCH]
    for model, order in ((Model.MARKOV_1, 1), (Model.MARKOV_2, 2)):
        effects = removal_effects(paths, order)
        share = effects / max(float(effects.sum()), 1e-300)
        found[model] = Credit(share * whole.conversions.sum(), share * whole.gci_usd.sum())
    return {model: found[model] for model in Model}


def weights(paths: Paths, model: Model, half_life_days: float) -> Array:
    """The share of its lead's conversion that each touch has, shape (touches,); those of a lead sum to 1.

    - first, last: the whole to one touch; linear: the same to each
    - time decay: 2 ** (-days before the end / half-life), divided by their sum
    - position: 40 % to the first and to the last, 20 % to those between; of two, half each
    - Shapley: the same to each channel of the path, once (Zhao 2018, theorem on the simplified value: the worth of a
      coalition is the number of conversions whose channels all lie in it)

    >>> one = Paths(3, np.zeros(3, int), np.array([0, 1, 2]), np.array([30.0, 15.0, 0.0]), np.array([True]))
    >>> weights(one, Model.POSITION_BASED, 7).round(4).tolist()
    [0.4, 0.2, 0.4]
    >>> weights(one, Model.TIME_DECAY, 15).round(4).tolist()  # 1/4, 1/2 and 1 of 7/4
    [0.1429, 0.2857, 0.5714]
    """
    first, last = paths.ends()
    if model is Model.FIRST_TOUCH:
        raw = first.astype(float)
    elif model is Model.LAST_TOUCH:
        raw = last.astype(float)
    elif model is Model.TIME_DECAY:
        nearest = paths.before[last][np.cumsum(first) - 1] if len(first) else paths.before
        raw = np.exp2(-(paths.before - nearest) / half_life_days)  # divided by the nearest one's, so that it never is 0
    elif model is Model.POSITION_BASED:
        raw = _by_position(paths, first, last)
    elif model is Model.SHAPLEY:
        raw = _new_in_path(paths)
    else:
        raw = np.ones(len(first))
    sums = np.bincount(paths.lead, raw, minlength=len(paths.won))
    return raw / sums[paths.lead]


def _by_position(paths: Paths, first: NDArray[np.bool_], last: NDArray[np.bool_]) -> Array:
    length = np.bincount(paths.lead, minlength=len(paths.won))[paths.lead]
    return np.where(first | last, END_SHARE, (1.0 - 2 * END_SHARE) / np.maximum(length - 2, 1))


def _new_in_path(paths: Paths) -> Array:
    """1 for the first touch of each channel in a path, else 0."""
    pair = paths.lead * np.int64(paths.channels) + paths.channel
    first = np.full(len(paths.won) * paths.channels, -1, dtype=np.int64)
    first[pair[::-1]] = np.arange(len(pair))[::-1]  # of equal places the later assignment stands
    raw: Array = (first[pair] == np.arange(len(pair))).astype(np.float64)
    return raw


def _summed(paths: Paths, share: Array, gci_usd: Array) -> Credit:
    credit = share * paths.won[paths.lead]
    shares = (credit, credit * gci_usd[paths.lead])
    return Credit(*(np.bincount(paths.channel, one, minlength=paths.channels).astype(np.float64) for one in shares))

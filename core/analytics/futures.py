"""Futures of one stated model: closing by closing where they are few, by mean and variance where they are many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from core.analytics.lookup import places
from core.analytics.milestones import Places
from core.analytics.outlook import Outlook, Window
from core.analytics.survival import Array
from core.analytics.time_to_close import Chances

FUTURES: Final = 2_000
MOST_MARKS: Final = 64_000_000  # a byte each
NODES: Final = 5

Futures = Sequence[tuple[Array, Array]]


@dataclass(frozen=True, slots=True, eq=False)
class Common:
    """What many leads share in each future, shape (futures,), mean 1.

    ``level`` multiplies the chances before a contract and of leads to come, ``contract`` those in contract, ``busy``
    the arrivals.
    """

    level: Array
    contract: Array
    busy: Array


def drawn_futures(
    ahead: Outlook, windows: Sequence[Window], rate: Array, common: Common, dice: np.random.Generator
) -> Futures:
    """Count and sale volume of each window in each future, every closing drawn with its lead, day and price.

    ``rate`` (leads,) is -log(1 - q) where a lead closes with chance q up to the horizon.
    """
    before = _open_closings(ahead, np.where(ahead.in_contract, 0.0, rate), common.level, dice)
    signed = _open_closings(ahead, np.where(ahead.in_contract, rate, 0.0), common.contract, dice)
    new_future, new_day = _new_closings(ahead, common, dice)
    lead = np.concatenate((before[1], signed[1]))
    prices = np.concatenate((ahead.price_usd[lead], np.full(len(new_day), np.nan)))
    prices = np.where(np.isnan(prices), dice.choice(ahead.past_prices_usd, len(prices)), prices)
    future = np.concatenate((before[0], signed[0], new_future))
    day = np.concatenate((before[2], signed[2], new_day))
    found = []
    for window in windows:
        inside = np.flatnonzero((day > window.start) & (day <= window.end))
        here = future[inside]
        count = np.bincount(here, minlength=FUTURES).astype(np.float64)
        volume = np.bincount(here, weights=prices[inside], minlength=FUTURES).astype(np.float64)
        found.append((count, volume))
    return found


def summed_futures(
    ahead: Outlook, windows: Sequence[Window], rate: Array, common: Common, dice: np.random.Generator
) -> Futures:
    """The same where closings are very many: given what is common to the leads, their sums are normal.

    Mean and variance of the sums are exact at five values of the common factor and a polynomial through these between.
    """
    chance = dice.standard_normal(FUTURES)
    usual = float(ahead.past_prices_usd.mean())
    squared = float((ahead.past_prices_usd**2).mean())
    unknown = np.isnan(ahead.price_usd)
    price = np.where(unknown, usual, ahead.price_usd)
    price_squared = np.where(unknown, squared, price**2)
    by_day, found = ahead.new_by_day(), []
    sums = np.zeros((len(windows), 4, FUTURES))
    for kind, factor in ((False, common.level), (True, common.contract)):
        here = np.flatnonzero((ahead.in_contract == kind) & (rate > 0))
        sums += _sums(ahead, windows, here, rate[here], factor, price[here], price_squared[here])
    for window, (count, spread, volume, volume_spread) in zip(windows, sums, strict=True):
        new = common.level * common.busy * (by_day[window.end] - by_day[window.start])
        closings = np.rint(count + new + chance * np.sqrt(np.maximum(spread, 0.0) + new))
        sold = volume + new * usual + chance * np.sqrt(np.maximum(volume_spread, 0.0) + new * squared)
        found.append((np.maximum(closings, 0.0), np.maximum(sold, 0.0)))
    return found


def _sums(
    ahead: Outlook, windows: Sequence[Window], here: Places, rate: Array, factor: Array, price: Array, squared: Array
) -> Array:
    """Mean and variance of count and of volume for each window and future, shape (windows, 4, futures)."""
    if not len(here):
        return np.zeros((len(windows), 4, len(factor)))
    low, high = float(factor.min()), float(factor.max())
    nodes = np.linspace(low, high, NODES if high > low else 1)
    ends = ahead.chances.by_day[:, -1]
    by_day = ahead.chances.by_day / np.where(ends > 0, ends, 1.0)[:, None]
    row = ahead.chances.row[here]
    shares = [(by_day[:, window.end] - by_day[:, window.start])[row] for window in windows]
    at_nodes = np.empty((len(windows), 4, len(nodes)))
    for at, node in enumerate(nodes):
        closes = -np.expm1(-node * rate)
        for which, share in enumerate(shares):
            chance = closes * share
            earned = chance * price
            at_nodes[which, :, at] = (
                chance.sum(), chance.sum() - chance @ chance, earned.sum(), chance @ squared - earned @ earned
            )  # fmt: skip
    return at_nodes @ _between(nodes, factor)


def _between(nodes: Array, at: Array) -> Array:
    """The weights of values at ``nodes`` in the polynomial through them, shape (nodes, at), as Lagrange wrote it.

    >>> (np.array([1.0, 4.0, 9.0]) @ _between(np.array([1.0, 2.0, 3.0]), np.array([1.5, 2.5]))).tolist()  # squares
    [2.25, 6.25]
    """
    return np.array(
        [
            np.prod([(at - other) / (one - other) for other in nodes[nodes != one]], axis=0) * np.ones(len(at))
            for one in nodes
        ]
    )


def _open_closings(
    ahead: Outlook, rate: Array, level: Array, dice: np.random.Generator
) -> tuple[Places, Places, Places]:
    """Closings of open leads in all futures, for the leads with a ``rate``: which future, which lead, which day.

    A lead that closes with probability q has at least one point of a Poisson process with mean -log(1 - q). So points
    are drawn, spread over the leads, and counted once a lead: exact, and the work grows with the closings alone.
    """
    total = float(rate.sum())
    if total <= 0:
        none = np.zeros(0, dtype=np.int64)
        return none, none, none
    points = dice.poisson(level * total)
    edges = np.cumsum(rate)
    lead = places(edges, dice.random(int(points.sum())) * edges[-1], "right")
    pairs = np.repeat(np.arange(len(level)), points) * len(rate) + np.minimum(lead, len(rate) - 1)
    pairs = _once(pairs, len(level) * len(rate))
    ends = np.searchsorted(pairs, np.arange(1, len(level) + 1) * len(rate))  # pairs rise: no need to divide each
    future = np.repeat(np.arange(len(level)), np.diff(ends, prepend=0))
    lead = pairs - future * len(rate)
    return future, lead, _days(ahead.chances, lead, dice)


def _once(pairs: Places, end: int) -> Places:
    """What occurs among numbers in [0, end), rising and each once."""
    if end <= MOST_MARKS:
        marks = np.zeros(end, dtype=np.bool_)
        marks[pairs] = True
        return np.flatnonzero(marks)
    pairs.sort()  # four times as fast as numpy's unique, which hashes
    return pairs[np.diff(pairs, prepend=-1) > 0]


def _days(found: Chances, lead: Places, dice: np.random.Generator) -> Places:
    """A day for each closing, by the row of its lead: where a random share of the row's end is passed."""
    ends = found.by_day[:, -1:]
    shares = found.by_day / np.where(ends > 0, ends, 1.0)
    row = found.row[lead]
    flat = (np.arange(len(shares))[:, None] + 0.999 * shares).ravel()
    place = places(flat, row + 0.999 * dice.random(len(row)), "left")
    days: Places = np.clip(place - row * shares.shape[1], 1, shares.shape[1] - 1)
    return days


def _new_closings(ahead: Outlook, common: Common, dice: np.random.Generator) -> tuple[Places, Places]:
    by_day = ahead.new_by_day()
    if by_day[-1] <= 0:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    counts = dice.poisson(common.level * common.busy * by_day[-1])
    day = np.searchsorted(by_day, dice.random(int(counts.sum())) * by_day[-1], side="left")
    return np.repeat(np.arange(FUTURES), counts), np.maximum(day, 1)

"""A forecast of closings and commission: many possible futures of one stated model.

Each open lead closes or not by its own chance, on a day by the team's own times to close (``core.analytics.
time_to_close``). Leads yet to come arrive at the rate of the last weeks and close as the team's leads do. Two things
are uncertain for all leads at once and vary from future to future: the level of all chances, which as many closings
as were seen leave uncertain, and the rate of arrivals, by how much the weeks differed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from core.analytics.lookup import places
from core.analytics.milestones import Milestones, Places, Standing
from core.analytics.survival import Array
from core.analytics.time_to_close import Chances, TimeToClose, chances

FUTURES: Final = 2_000
FEWEST_FUTURES: Final = 200
MOST_PICKS: Final = 400_000
MOST_MARKS: Final = 64_000_000  # a byte each
RECENT_WEEKS: Final = 13
FEWEST_CLOSINGS: Final = 30
QUANTILES: Final = (0.1, 0.5, 0.9)


@dataclass(frozen=True, slots=True)
class Window:
    """The days after the moment of the forecast from ``start`` (exclusive) to ``end`` (inclusive)."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Band:
    """``expected`` is the mean, computed, not drawn; one future in ten lies below ``low`` and one above ``high``."""

    expected: float
    low: float
    middle: float
    high: float

    def holds(self, value: float) -> bool:
        """Whether ``value`` lies in the band, its ends included."""
        return self.low <= value <= self.high


@dataclass(frozen=True, slots=True)
class WindowForecast:
    """Closings and their sale volume in a window; ``expected_new`` are the closings of leads yet to come."""

    window: Window
    closings: Band
    volume_usd: Band
    expected_new: float


@dataclass(frozen=True, slots=True)
class Arrivals:
    """New leads a day, and how uncertain that is: the standard error as a share of it."""

    per_day: float
    relative_error: float
    weeks: int


@dataclass(frozen=True, slots=True, eq=False)
class Outlook:
    """All that a forecast is made from: open leads with their chances and prices, and what is to come.

    A lead whose price is not known (NaN) sells at one of the past prices, another one in each future.
    ``new_closed`` (horizon + 1,) is the share of new leads closed by each age; ``past_prices_usd`` are those of past
    sales; ``level_error`` the relative standard error of the level of all chances.
    """

    chances: Chances
    price_usd: Array
    arrivals: Arrivals
    new_closed: Array
    past_prices_usd: Array
    level_error: float

    @property
    def horizon(self) -> int:
        """How many days the forecast can look ahead."""
        return len(self.new_closed) - 1

    def new_by_day(self) -> Array:
        """Expected closings of leads yet to come by each day, shape (horizon + 1,)."""
        return self.arrivals.per_day * np.cumsum(np.concatenate(([0.0], self.new_closed[:-1])))


def outlook(
    open_leads: Standing,
    times: TimeToClose,
    arrivals: Arrivals,
    past_prices_usd: Array,
    horizon: int,
    closings: int | None = None,
) -> Outlook:
    """Put a forecast together; ``past_prices_usd``, those of past sales, must not be empty.

    ``closings`` are those that the level of the chances was seen in; None: all that ``times`` were learned from.
    """
    return Outlook(
        chances=chances(open_leads, times, horizon),
        price_usd=open_leads.sale_price_usd,
        arrivals=arrivals,
        new_closed=times.new_leads_closed(horizon),
        past_prices_usd=past_prices_usd,
        level_error=1.0 / max(times.closings if closings is None else closings, 1) ** 0.5,
    )


def recent_arrivals(milestones: Milestones, at: float) -> Arrivals:
    """The rate of the last 13 weeks (fewer when the record is younger), with how much weeks differ.

    The variance of a week over its mean, at least 1 as for independent arrivals, widens the error of the mean.
    """
    arrived = milestones.arrived[milestones.arrived <= at]
    weeks = int(min(RECENT_WEEKS, (at - arrived.min()) // 7)) if len(arrived) else 0
    if weeks == 0:
        return Arrivals(0.0, 0.0, 0)
    back = np.floor((at - arrived) / 7.0).astype(np.int64)
    counts = np.bincount(back[back < weeks], minlength=weeks)
    mean = float(counts.mean())
    if mean == 0:
        return Arrivals(0.0, 0.0, weeks)
    spread = max(1.0, float(counts.var(ddof=1)) / mean) if weeks > 1 else 1.0
    return Arrivals(mean / 7.0, (spread / (mean * weeks)) ** 0.5, weeks)


def forecast(ahead: Outlook, windows: tuple[Window, ...], seed: int) -> list[WindowForecast]:
    """What each window brings. The same ``ahead`` and ``seed`` give the same figures."""
    dice = np.random.default_rng(seed)
    rate = -np.log1p(-ahead.chances.within(ahead.horizon))
    futures = int(np.clip(MOST_PICKS / max(float(rate.sum()), 1.0), FEWEST_FUTURES, FUTURES))
    level = _factor(dice, ahead.level_error, futures)
    future, lead, day = _open_closings(ahead, rate, level, dice)
    new_future, new_day = _new_closings(ahead, level, dice)
    prices = np.concatenate((ahead.price_usd[lead], np.full(len(new_day), np.nan)))
    prices = np.where(np.isnan(prices), dice.choice(ahead.past_prices_usd, len(prices)), prices)
    futures_of, days = np.concatenate((future, new_future)), np.concatenate((day, new_day))
    found = []
    for window in windows:
        whole = window.start == 0 and window.end == ahead.horizon  # every closing is on a day from 1 to the horizon
        inside = slice(None) if whole else np.flatnonzero((days > window.start) & (days <= window.end))
        here = futures_of[inside]
        count = np.bincount(here, minlength=futures).astype(np.int64)
        volume = np.bincount(here, weights=prices[inside], minlength=futures).astype(np.float64)
        found.append(_told(ahead, window, count, volume))
    return found


def _factor(dice: np.random.Generator, error: float, futures: int) -> Array:
    """Positive factors with mean 1 and standard deviation ``error``."""
    if error <= 0:
        return np.ones(futures)
    return dice.gamma(1.0 / error**2, error**2, futures)


def _open_closings(
    ahead: Outlook, rate: Array, level: Array, dice: np.random.Generator
) -> tuple[Places, Places, Places]:
    """Closings of open leads in all futures: which future, which lead, which day.

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


def _new_closings(ahead: Outlook, level: Array, dice: np.random.Generator) -> tuple[Places, Places]:
    by_day = ahead.new_by_day()
    if by_day[-1] <= 0:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    busy = _factor(dice, ahead.arrivals.relative_error, len(level))
    counts = dice.poisson(level * busy * by_day[-1])
    day = np.searchsorted(by_day, dice.random(int(counts.sum())) * by_day[-1], side="left")
    return np.repeat(np.arange(len(level)), counts), np.maximum(day, 1)


def _told(ahead: Outlook, window: Window, count: Places, volume: Array) -> WindowForecast:
    chance = ahead.chances.within(window.end) - ahead.chances.within(window.start)
    by_day = ahead.new_by_day()
    new = float(by_day[window.end] - by_day[window.start])
    usual = float(ahead.past_prices_usd.mean())
    price = np.where(np.isnan(ahead.price_usd), usual, ahead.price_usd)
    return WindowForecast(
        window=window,
        closings=Band(float(chance.sum()) + new, *_quantiles(count)),
        volume_usd=Band(float((chance * price).sum()) + new * usual, *_quantiles(volume)),
        expected_new=new,
    )


def _quantiles(values: Array | Places) -> tuple[float, float, float]:
    low, middle, high = np.quantile(values, QUANTILES, method="inverted_cdf")
    return float(low), float(middle), float(high)

"""A forecast of closings and commission: many possible futures of one stated model.

Each open lead closes or not by its own chance, on a day by the team's own times to close (``core.analytics.
time_to_close``). Leads yet to come arrive at the rate of the last weeks and close as the team's leads do. Three things
are uncertain for many leads at once and vary from future to future: the level of all chances before a contract, which
as many closings as were seen leave uncertain and which differs from season to season; the share of contracts that
close; and the rate of arrivals, by how much the weeks differed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from core.analytics.futures import FUTURES, Common, drawn_futures, summed_futures
from core.analytics.outlook import Outlook, Window
from core.analytics.survival import Array

FEWEST_SUMMED: Final = 200  # expected closings from which sums are taken as normal and no lead is drawn
QUANTILES: Final = (0.1, 0.5, 0.9)


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


def forecast(ahead: Outlook, windows: tuple[Window, ...], seed: int) -> list[WindowForecast]:
    """What each window brings. The same ``ahead`` and ``seed`` give the same figures."""
    dice = np.random.default_rng(seed)
    common = Common(
        level=_factor(dice, ahead.level_error), contract=_factor(dice, ahead.contract_error),
        busy=_factor(dice, ahead.arrivals.relative_error),
    )  # fmt: skip
    rate = -np.log1p(-ahead.chances.within(ahead.horizon))
    many = float(rate.sum()) > FEWEST_SUMMED
    drawn = (summed_futures if many else drawn_futures)(ahead, windows, rate, common, dice)
    return [_told(ahead, window, *future) for window, future in zip(windows, drawn, strict=True)]


def _factor(dice: np.random.Generator, error: float) -> Array:
    """Positive factors with mean 1 and standard deviation ``error``, one a future."""
    if error <= 0:
        return np.ones(FUTURES)
    return dice.gamma(1.0 / error**2, error**2, FUTURES)


def _told(ahead: Outlook, window: Window, count: Array, volume: Array) -> WindowForecast:
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


def _quantiles(values: Array) -> tuple[float, float, float]:
    low, middle, high = np.quantile(values, QUANTILES, method="inverted_cdf")
    return float(low), float(middle), float(high)

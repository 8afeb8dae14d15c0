"""Forecasts of the past that are remembered: those of ``forecast``, and drawn again only for a reason."""

from __future__ import annotations

import numpy as np

from core.analytics.backtest import Remembered, backtest, moments
from core.analytics.forecast import WindowForecast, forecast
from core.analytics.milestones import Milestones
from core.analytics.outlook import Outlook, Window
from tests.analytics.made import drawn

COLUMNS = ("arrived", "contract", "closed", "lost", "sale_price_usd")


def copied(of: Milestones) -> Milestones:
    return Milestones(*(getattr(of, name).copy() for name in COLUMNS))


def test_a_forecast_of_the_past_is_drawn_again_only_when_what_was_known_then_changed() -> None:
    drawings: list[int] = []

    def counted(ahead: Outlook, windows: tuple[Window, ...], seed: int) -> list[WindowForecast]:
        drawings.append(seed)
        return forecast(ahead, windows, seed)

    remembered = Remembered(counted)
    milestones, scores = drawn(1_500, seed=3)
    plain = list(backtest(milestones, scores, 600.0, 3))
    assert list(backtest(milestones, scores, 600.0, 3, told=remembered)) == plain
    assert len(drawings) == len(plain) == len(moments(milestones, 600.0))

    today = Milestones(*(np.append(getattr(milestones, name), (599.5, *[np.nan] * 4)[at])
                         for at, name in enumerate(COLUMNS)))  # fmt: skip
    assert list(backtest(today, scores, 600.0, 3, told=remembered)) == plain
    assert len(drawings) == len(plain)

    later = copied(milestones)
    first = int(np.flatnonzero((later.contract > 400) & ~np.isnan(later.closed))[0])
    later.sale_price_usd[first] += 1.0  # corrected today, so the forecasts from the contract on are others
    known = sum(at >= later.contract[first] for at in moments(milestones, 600.0))
    assert list(backtest(later, scores, 600.0, 3, told=remembered)) == list(backtest(later, scores, 600.0, 3))
    assert len(drawings) - len(plain) == known > 0


def test_another_seed_or_window_is_another_forecast() -> None:
    remembered = Remembered()
    milestones, scores = drawn(1_500, seed=3)
    for end, seed in ((600.0, 3), (600.0, 4), (590.0, 4)):
        told = list(backtest(milestones, scores, end, seed, told=remembered))
        assert told == list(backtest(milestones, scores, end, seed))

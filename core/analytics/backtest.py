"""Forecasts as they would have been made in the past, against what happened."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from core.analytics.contract_chance import FEWEST_CLOSINGS, ends_of_contracts, told_contracts
from core.analytics.forecast import Band, WindowForecast, forecast
from core.analytics.level_drift import contracts_by_season, level_variance
from core.analytics.milestones import Milestones, Scores, arrived_by, standing
from core.analytics.outlook import Outlook, Window, outlook, recent_arrivals
from core.analytics.survival import Array
from core.analytics.time_to_close import learn_known

HORIZONS: Final = (30, 60, 90)
STEP_DAYS: Final = 14
SHORTEST: Final = HORIZONS[0]
MOST_REMEMBERED: Final = 128
Told = Callable[[Outlook, tuple[Window, ...], int], list[WindowForecast]]


@dataclass(frozen=True, slots=True)
class Tried:
    """One forecast of the past: made at day ``made`` for ``days`` ahead; what it said, and what happened."""

    made: float
    days: int
    closings: Band
    closed: int
    volume_usd: Band
    closed_volume_usd: float


class Remembered:
    """Forecasts that are told once for each basis, window and seed: a lead of today changes none of the past.

    Of the last 128 bases; one that is told anew stands for itself.
    """

    def __init__(self, told: Told = forecast) -> None:
        self._told = told
        self._kept: dict[bytes, list[WindowForecast]] = {}

    def __call__(self, ahead: Outlook, windows: tuple[Window, ...], seed: int) -> list[WindowForecast]:
        """What ``forecast`` says."""
        basis = _digest(ahead, windows, seed)
        found = self._kept.get(basis)
        if found is None:
            found = self._told(ahead, windows, seed)
            while len(self._kept) >= MOST_REMEMBERED:
                self._kept.pop(next(iter(self._kept)), None)
            self._kept[basis] = found
        return found


def _digest(ahead: Outlook, windows: tuple[Window, ...], seed: int) -> bytes:
    """All that a forecast is computed from, in 32 bytes."""
    found = hashlib.blake2b(
        repr((windows, seed, ahead.arrivals, ahead.level_error, ahead.contract_error)).encode(), digest_size=32
    )
    of = ahead.chances
    for values in (
        of.ever,
        of.row,
        of.by_day,
        ahead.in_contract,
        ahead.price_usd,
        ahead.new_closed,
        ahead.past_prices_usd,
    ):
        found.update(repr((values.shape, values.dtype)).encode())
        found.update(np.ascontiguousarray(values).data)
    return found.digest()


def past_prices(milestones: Milestones, at: float) -> Array:
    """The prices of the sales closed by day ``at`` whose price is known."""
    prices = milestones.sale_price_usd[milestones.closed <= at]
    return prices[~np.isnan(prices)]


def outlook_at(milestones: Milestones, scores: Scores, at: float, horizon: int, team: Milestones) -> Outlook | None:
    """The forecast's basis as known at day ``at``; None when the team had fewer than 30 closings or no known price.

    What leads do is learned from ``milestones`` where these had 30 closings by then, else from the whole ``team``. How
    contracts end is always the team's: so a lead in contract has one chance, whatever selection it is seen in. Where
    fewer than 30 closed of which the contract was told, it counts like the others, by its score.
    """
    base = learned_from(milestones, at, team)
    if base is None:
        return None
    known, prices = arrived_by(base, at), past_prices(base, at)
    times = learn_known(known, at)
    closings = times.closings
    if base is not team:
        times = replace(times, to_close=ends_of_contracts(team.contract, team.closed, team.lost, at))
    variance = level_variance(*contracts_by_season(known, times.to_contract, at))
    open_leads, arrivals = standing(milestones, scores, at), recent_arrivals(milestones, at)
    told = ends_of_contracts(*told_contracts(team.contract, team.closed, team.lost), at)
    if told.events < FEWEST_CLOSINGS:
        open_leads = replace(open_leads, in_contract=np.full(len(open_leads), np.nan))
    else:
        times = replace(times, told=told)
    return outlook(open_leads, times, arrivals, prices, horizon, closings, variance)


def learned_from(milestones: Milestones, at: float, team: Milestones) -> Milestones | None:
    """The first of the two that had 30 closings and a known price by day ``at``; None when neither had."""
    for leads in (milestones, team):
        if int((leads.closed <= at).sum()) >= FEWEST_CLOSINGS and len(past_prices(leads, at)):
            return leads
    return None


def moments(team: Milestones, end: float) -> list[float]:
    """Every 14th day, the last of them 30 days before ``end``, on which enough closings were known."""
    closed = np.sort(team.closed[~np.isnan(team.closed)])
    if len(closed) < FEWEST_CLOSINGS:
        return []
    return list(np.arange(end - SHORTEST, closed[FEWEST_CLOSINGS - 1], -STEP_DAYS))[::-1]


def backtest(
    milestones: Milestones,
    scores: Scores,
    end: float,
    seed: int,
    team: Milestones | None = None,
    told: Told = forecast,
) -> Iterator[Sequence[Tried]]:
    """For each of ``moments`` the forecasts whose window lies before ``end``, oldest first.

    ``milestones`` are those of the ``team`` (all leads) or of a selection; ``told`` is ``forecast``, or remembers it.
    """
    everyone = milestones if team is None else team
    for at in moments(everyone, end):
        days = [horizon for horizon in HORIZONS if at + horizon <= end]
        basis = outlook_at(milestones, scores, at, max(days), everyone)
        yield [] if basis is None else _tried(milestones, basis, at, told(basis, _windows(days), seed))


def _windows(days: Sequence[int]) -> tuple[Window, ...]:
    return tuple(Window(0, horizon) for horizon in days)


def _tried(milestones: Milestones, basis: Outlook, at: float, told: Sequence[WindowForecast]) -> list[Tried]:
    usual = float(basis.past_prices_usd.mean())
    found = []
    for one in told:
        closed = (milestones.closed > at) & (milestones.closed <= at + one.window.end)
        prices = milestones.sale_price_usd[closed]
        volume = float(np.where(np.isnan(prices), usual, prices).sum())
        found.append(Tried(at, one.window.end, one.closings, int(closed.sum()), one.volume_usd, volume))
    return found

"""What the next weeks bring, and how such forecasts did in the past."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Final

import numpy as np

from core.leads import utc_now
from core.leads.clock import day_begun, in_days, month_after, of_days
from core.leads.money import CENT
from core.scoring.selective import wilson
from core.services.access import Right, for_right
from core.services.commission.commission_plans import plans
from core.store import LeadFilter
from core.words import month_words

if TYPE_CHECKING:
    from core.analytics.backtest import Tried
    from core.analytics.forecast import Band, WindowForecast
    from core.analytics.milestones import Milestones, Scores
    from core.analytics.outlook import Arrivals
    from core.services.center import CommandCenter
    from core.store.connect import Database
    from core.store.figures.pipeline import Rates

HORIZONS: Final = (30, 60, 90)
MONTHS: Final = 3  # after the present one
Progress = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class MoneyBand:
    """Commission in USD: the mean, and what one future in ten lies below and one in ten above."""

    expected: Decimal
    low: Decimal
    middle: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True)
class Expected:
    """A window of days, ``start`` to ``end`` inclusive: its closings and their commission.

    ``expected_new`` of the expected closings are of leads yet to come.
    """

    start: date
    end: date
    closings: Band
    commission: MoneyBand
    expected_new: float

    @property
    def month(self) -> str:
        """The month that it is, or the rest of one; for those of ``by_month``."""
        return month_words(self.start) if self.start.day == 1 else f"Rest of {self.start:%b}"


@dataclass(frozen=True, slots=True)
class Basis:
    """What a forecast stands on, in numbers of leads.

    ``learned_from_all``: the selection had too few closings of its own, so times to close are the whole team's.
    ``without_closing`` scores say how likely a contract is, not how likely a closing. ``by_contracts``: leads in
    contract count by how the team's contracts ended, of which enough were told.
    """

    closings: int
    open_leads: int
    in_contract: int
    without_score: int
    without_price: int
    without_closing: int
    arrivals: Arrivals
    learned_from_all: bool
    by_contracts: bool


@dataclass(frozen=True, slots=True)
class Outlook:
    """The forecast at the end of ``made_on`` (UTC); without closings enough (``too_few`` says how many) it is empty."""

    made_on: date
    by_horizon: tuple[Expected, ...] = ()
    by_month: tuple[Expected, ...] = ()
    basis: Basis | None = None
    too_few: int | None = None


@dataclass(frozen=True, slots=True)
class PastForecast:
    """A forecast of the past: made at the end of ``made_on`` for ``days`` ahead, and what happened."""

    made_on: date
    days: int
    closings: Band
    closed: int
    commission: MoneyBand
    earned: Decimal

    @property
    def held(self) -> bool:
        """Whether the band of closings held what happened."""
        return self.closings.holds(self.closed)

    @property
    def held_commission(self) -> bool:
        """Whether the band of commission held what was earned."""
        return self.commission.low <= self.earned <= self.commission.high


@dataclass(frozen=True, slots=True)
class Held:
    """How often the range of forecasts for ``days`` ahead, made on ``dates`` dates, held the truth.

    The windows overlap: no more than ``separate`` of them lie side by side in the days looked at.
    """

    days: int
    dates: int
    held: int
    separate: int

    @classmethod
    def of(cls, past: Sequence[PastForecast], days: int, money: bool) -> Held | None:
        """Count the forecasts for ``days`` ahead among ``past``, by commission or by closings; None without any."""
        ahead = [one for one in past if one.days == days]
        if not ahead:
            return None
        looked_at = (max(one.made_on for one in ahead) - min(one.made_on for one in ahead)).days + days
        held = sum(one.held_commission if money else one.held for one in ahead)
        return cls(days, len(ahead), held, min(len(ahead), looked_at // days))

    @property
    def share(self) -> float:
        """The share that held it."""
        return self.held / self.dates

    @property
    def interval(self) -> tuple[float, float]:
        """At 95 % by Wilson, of as many windows as lie side by side: what overlaps tells little new."""
        return wilson(self.share * self.separate, self.separate)


@for_right(Right.MONEY)
def outlook(center: CommandCenter, wanted: LeadFilter, now: datetime | None = None) -> Outlook:
    """The forecast for the leads of a filter; its period is left aside. Kept until the data or the day change.

    Raises StoreUnavailable.
    """
    moment = now or utc_now()
    selection = replace(wanted, created_from=None, created_to=None)
    rates = plans(center).rates(moment.astimezone(UTC).date())
    key = ("outlook", selection, moment.astimezone(UTC).date(), rates.default)
    return center.analysed(key, lambda: _outlook(center, selection, moment, rates))


@for_right(Right.MONEY)
def past_forecasts(
    center: CommandCenter, wanted: LeadFilter, now: datetime | None = None, progress: Progress | None = None
) -> list[PastForecast]:
    """Forecasts as they would have been made every 14 days, oldest first; empty without enough closings.

    Only what was known on the day counts: scores made and outcomes that had occurred by then. ``progress`` is called
    with the share done. Kept until the data or the day change. Raises StoreUnavailable.
    """
    moment = now or utc_now()
    selection = replace(wanted, created_from=None, created_to=None)
    rates = plans(center).rates(moment.astimezone(UTC).date())
    key = ("past forecasts", selection, moment.astimezone(UTC).date(), rates.default)
    return center.analysed(key, lambda: _past(center, selection, moment, rates, progress))


def _outlook(center: CommandCenter, selection: LeadFilter, now: datetime, rates: Rates) -> Outlook:
    from core.analytics.backtest import outlook_at
    from core.analytics.forecast import forecast
    from core.analytics.outlook import Window
    from core.store.figures.milestones import read_milestones

    database = center.store.database
    made_on = now.astimezone(UTC).date()
    at = in_days(day_begun(now)) + 1.0
    milestones, scores = read_milestones(database, selection, now, rates=rates)
    team = _of_the_team(database, milestones, selection, now, rates)
    months = _months(made_on)
    windows = (*(Window(0, days) for days in HORIZONS), *(Window(*span) for span in months))
    ahead = outlook_at(milestones, scores, at, max(HORIZONS[-1], months[-1][1]), team)
    if ahead is None:
        return Outlook(made_on, too_few=int((team.closed <= at).sum()))
    told = [_expected(one, made_on) for one in forecast(ahead, windows, seed=center.store.version())]
    basis = _basis(milestones, scores, at, team)
    return Outlook(made_on, tuple(told[: len(HORIZONS)]), tuple(told[len(HORIZONS) :]), basis)


def _past(
    center: CommandCenter, selection: LeadFilter, now: datetime, rates: Rates, progress: Progress | None
) -> list[PastForecast]:
    from threadpoolctl import threadpool_limits

    from core.analytics.backtest import Remembered, backtest, moments
    from core.store.figures.milestones import read_milestones

    database = center.store.database
    end = in_days(day_begun(now))
    milestones, scores = read_milestones(database, selection, now, every_score=True, rates=rates)
    team = _of_the_team(database, milestones, selection, now, rates)
    total = max(1, len(moments(team, end)))
    found: list[PastForecast] = []
    told = center.kept.per_version(0, ("told of the past", selection), Remembered)
    seed = int(end)  # of the day, not of the data: what comes in today is no reason to draw the past anew
    with threadpool_limits(1):  # its products of matrices are small: threads would only wait for one another
        for done, tried in enumerate(backtest(milestones, scores, end, seed, team, told), start=1):
            found += [_past_forecast(one) for one in tried]
            if progress is not None:
                progress(done / total)
    return found


def _of_the_team(
    database: Database, milestones: Milestones, selection: LeadFilter, now: datetime, rates: Rates
) -> Milestones:
    """The milestones of all leads; those of the ``selection`` where it is all of them."""
    from core.store.figures.milestones import read_milestones

    everyone = LeadFilter()
    return milestones if selection == everyone else read_milestones(database, everyone, now, rates=rates)[0]


def _basis(milestones: Milestones, scores: Scores, at: float, team: Milestones) -> Basis:
    from core.analytics.backtest import learned_from
    from core.analytics.contract_chance import FEWEST_CLOSINGS, ends_of_contracts, told_contracts
    from core.analytics.milestones import standing
    from core.analytics.outlook import recent_arrivals

    here = standing(milestones, scores, at)
    base = learned_from(milestones, at, team)
    scored = ~np.isnan(here.probability)
    before = np.isnan(here.in_contract)
    ended = ends_of_contracts(*told_contracts(team.contract, team.closed, team.lost), at)
    return Basis(
        closings=0 if base is None else int((base.closed <= at).sum()),
        open_leads=len(here),
        in_contract=int((~before).sum()),
        without_score=int((~scored & before).sum()),
        without_price=int(np.isnan(here.sale_price_usd).sum()),
        without_closing=int((scored & before & np.isnan(here.closing)).sum()),
        arrivals=recent_arrivals(milestones, at),
        learned_from_all=base is not milestones,
        by_contracts=ended.events >= FEWEST_CLOSINGS,
    )


def _expected(told: WindowForecast, made_on: date) -> Expected:
    return Expected(
        start=made_on + timedelta(days=told.window.start + 1),
        end=made_on + timedelta(days=told.window.end),
        closings=told.closings,
        commission=_money(told.volume_usd),
        expected_new=told.expected_new,
    )


def _past_forecast(told: Tried) -> PastForecast:
    return PastForecast(
        made_on=of_days(round(told.made) - 1).date(),
        days=told.days,
        closings=told.closings,
        closed=told.closed,
        commission=_money(told.volume_usd),
        earned=_commission(told.closed_volume_usd),
    )


def _money(band: Band) -> MoneyBand:
    return MoneyBand(*(_commission(usd) for usd in (band.expected, band.low, band.middle, band.high)))


def _commission(usd: float) -> Decimal:
    """To the cent; prices were read as what the team earns of them."""
    return Decimal(repr(usd)).quantize(CENT)


def _months(made_on: date) -> list[tuple[int, int]]:
    """The rest of the present month, when a day of it is left, and the next three, in days after ``made_on``."""
    spans, start = [], 0
    month = made_on.replace(day=1)
    for _ in range(MONTHS + 1):
        month = month_after(month)
        end = (month - made_on).days - 1
        if end > start:
            spans.append((start, end))
        start = end
    return spans

"""What an agent agreed with the brokerage, from a day on: rates by side, plan, own terms by source, the plan's year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from core.commission.net import CommissionPlan
from core.commission.rates import SideRates, checked_share
from core.commission.splits import SplitTier, checked_tiers
from core.leads import usd

RATE_DIGITS = 6  # of a side rate: what the database multiplies with are millionths


@dataclass(frozen=True, slots=True)
class SourceTerms:
    """What differs for leads of one source: the referral fee, and the split where ``tiers`` are given."""

    referral_rate: Decimal = Decimal(0)
    tiers: tuple[SplitTier, ...] | None = None


@dataclass(frozen=True, slots=True)
class Agreement:
    """Side rates and plan, with terms of their own for some sources.

    ``anniversary`` is the month and day on which tiers and caps begin anew; None: on January 1. February 29 counts
    as March 1 in other years. Raises ValueError with a sentence for what cannot be.
    """

    side_rates: SideRates
    plan: CommissionPlan = field(default_factory=CommissionPlan)
    by_source: Mapping[str, SourceTerms] = field(default_factory=dict)
    anniversary: tuple[int, int] | None = None

    def __post_init__(self) -> None:
        for name, rate in (("buyer's side", self.side_rates.buyer), ("seller's side", self.side_rates.seller)):
            if rate != round(rate, RATE_DIGITS):
                raise ValueError(f"{name} is {rate}; at most {RATE_DIGITS} digits after the point")
        _check_plan(self.plan)
        for source, terms in self.by_source.items():
            checked_share(terms.referral_rate, f"referral fee of {source}")
            if terms.tiers is not None:
                _open_ended(terms.tiers)
        if self.anniversary is not None:
            _on(2024, *self.anniversary)

    def plan_for(self, source: str | None) -> CommissionPlan:
        """The plan of a closing that came from ``source``."""
        terms = self.terms_for(source)
        if terms is None:
            return self.plan
        return replace(self.plan, referral_rate=terms.referral_rate, tiers=terms.tiers or self.plan.tiers)

    def terms_for(self, source: str | None) -> SourceTerms | None:
        """The source's own terms: by its very name, else in whatever case a lead brings it; None where it has none.

        >>> made = Agreement(SideRates.halves(Decimal("0.06")), by_source={"Zillow": SourceTerms(Decimal("0.35"))})
        >>> made.terms_for("zillow").referral_rate, made.terms_for("Referral")
        (Decimal('0.35'), None)
        >>> two = {"Zillow": SourceTerms(Decimal("0.35")), "zillow": SourceTerms(Decimal("0.25"))}
        >>> Agreement(SideRates.halves(Decimal("0.06")), by_source=two).terms_for("zillow").referral_rate
        Decimal('0.25')
        """
        named = source or ""
        if named in self.by_source:
            return self.by_source[named]
        wanted = named.casefold()
        return next((terms for name, terms in self.by_source.items() if name.casefold() == wanted), None)

    def year_start(self, on: date) -> date:
        """The first day of the plan's year that ``on`` lies in.

        >>> rates = SideRates.halves(Decimal("0.06"))
        >>> Agreement(rates, anniversary=(6, 15)).year_start(date(2026, 3, 1))
        datetime.date(2025, 6, 15)
        >>> Agreement(rates).year_start(date(2026, 3, 1))
        datetime.date(2026, 1, 1)
        """
        month, day = self.anniversary or (1, 1)
        this = _on(on.year, month, day)
        return this if this <= on else _on(on.year - 1, month, day)

    def as_json(self) -> dict[str, Any]:
        """Plain values, decimals as text; ``agreement_of`` reads them back."""
        plan = self.plan
        return {
            "buyer_rate": str(self.side_rates.buyer),
            "seller_rate": str(self.side_rates.seller),
            "tiers": _tiers_out(plan.tiers),
            "brokerage_cap_usd": _text(plan.brokerage_cap_usd),
            "referral_rate": str(plan.referral_rate),
            "franchise_rate": str(plan.franchise_rate),
            "franchise_cap_usd": _text(plan.franchise_cap_usd),
            "transaction_fee_usd": str(plan.transaction_fee_usd),
            "by_source": {
                source: {
                    "referral_rate": str(terms.referral_rate),
                    "tiers": None if terms.tiers is None else _tiers_out(terms.tiers),
                }
                for source, terms in self.by_source.items()
            },
            "anniversary": self.anniversary,
        }


def agreement_of(stored: Mapping[str, Any]) -> Agreement:
    """The agreement that ``as_json`` told of. Raises ValueError, KeyError for what is none.

    >>> told = Agreement(SideRates.halves(Decimal("0.06")), anniversary=(6, 15))
    >>> agreement_of(told.as_json()) == told
    True
    """
    anniversary = stored["anniversary"]
    return Agreement(
        SideRates(_decimal(stored["buyer_rate"]), _decimal(stored["seller_rate"])),
        CommissionPlan(
            tiers=_tiers_in(stored["tiers"]),
            brokerage_cap_usd=_amount(stored["brokerage_cap_usd"]),
            referral_rate=_decimal(stored["referral_rate"]),
            franchise_rate=_decimal(stored["franchise_rate"]),
            franchise_cap_usd=_amount(stored["franchise_cap_usd"]),
            transaction_fee_usd=_decimal(stored["transaction_fee_usd"]),
        ),
        {
            source: SourceTerms(
                _decimal(terms["referral_rate"]), None if terms["tiers"] is None else _tiers_in(terms["tiers"])
            )
            for source, terms in stored["by_source"].items()
        },
        None if anniversary is None else (int(anniversary[0]), int(anniversary[1])),
    )


def _check_plan(plan: CommissionPlan) -> None:
    _open_ended(plan.tiers)
    checked_share(plan.referral_rate, "referral fee")
    checked_share(plan.franchise_rate, "franchise fee")
    amounts = (
        ("brokerage's cap", plan.brokerage_cap_usd),
        ("franchise fee's cap", plan.franchise_cap_usd),
        ("transaction fee", plan.transaction_fee_usd),
    )
    for name, amount in amounts:
        if amount is not None:
            try:
                usd(amount)
            except ValueError as error:
                raise ValueError(f"{name} {error}") from error


def _open_ended(tiers: tuple[SplitTier, ...] | Any) -> None:
    checked_tiers(tiers)
    if tiers[-1].up_to_usd is not None:
        raise ValueError(f"the last tier ends at {tiers[-1].up_to_usd}; leave its end open, so that all money is split")


def _on(year: int, month: int, day: int) -> date:
    if (month, day) == (2, 29) and not _leap(year):
        return date(year, 3, 1)
    try:
        return date(year, month, day)
    except ValueError as error:
        raise ValueError(f"anniversary is month {month}, day {day}; must be a day of the calendar") from error


def _leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def _tiers_out(tiers: Any) -> list[list[str | None]]:
    return [[_text(tier.up_to_usd), str(tier.agent_share)] for tier in tiers]


def _tiers_in(stored: Any) -> tuple[SplitTier, ...]:
    return tuple(SplitTier(_amount(up_to), _decimal(share)) for up_to, share in stored)


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else str(amount)


def _amount(stored: str | None) -> Decimal | None:
    return None if stored is None else _decimal(stored)


def _decimal(stored: str) -> Decimal:
    try:
        return Decimal(stored)
    except InvalidOperation as error:
        raise ValueError(f"{stored!r} is no number; write it as 0.06") from error

"""A plan's year: closing after closing, and what the next one brings."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.commission.agreement import Agreement
from core.commission.net import CommissionPlan, NetToAgent, YearSoFar, gross_commission, net_to_agent
from core.leads import Side


@dataclass(frozen=True, slots=True)
class Closing:
    """A sale that went through on ``closed_on`` (UTC) at ``price_usd``."""

    lead_id: str
    closed_on: date
    price_usd: Decimal
    side: Side
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Paid:
    """A closing with what came of it under the agreement of its day."""

    closing: Closing
    net: NetToAgent


@dataclass(frozen=True, slots=True)
class PlanYear:
    """What the plan's year, which began on ``start_on``, has seen so far."""

    start_on: date
    paid: tuple[Paid, ...]
    so_far: YearSoFar

    @property
    def gci_usd(self) -> Decimal:
        """Gross commission of the year's closings."""
        return sum((paid.net.gci_usd for paid in self.paid), Decimal("0.00"))

    @property
    def net_usd(self) -> Decimal:
        """What the agent took home of it."""
        return sum((paid.net.agent_net_usd for paid in self.paid), Decimal("0.00"))


@dataclass(frozen=True, slots=True)
class NextClosing:
    """A closing now, and the same one again after it.

    ``crosses_cap``: with ``this`` the brokerage's share reaches its cap. ``more_usd`` is what the agent nets more of
    ``following`` than of ``this``.
    """

    this: NetToAgent
    following: NetToAgent
    crosses_cap: bool

    @property
    def more_usd(self) -> Decimal:
        """Net of the following one less net of this one."""
        return self.following.agent_net_usd - self.this.agent_net_usd


def after(year: YearSoFar, net: NetToAgent) -> YearSoFar:
    """The year with one closing more."""
    return YearSoFar(
        split_usd=year.split_usd + net.split.agent_usd + net.split.brokerage_usd,
        brokerage_usd=year.brokerage_usd + net.brokerage_usd,
        franchise_usd=year.franchise_usd + net.franchise_usd,
    )


def plan_year(closings: Iterable[Closing], agreement_on: Callable[[date], Agreement], today: date) -> PlanYear:
    """Take the closings of the plan's year that holds ``today`` through the agreement of each one's day, oldest first.

    A closing on the anniversary itself is the new year's first.
    """
    start = agreement_on(today).year_start(today)
    of_the_year = [closing for closing in closings if start <= closing.closed_on <= today]
    year, paid = YearSoFar(), []
    for closing in sorted(of_the_year, key=lambda one: (one.closed_on, one.lead_id)):
        agreement = agreement_on(closing.closed_on)
        gci = gross_commission(closing.price_usd, agreement.side_rates.rate_for(closing.side))
        net = net_to_agent(gci, agreement.plan_for(closing.source), year)
        year = after(year, net)
        paid.append(Paid(closing, net))
    return PlanYear(start, tuple(paid), year)


def next_closing(gci_usd: Decimal, plan: CommissionPlan, year: YearSoFar) -> NextClosing:
    """What a closing of ``gci_usd`` nets now, and what the same one nets after it.

    >>> from core.commission.splits import flat_split
    >>> plan = CommissionPlan(tiers=flat_split(Decimal("0.7")), brokerage_cap_usd=Decimal(18_000))
    >>> found = next_closing(Decimal(20_000), plan, YearSoFar(brokerage_usd=Decimal("16_100")))
    >>> found.crosses_cap, found.this.agent_net_usd, found.following.agent_net_usd, found.more_usd  # 1,900 were left
    (True, Decimal('18100.00'), Decimal('20000.00'), Decimal('1900.00'))
    """
    this = net_to_agent(gci_usd, plan, year)
    then = after(year, this)
    cap = plan.brokerage_cap_usd
    crosses = cap is not None and year.brokerage_usd < cap <= then.brokerage_usd
    return NextClosing(this, net_to_agent(gci_usd, plan, then), crosses)

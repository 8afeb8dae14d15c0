"""From the price of a sale to what the agent takes home, with every step shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from core.commission.rates import checked_share
from core.commission.splits import Split, SplitTier, flat_split, split_tiers
from core.leads import usd
from core.leads.money import CENT

_NONE = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class CommissionPlan:
    """What is agreed between agent and brokerage.

    Rates are shares in [0, 1] of the commission left at that step; caps are what is paid at most in a year (None:
    no cap). ``tiers`` count the year's commission after fees.
    """

    tiers: Sequence[SplitTier] = field(default_factory=lambda: flat_split(Decimal(1)))
    brokerage_cap_usd: Decimal | None = None
    referral_rate: Decimal = Decimal(0)
    franchise_rate: Decimal = Decimal(0)
    franchise_cap_usd: Decimal | None = None
    transaction_fee_usd: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class YearSoFar:
    """What the year (anniversary or calendar) has seen before this sale, in US dollars."""

    split_usd: Decimal = Decimal(0)
    brokerage_usd: Decimal = Decimal(0)
    franchise_usd: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Line:
    """One step of the sum: ``amount_usd`` is added (fees are negative)."""

    label: str
    amount_usd: Decimal


@dataclass(frozen=True, slots=True)
class NetToAgent:
    """The sum, to the cent: GCI = referral + franchise + company dollar + agent's net.

    ``lines`` add up to ``agent_net_usd``, which is negative when fees exceed the agent's share. ``split`` is the
    one before the cap; ``cap_relief_usd`` is what the cap gave back to the agent.
    """

    gci_usd: Decimal
    referral_usd: Decimal
    franchise_usd: Decimal
    split: Split
    cap_relief_usd: Decimal
    brokerage_usd: Decimal
    transaction_fee_usd: Decimal
    agent_net_usd: Decimal

    @property
    def company_dollar_usd(self) -> Decimal:
        """What the company keeps: its share of the split and the transaction fee."""
        return self.gci_usd - self.referral_usd - self.franchise_usd - self.agent_net_usd

    @property
    def lines(self) -> tuple[Line, ...]:
        """The arithmetic, step by step."""
        return (
            Line("Gross commission", self.gci_usd),
            Line("Referral fee", -self.referral_usd),
            Line("Franchise fee", -self.franchise_usd),
            Line("Brokerage's share", -self.split.brokerage_usd),
            Line("Given back by the cap", self.cap_relief_usd),
            Line("Transaction fee", -self.transaction_fee_usd),
        )


def gross_commission(price_usd: Decimal, rate: Decimal) -> Decimal:
    """Gross commission income: price x side rate, half up to cents.

    >>> gross_commission(Decimal(625_000), Decimal("0.06"))
    Decimal('37500.00')
    """
    return _part(usd(price_usd), rate, "rate")


def net_to_agent(gci_usd: Decimal, plan: CommissionPlan, year: YearSoFar | None = None) -> NetToAgent:
    """Take ``gci_usd`` through ``plan``: referral fee, franchise fee, split, cap, transaction fee.

    Raises ValueError for negative money and for rates outside [0, 1].

    >>> plan = CommissionPlan(tiers=flat_split(Decimal("0.7")), brokerage_cap_usd=Decimal(18_000),
    ...     referral_rate=Decimal("0.25"), franchise_rate=Decimal("0.06"), franchise_cap_usd=Decimal(3_000),
    ...     transaction_fee_usd=Decimal(295))
    >>> net = net_to_agent(Decimal(20_000), plan, YearSoFar(brokerage_usd=Decimal(16_000)))
    >>> [str(line.amount_usd) for line in net.lines]
    ['20000.00', '-5000.00', '-900.00', '-4230.00', '2230.00', '-295.00']
    >>> net.agent_net_usd, net.company_dollar_usd
    (Decimal('11805.00'), Decimal('2295.00'))
    """
    year = year or YearSoFar()
    gci = _sum(gci_usd)
    referral = _part(gci, plan.referral_rate, "referral fee")
    franchise = _part(gci - referral, plan.franchise_rate, "franchise fee")
    franchise = min(franchise, _left(plan.franchise_cap_usd, year.franchise_usd, franchise))
    split = split_tiers(gci - referral - franchise, plan.tiers, _sum(year.split_usd))
    brokerage = min(split.brokerage_usd, _left(plan.brokerage_cap_usd, year.brokerage_usd, split.brokerage_usd))
    fee = _sum(plan.transaction_fee_usd)
    return NetToAgent(
        gci_usd=gci,
        referral_usd=referral,
        franchise_usd=franchise,
        split=split,
        cap_relief_usd=split.brokerage_usd - brokerage,
        brokerage_usd=brokerage,
        transaction_fee_usd=fee,
        agent_net_usd=gci - referral - franchise - brokerage - fee,
    )


def _part(amount: Decimal, share: Decimal, name: str) -> Decimal:
    return (amount * checked_share(share, name)).quantize(CENT, ROUND_HALF_UP)


def _left(cap: Decimal | None, paid: Decimal, uncapped: Decimal) -> Decimal:
    """What may still be taken under a yearly cap."""
    return uncapped if cap is None else max(_NONE, usd(cap) - _sum(paid))


def _sum(amount: Decimal) -> Decimal:
    """In whole cents; unlike a price it has no upper bound, as many leads together pass any."""
    if not amount.is_finite() or amount < 0:
        raise ValueError(f"amount is {amount}; must be a number of 0 or more")
    return amount.quantize(CENT, ROUND_HALF_UP)

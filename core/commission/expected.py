"""What open leads are expected to net: their expected commission taken through the plan where the year stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from core.commission.agreement import Agreement
from core.commission.net import NetToAgent, YearSoFar, net_to_agent
from core.commission.year import after
from core.leads.money import CENT


@dataclass(frozen=True, slots=True)
class Expected:
    """Expected commission of some open leads, and their expected number of closings (the sum of their chances)."""

    gci_usd: Decimal
    closings: Decimal

    def __add__(self, other: Expected) -> Expected:
        return Expected(self.gci_usd + other.gci_usd, self.closings + other.closings)


@dataclass(frozen=True, slots=True)
class ExpectedNet:
    """One step of the sum: the leads of ``sources`` (empty: of every source without terms of its own)."""

    sources: tuple[str | None, ...]
    expected: Expected
    net: NetToAgent


def expected_net(
    by_source: Mapping[str | None, Expected], agreement: Agreement, year: YearSoFar | None = None
) -> tuple[ExpectedNet, ...]:
    """Take the expected commission of an agent's open leads through the agreement, as if it came now.

    Sources with terms of their own go first, in the order of their names, then all others together; each step starts
    where the one before left tiers and caps. The transaction fee is taken for the expected number of closings.

    >>> from core.commission import CommissionPlan, SideRates, flat_split
    >>> plan = CommissionPlan(tiers=flat_split(Decimal("0.7")), transaction_fee_usd=Decimal(300))
    >>> steps = expected_net({"Zillow": Expected(Decimal(10_000), Decimal("0.5"))},
    ...     Agreement(SideRates.halves(Decimal("0.06")), plan))
    >>> steps[0].net.agent_net_usd  # 10,000 x 70 % less 0.5 x 300
    Decimal('6850.00')
    """
    standing = year or YearSoFar()
    own = sorted(source for source in by_source if source is not None and agreement.terms_for(source) is not None)
    rest = tuple(source for source in by_source if agreement.terms_for(source) is None)
    steps = []
    for sources in [(source,) for source in own] + ([rest] if rest else []):
        expected = sum((by_source[source] for source in sources), Expected(Decimal("0.00"), Decimal(0)))
        plan = agreement.plan_for(sources[0])
        fee = (plan.transaction_fee_usd * expected.closings).quantize(CENT, ROUND_HALF_UP)
        net = net_to_agent(expected.gci_usd, replace(plan, transaction_fee_usd=fee), standing)
        standing = after(standing, net)
        steps.append(ExpectedNet(sources, expected, net))
    return tuple(steps)


def net_at_least(outlooks: Iterable[tuple[Agreement, Sequence[ExpectedNet]]]) -> bool:
    """Whether agents net this sum or more on average, and more where a cap or tier lies near.

    The sum is the net of the mean commission. What is left to an agent rises faster past a cap, and past a tier that
    leaves more, so years above the mean bring more than years below it take (Jensen). Where a tier leaves less, or
    sources have splits of their own, nothing is promised; without cap and tiers the sum is the mean itself.
    """
    bends = False
    for agreement, steps in outlooks:
        used = [agreement.plan_for(step.sources[0]) for step in steps]
        shares = [[tier.agent_share for tier in plan.tiers] for plan in used]
        if any(plan.tiers != used[0].tiers for plan in used) or any(one != sorted(one) for one in shares):
            return False
        caps = (cap for plan in used for cap in (plan.brokerage_cap_usd, plan.franchise_cap_usd))
        bends = bends or any(cap is not None for cap in caps) or any(len(one) > 1 for one in shares)
    return bends


def shared_out(amount_usd: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    """``amount_usd`` by weight, in whole cents that add up to it: the largest remainders get the cents left over.

    Without any weight the first gets all. Raises ValueError for negative weights.

    >>> [str(part) for part in shared_out(Decimal("100.00"), [Decimal(1), Decimal(1), Decimal(1)])]
    ['33.34', '33.33', '33.33']
    """
    if any(weight < 0 for weight in weights):
        raise ValueError("a weight is negative; must be 0 or more")
    if not weights:
        return []
    total, cents = sum(weights), int(amount_usd / CENT)
    if not total:
        return [amount_usd] + [Decimal("0.00")] * (len(weights) - 1)
    exact = [abs(cents) * weight / total for weight in weights]
    parts = [int(part) for part in exact]
    left = abs(cents) - sum(parts)
    for place in sorted(range(len(parts)), key=lambda place: (parts[place] - exact[place], place))[:left]:
        parts[place] += 1
    return [Decimal(part if cents >= 0 else -part) * CENT for part in parts]

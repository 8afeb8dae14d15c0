"""How agent and brokerage share a commission: marginal tiers, as in a tax table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from core.commission.rates import checked_share
from core.leads.money import CENT


@dataclass(frozen=True, slots=True)
class SplitTier:
    """The agent's share of what is earned in a year above the tier before, up to ``up_to_usd`` (None: no end)."""

    up_to_usd: Decimal | None
    agent_share: Decimal


@dataclass(frozen=True, slots=True)
class Band:
    """The part of a commission that fell into one tier."""

    amount_usd: Decimal
    agent_share: Decimal
    agent_usd: Decimal


@dataclass(frozen=True, slots=True)
class Split:
    """Who gets what; ``agent_usd + brokerage_usd`` is the amount that was split, to the cent."""

    agent_usd: Decimal
    brokerage_usd: Decimal
    bands: tuple[Band, ...]


def flat_split(agent_share: Decimal) -> tuple[SplitTier, ...]:
    """One share, however much is earned.

    >>> split_tiers(Decimal(1000), flat_split(Decimal("0.7"))).agent_usd
    Decimal('700.00')
    """
    return (SplitTier(None, agent_share),)


def split_tiers(amount_usd: Decimal, tiers: Sequence[SplitTier], earned_before_usd: Decimal = Decimal(0)) -> Split:
    """Split ``amount_usd`` along ``tiers``, starting where the year's ``earned_before_usd`` ended.

    Raises ValueError for negative amounts, tiers that do not rise, and a last tier that ends before the money.
    USD 500,000 over five bands of 100,000 at 50, 55, 60, 65 and 70 % gives the agent 300,000:

    >>> tiers = [SplitTier(Decimal(100_000 * band), Decimal(45 + 5 * band) / 100) for band in range(1, 6)]
    >>> split_tiers(Decimal(500_000), tiers).agent_usd
    Decimal('300000.00')
    >>> split_tiers(Decimal(20_000), tiers, earned_before_usd=Decimal(90_000)).agent_usd  # 5,000 and 5,500
    Decimal('10500.00')
    """
    if amount_usd < 0 or earned_before_usd < 0:
        raise ValueError(f"amount is {amount_usd}, earned before is {earned_before_usd}; must be 0 or more")
    checked_tiers(tiers)
    bands = []
    start, end = earned_before_usd, earned_before_usd + amount_usd
    for tier in tiers:
        top = end if tier.up_to_usd is None else min(end, tier.up_to_usd)
        if top > start:
            agent = ((top - start) * tier.agent_share).quantize(CENT, ROUND_HALF_UP)
            bands.append(Band(top - start, tier.agent_share, agent))
            start = top
    if start < end:
        raise ValueError(f"the last tier ends at {tiers[-1].up_to_usd}; must reach {end} or have no end")
    agent_usd = sum((band.agent_usd for band in bands), Decimal("0.00"))
    return Split(agent_usd, amount_usd - agent_usd, tuple(bands))


def checked_tiers(tiers: Sequence[SplitTier]) -> None:
    """Raise ValueError unless there are tiers, they rise, and only the last has no end."""
    if not tiers:
        raise ValueError("there are no tiers; give at least one")
    before = Decimal(0)
    for position, tier in enumerate(tiers):
        checked_share(tier.agent_share, "agent's share")
        if tier.up_to_usd is None:
            if position < len(tiers) - 1:
                raise ValueError("only the last tier may have no end")
        elif tier.up_to_usd <= before:
            raise ValueError(f"a tier ends at {tier.up_to_usd}; must be above {before}")
        else:
            before = tier.up_to_usd

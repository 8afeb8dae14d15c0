"""From the gross commission to what the agent takes home: by hand, and the sums that must hold."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.commission import (
    Agreement,
    CommissionPlan,
    Expected,
    SideRates,
    SplitTier,
    YearSoFar,
    expected_net,
    flat_split,
    gross_commission,
    net_to_agent,
    split_tiers,
)
from core.leads import Side

FIVE = [SplitTier(Decimal(100_000 * n), Decimal(45 + 5 * n) / 100) for n in range(1, 5)] + [
    SplitTier(None, Decimal("0.70"))
]
CENTS = st.integers(0, 10**9).map(lambda cents: Decimal(cents) / 100)
SHARES = st.integers(0, 1000).map(lambda share: Decimal(share) / 1000)


def test_half_a_million_over_five_bands_gives_the_agent_300_000_not_350_000() -> None:
    split = split_tiers(Decimal(500_000), FIVE)
    # 50,000 + 55,000 + 60,000 + 65,000 + 70,000
    assert [band.agent_usd for band in split.bands] == [Decimal(n) for n in (50_000, 55_000, 60_000, 65_000, 70_000)]
    assert (split.agent_usd, split.brokerage_usd) == (Decimal(300_000), Decimal(200_000))


def test_a_commission_across_an_edge_is_split_on_both_sides_of_it() -> None:
    split = split_tiers(Decimal(30_000), FIVE, earned_before_usd=Decimal(190_000))
    # 10,000 x 0.55 = 5,500 and 20,000 x 0.60 = 12,000
    assert split.agent_usd == Decimal(17_500)


@given(CENTS, CENTS, CENTS)
def test_splitting_in_two_sales_gives_what_one_gives_to_the_cent_of_each_band(
    before: Decimal, first: Decimal, second: Decimal
) -> None:
    together = split_tiers(first + second, FIVE, before)
    one = split_tiers(first, FIVE, before)
    two = split_tiers(second, FIVE, before + first)
    assert abs(together.agent_usd - one.agent_usd - two.agent_usd) <= Decimal("0.06")
    assert together.agent_usd + together.brokerage_usd == first + second


@pytest.mark.parametrize(
    ("tiers", "words"),
    [
        ([], "no tiers"),
        ([SplitTier(None, Decimal("0.5")), SplitTier(None, Decimal("0.5"))], "only the last"),
        ([SplitTier(Decimal(5), Decimal("0.5")), SplitTier(Decimal(5), Decimal("0.5"))], "above 5"),
        ([SplitTier(Decimal(5), Decimal("0.5"))], "must reach 10"),
        ([SplitTier(None, Decimal("1.5"))], "from 0 to 1"),
    ],
)
def test_tiers_that_make_no_sense_are_refused(tiers: list[SplitTier], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        split_tiers(Decimal(10), tiers)


def test_a_negative_amount_is_refused() -> None:
    with pytest.raises(ValueError, match="must be 0 or more"):
        split_tiers(Decimal(-1), FIVE)


def test_every_step_of_a_sale_by_hand() -> None:
    gci = gross_commission(Decimal(500_000), Decimal("0.025"))  # 12,500
    plan = CommissionPlan(
        tiers=flat_split(Decimal("0.8")),
        referral_rate=Decimal("0.25"),  # 3,125, leaves 9,375
        franchise_rate=Decimal("0.06"),  # 562.50, leaves 8,812.50
        transaction_fee_usd=Decimal(395),
    )
    net = net_to_agent(gci, plan)
    assert net.brokerage_usd == Decimal("1762.50")  # 20 % of 8,812.50
    assert net.agent_net_usd == Decimal(6_655)  # 8,812.50 - 1,762.50 - 395
    assert net.company_dollar_usd == Decimal("2157.50")  # 1,762.50 + 395
    assert sum(line.amount_usd for line in net.lines) == net.agent_net_usd


def test_above_the_cap_the_brokerage_takes_nothing_more() -> None:
    plan = CommissionPlan(tiers=flat_split(Decimal("0.7")), brokerage_cap_usd=Decimal(18_000))
    assert net_to_agent(Decimal(20_000), plan, YearSoFar(brokerage_usd=Decimal(18_000))).agent_net_usd == 20_000
    assert net_to_agent(Decimal(20_000), plan, YearSoFar(brokerage_usd=Decimal(19_000))).brokerage_usd == 0
    assert net_to_agent(Decimal(20_000), plan, YearSoFar(brokerage_usd=Decimal(15_000))).brokerage_usd == 3_000
    assert net_to_agent(Decimal(20_000), plan).brokerage_usd == 6_000


def test_fees_above_the_agents_share_are_shown_as_a_loss() -> None:
    plan = CommissionPlan(tiers=flat_split(Decimal("0.5")), transaction_fee_usd=Decimal(500))
    assert net_to_agent(Decimal(400), plan).agent_net_usd == -300


@given(CENTS, SHARES, SHARES, SHARES, CENTS, CENTS, CENTS)
def test_all_the_money_goes_somewhere(
    gci: Decimal, split: Decimal, referral: Decimal, franchise: Decimal, cap: Decimal, paid: Decimal, fee: Decimal
) -> None:
    plan = CommissionPlan(flat_split(split), cap, referral, franchise, cap, fee)
    net = net_to_agent(gci, plan, YearSoFar(brokerage_usd=paid, franchise_usd=paid))
    assert net.referral_usd + net.franchise_usd + net.company_dollar_usd + net.agent_net_usd == gci
    assert net.company_dollar_usd == net.brokerage_usd + fee
    assert sum(line.amount_usd for line in net.lines) == net.agent_net_usd
    assert 0 <= net.brokerage_usd <= max(Decimal(0), cap - paid)
    assert net.cap_relief_usd >= 0


def test_each_side_has_its_rate_and_both_have_the_total() -> None:
    rates = SideRates(Decimal("0.024"), Decimal("0.03"))
    assert [rates.rate_for(side) for side in (Side.BUYER, Side.SELLER, Side.BOTH)] == [
        Decimal("0.024"),
        Decimal("0.03"),
        Decimal("0.054"),
    ]
    with pytest.raises(ValueError, match=r"total of both sides is 1\.2"):
        SideRates(Decimal("0.6"), Decimal("0.6"))


def test_many_leads_together_may_pass_what_a_single_price_may_be() -> None:
    # 1.2 billion at 70 %; the transaction fee is 300 for each of 40,000 expected closings, 12 million.
    agreement = Agreement(
        SideRates.halves(Decimal("0.06")),
        CommissionPlan(tiers=flat_split(Decimal("0.7")), transaction_fee_usd=Decimal(300)),
    )
    [step] = expected_net({None: Expected(Decimal(1_200_000_000), Decimal(40_000))}, agreement)
    assert step.net.agent_net_usd == Decimal("828000000.00")
    with pytest.raises(ValueError, match="amount is -1; must be a number of 0 or more"):
        net_to_agent(Decimal(-1), CommissionPlan())

"""A lead's expected commission, by hand: an agent's own side rates, and a contract's chance not the score's."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

from core.commission import Agreement, SideRates
from core.leads import Side
from core.services.center import CommandCenter
from core.services.commission import commission_plans
from core.services.lead.lead_money import lead_money
from core.services.scores import scoring
from tests.services.acting import ANA
from tests.services.commission.test_closing_chances import ENDED, team
from tests.services.made import told, untold

D = Decimal


def test_the_rate_is_of_the_leads_agent_and_side_also_for_the_agent(center: CommandCenter) -> None:
    rates = SideRates(D("0.02"), D("0.025"))
    commission_plans.save_plan(center, "Ana Diaz", date(2020, 1, 1), Agreement(rates))
    scoring.score_lead(center, told("seller", agent="Ana Diaz", side=Side.SELLER))
    scoring.score_lead(center, told("buyer"))
    scoring.score_lead(center, untold("bo"))
    mine, nobodys, unpriced = (lead_money(center.acting_as(ANA), one) for one in ("seller", "buyer", "bo"))
    assert mine is not None
    assert nobodys is not None
    assert unpriced is not None
    # 625,000 x 2.5 % = 15,625 and x 3 % = 18,750; the stump signs with 0.8, and its head for closings says 0.8 of it
    assert (mine.rate, mine.lead.gci_usd, mine.lead.expected_usd) == (D("0.025"), D("15625.00"), D("10000.00"))
    assert (nobodys.lead.gci_usd, nobodys.lead.expected_usd) == (D("18750.00"), D("12000.00"))
    assert unpriced.lead.expected_usd is None
    assert mine.expected_usd(D(100_000), 0.5) == D("1250.00")


def test_a_contract_counts_as_the_teams_contracts_ended_and_no_score_moves_it(tmp_path: Path) -> None:
    with team(tmp_path, ENDED) as center:
        ann, old = lead_money(center, "Ann"), lead_money(center, "old-0")
        assert old is None  # it closed
        assert ann is not None
        assert (ann.rate, ann.lead.expected_usd) == (D("0.025"), D("8333.33"))  # 400,000 x 2.5 % x 0.833333
        assert ann.expected_usd(D(400_000), 0.1) == D("8333.33")

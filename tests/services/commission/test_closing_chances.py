"""One chance to close of a lead in contract on every screen, worked out by hand.

46 contracts of last year ended: 30 closed on day 10, 10 fell through on day 5 and 6 on day 8. Two are open: Ann's for
7 days, Bob's for 2. Bob's is out of sight from day 3 on and Ann's from day 8 on, so of those still in contract

- on day 5 fell 10 of 47: 37/47 remain;
- on day 8 fell 6 of 36: 37/47 x 5/6 = 185/282 remain;
- on day 10 closed 30 of 30: all of these close.

So Bob's closes with 185/282 = 0.656028, and Ann's, which is past day 5, with 5/6 = 0.833333.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from core.commission import Agreement, SideRates
from core.leads import Outcome, Side, Stage, utc_now
from core.services.analyses import areas, forecast
from core.services.center import CommandCenter
from core.services.commission import commission_plans, pipeline
from core.services.commission.closing_chances import contract_chances
from core.settings import Settings
from core.store import LeadFilter
from tests.store.made import history, scored

D = Decimal
ENDED = [(10, Stage.CLOSED)] * 30 + [(5, Stage.LOST)] * 10 + [(8, Stage.LOST)] * 6


def end_of_today() -> datetime:
    return datetime.combine(utc_now().date() + timedelta(days=1), time(), UTC)


def team(folder: Path, ended: list[tuple[int, Stage]]) -> CommandCenter:
    """The contracts above, halfway through their days so that no hour decides; every lead arrived a year ago."""
    center = CommandCenter(Settings(jorge_data_dir=folder, jorge_redis_url=None))
    end, half = end_of_today(), timedelta(hours=12)
    arrived = end - timedelta(days=365)
    rates = SideRates(D("0.025"), D("0.03"))
    commission_plans.save_plan(
        center, None, date(2020, 1, 1), Agreement(rates, commission_plans.plans(center).first.plan)
    )
    people: list[tuple[str, str, Side, timedelta, int | None, Stage | None]]
    people = [(f"old-{n}", "web", Side.BUYER, timedelta(days=100), day, stage) for n, (day, stage) in enumerate(ended)]
    people += [
        ("Ann", "web", Side.BUYER, timedelta(days=7), None, None),
        ("Bob", "zillow", Side.SELLER, timedelta(days=2), None, None),
    ]
    prices = {"Ann": D(400_000), "Bob": D(500_000)}
    for lead_id, source, side, ago, day, stage in people:
        one = scored(history(lead_id, source=source, side=side, created_at=arrived, location_preference="Zilker"))
        price = prices.get(lead_id, D(300_000))
        center.store.save_scored([replace(one, commission=replace(one.commission, sale_price_usd=price))])
        signed = end - ago - half
        center.store.add_outcome(Outcome(lead_id=lead_id, stage=Stage.CONTRACT, occurred_at=signed), "Ana")
        if stage is not None and day is not None:
            told = Outcome(
                lead_id=lead_id, stage=stage, occurred_at=signed + timedelta(days=day) + half,
                sale_price_usd=price if stage is Stage.CLOSED else None,
            )  # fmt: skip
            center.store.add_outcome(told, "Ana")
    return center


@pytest.fixture(scope="module")
def center(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CommandCenter]:
    with team(tmp_path_factory.mktemp("contracts"), ENDED) as center:
        yield center


def test_the_pipeline_counts_contracts_as_the_teams_own_ended(center: CommandCenter) -> None:
    found = pipeline.pipeline(center, LeadFilter(), utc_now().date())
    assert list(found.by_stage) == [Stage.CONTRACT]
    assert found.total.closings == D("1.489361")  # 0.833333 + 0.656028
    # Ann: 400,000 x 2.5 % = 10,000 x 0.833333; Bob: 500,000 x 3 % = 15,000 x 0.656028
    assert {one.lead_id: one.expected_usd for one in pipeline.expected_leads(center, LeadFilter(), found.today)} == {
        "Ann": D("8333.33"), "Bob": D("9840.42"),
    }  # fmt: skip
    assert found.total.expected_usd == D("18173.75")
    assert [one.sums.expected_usd for one in areas.areas(center, LeadFilter(), found.today)] == [D("18173.75")]


@pytest.mark.parametrize("sources", [(), ("web",), ("zillow",)])
def test_the_forecast_expects_as_much_of_the_same_leads(center: CommandCenter, sources: tuple[str, ...]) -> None:
    """Nobody arrived in the last 13 weeks and every contract ends within 10 days, so 90 days hold all there is."""
    wanted = LeadFilter(sources=sources)
    now, ahead = pipeline.pipeline(center, wanted, utc_now().date()), forecast.outlook(center, wanted).by_horizon[2]
    assert ahead.expected_new == 0
    assert abs(ahead.commission.expected - now.total.expected_usd) <= D("0.02")  # rounded lead by lead, or at the end
    assert ahead.closings.expected == pytest.approx(float(now.total.closings), abs=2e-6)


def test_days_of_waiting_are_a_change_of_chances(center: CommandCenter) -> None:
    """Three days ago Ann's contract was 4 days old, before any fell: 0.656028 of 10,000. Bob had none yet."""
    bridge = pipeline.what_moved(center, LeadFilter(), utc_now().date(), end_of_today() - timedelta(days=3))
    moved = {step.moved.value: (step.leads, step.change_usd) for step in bridge.steps if step.leads}
    assert moved["scored"] == (1, D("8333.33") - D("6560.28"))
    assert moved["staged"] == (1, D("9840.42") - D("937.50"))  # by its score: 15,000 x 0.0625
    assert bridge.after_usd == D("18173.75")


def test_fewer_than_30_closings_leave_the_scores_chance(tmp_path: Path) -> None:
    with team(tmp_path, ENDED[1:]) as center:
        today = utc_now().date()
        assert contract_chances(center, today) is None
        found = pipeline.pipeline(center, LeadFilter(), today)
        assert found.total.expected_usd == D("1562.50")  # (10,000 + 15,000) x the score's 0.0625


def closed_without_a_contract(center: CommandCenter, leads: int) -> None:
    """Leads of which a file told the closing and its day, and nothing of a contract."""
    end = end_of_today()
    sold = [scored(f"sold-{n}", created_at=end - timedelta(days=365)) for n in range(leads)]
    on, price = end - timedelta(days=100), D(300_000)
    told = [
        Outcome(lead_id=f"sold-{n}", stage=Stage.CLOSED, occurred_at=on, sale_price_usd=price) for n in range(leads)
    ]
    center.store.save_scored(sold, closings=told)


def test_closings_without_a_contract_tell_nothing_of_contracts(tmp_path: Path) -> None:
    with team(tmp_path, ENDED) as center:
        closed_without_a_contract(center, 60)
        center.store.save_scored([scored("Cat", created_at=end_of_today() - timedelta(days=365))])
        signed = end_of_today() - timedelta(hours=12)
        center.store.add_outcome(Outcome(lead_id="Cat", stage=Stage.CONTRACT, occurred_at=signed))
        found = pipeline.pipeline(center, LeadFilter(), utc_now().date())
        assert found.total.closings == D("2.145389")  # 0.833333, and Bob and Cat before any fell: 0.656028 each
        ahead = forecast.outlook(center, LeadFilter()).by_horizon[2]
        assert ahead.closings.expected == pytest.approx(float(found.total.closings), abs=2e-6)


def test_they_are_not_the_30_that_leads_in_contract_wait_for_either(tmp_path: Path) -> None:
    with team(tmp_path, ENDED[1:]) as center:
        closed_without_a_contract(center, 60)
        today = utc_now().date()
        assert contract_chances(center, today) is None
        assert pipeline.pipeline(center, LeadFilter(), today).total.expected_usd == D("1562.50")  # by the scores
        basis = forecast.outlook(center, LeadFilter()).basis
        assert basis is not None
        assert (basis.closings, basis.by_contracts, basis.in_contract) == (89, False, 2)

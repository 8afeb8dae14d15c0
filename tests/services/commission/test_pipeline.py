"""The commission pipeline of a sample workspace against a plain recomputation, lead by lead."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from core.commission import Agreement, CommissionPlan, SideRates, SourceTerms, flat_split
from core.errors import InputError, StoreUnavailable
from core.leads import OPEN_STAGES, Outcome, Stage, utc_now
from core.services.center import CommandCenter
from core.services.commission import commission_plans, pipeline
from core.services.sample import load_sample
from core.settings import Settings
from core.store import LeadFilter, StoredScore

D = Decimal
CENT = D("0.01")
PLAN = Agreement(
    SideRates(D("0.025"), D("0.03")),
    CommissionPlan(flat_split(D("0.7")), D(18_000), D(0), D("0.06"), D(3_000), D(295)),
    {"Zillow": SourceTerms(D("0.35"))},
)


@pytest.fixture(scope="module")
def center(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CommandCenter]:
    """300 sample leads, a closing today, and a plan for everyone since last year."""
    with CommandCenter(Settings(jorge_data_dir=tmp_path_factory.mktemp("pipeline"))) as center:
        load_sample(center, leads=300, seed=5)
        closes = next(row for row in center.store.browse(LeadFilter(stages=OPEN_STAGES)).rows if row.agent)
        closing = Outcome(lead_id=closes.lead_id, stage=Stage.CLOSED, occurred_at=utc_now(), sale_price_usd=D(500_000))
        center.store.add_outcomes([closing])
        commission_plans.save_plan(center, None, date(utc_now().year - 2, 1, 1), PLAN)
        yield center


def today() -> date:
    return utc_now().date()


def contracts(center: CommandCenter) -> dict[str, tuple[datetime, datetime | None, bool]]:
    """Of every lead that signed: the day of the contract, that of its end (None: still open) and whether it closed."""
    found = {}
    for row in center.store.browse(page_size=1_000).rows:
        told = center.store.outcomes(row.lead_id)
        signed = [one.occurred_at for one in told if one.stage in (Stage.CONTRACT, Stage.CLOSED)]
        closed = [one.occurred_at for one in told if one.stage is Stage.CLOSED]
        lost = [told[-1].occurred_at] if told and told[-1].stage is Stage.LOST else []
        if signed:
            found[row.lead_id] = (min(signed), min([*closed, *lost], default=None), bool(closed))
    return found


def chance_of(center: CommandCenter, lead_id: str, stage: Stage, scored: StoredScore, at: datetime) -> Decimal | None:
    """The chance to close by the rule as it is told to people, in fractions, a day at a time: an own implementation."""
    known = contracts(center)
    if stage is not Stage.CONTRACT or sum(closed for _, _, closed in known.values()) < 30:
        closing = scored.score.closing_probability
        return None if closing is None else D(repr(closing)).quantize(D("0.000001"), ROUND_HALF_UP)
    end = datetime.combine(today() + timedelta(days=1), time(), UTC)
    spans = [((ended or end) - signed).days for signed, ended, _ in known.values()]
    waited, still, closes = (at - known[lead_id][0]).days, Fraction(1), Fraction(0)
    for day in range(waited, max(spans) + 1):
        here = [place for place, span in enumerate(spans) if span >= day]
        ends = [list(known.values())[place] for place in here if spans[place] == day]
        if here:
            closes += still * Fraction(sum(one[1] is not None and one[2] for one in ends), len(here))
            still *= 1 - Fraction(sum(one[1] is not None for one in ends), len(here))
    told = min(closes, Fraction(999, 1000))
    return (D(told.numerator) / D(told.denominator)).quantize(D("0.000001"), ROUND_HALF_UP)


def lead_by_lead(center: CommandCenter) -> dict[str, tuple[Stage, str | None, str | None, Decimal | None]]:
    """Stage, agent, source and expected commission of each open lead, read one by one."""
    found = {}
    now = datetime.combine(today() + timedelta(days=1), time(), UTC)
    for row in center.store.browse(page_size=1_000).rows:
        if row.stage not in OPEN_STAGES:
            continue
        latest, lead = center.store.latest_score(row.lead_id), center.store.lead(row.lead_id)
        closing, price = chance_of(center, row.lead_id, row.stage, latest, now), latest.sale_price_usd
        expected = None
        if closing is not None and price is not None:
            gci = (price * PLAN.side_rates.rate_for(lead.side)).quantize(CENT, ROUND_HALF_UP)
            expected = (gci * closing).quantize(CENT, ROUND_HALF_UP)
        found[row.lead_id] = (row.stage, row.agent, row.source, expected)
    return found


def test_the_database_sums_what_reading_every_lead_gives(center: CommandCenter) -> None:
    found, leads = pipeline.pipeline(center, LeadFilter(), today()), lead_by_lead(center)
    assert found.total.leads == len(leads) > 10
    for place, groups in ((0, found.by_stage), (1, found.by_agent), (2, found.by_source)):
        sums: defaultdict[object, Decimal] = defaultdict(Decimal)
        counts: defaultdict[object, int] = defaultdict(int)
        for told in leads.values():
            sums[told[place]] += told[3] or D(0)
            counts[told[place]] += 1
        assert {key: group.expected_usd for key, group in groups.items()} == sums
        assert {key: group.leads for key, group in groups.items()} == counts


def test_every_way_of_looking_adds_up_to_the_same_sums(center: CommandCenter) -> None:
    found = pipeline.pipeline(center, LeadFilter(), today())
    for groups in (found.by_stage, found.by_agent, found.by_source, found.by_month):
        for name in ("leads", "counted", "closings", "gci_usd", "expected_usd", "net_usd"):
            assert sum(getattr(group, name) for group in groups.values()) == getattr(found.total, name)
    nets = sum(step.net.agent_net_usd for one in found.agents for step in one.steps)
    assert nets == found.total.net_usd


def test_the_year_of_an_agent_is_that_of_the_closings(center: CommandCenter) -> None:
    found = pipeline.pipeline(center, LeadFilter(), today())
    outlook = max(found.agents, key=lambda one: one.year.gci_usd)
    gci = D(0)
    for row in center.store.browse(LeadFilter(stages=(Stage.CLOSED,)), page_size=1_000).rows:
        closed = [one for one in center.store.outcomes(row.lead_id) if one.stage is Stage.CLOSED][-1]
        if row.agent == outlook.agent and closed.occurred_at.year == today().year and closed.sale_price_usd:
            rate = PLAN.side_rates.rate_for(center.store.lead(row.lead_id).side)
            gci += (closed.sale_price_usd * rate).quantize(CENT, ROUND_HALF_UP)
    assert outlook.year.gci_usd == gci > 0
    year = date(today().year, 1, 1)
    assert found.closed_usd(outlook.agent, year, today())[1] == gci
    assert found.closed_usd(None, year, today())[1] == sum(one.year.gci_usd for one in found.agents)


def test_last_weeks_expectation_is_that_of_last_weeks_scores_and_stages(center: CommandCenter) -> None:
    bridge = pipeline.what_moved(center, LeadFilter(), today())
    then, expected = datetime.combine(today(), time(), UTC) - timedelta(days=7), D(0)
    for row in center.store.browse(page_size=1_000).rows:
        earlier = [one for one in center.store.scores(row.lead_id) if one.scored_at < then]
        stages = [one.stage for one in center.store.outcomes(row.lead_id) if one.occurred_at < then]
        if not earlier or (stages or [Stage.GENERATED])[-1] not in OPEN_STAGES:
            continue
        stage, price = (stages or [Stage.GENERATED])[-1], earlier[0].sale_price_usd
        closing = chance_of(center, row.lead_id, stage, earlier[0], then)
        if closing is not None and price is not None:
            rate = PLAN.side_rates.rate_for(center.store.lead(row.lead_id).side)
            gci = (price * rate).quantize(CENT, ROUND_HALF_UP)
            expected += (gci * closing).quantize(CENT, ROUND_HALF_UP)
    assert bridge.before_usd == expected > 0
    assert bridge.after_usd == pipeline.pipeline(center, LeadFilter(), today()).total.expected_usd


def test_an_own_plan_counts_from_its_day_on_and_the_last_one_saved_wins(tmp_path: Path) -> None:
    with CommandCenter(Settings(jorge_data_dir=tmp_path)) as center:
        first = commission_plans.plans(center)
        assert first.on("Ana", date(2026, 5, 1)).side_rates == SideRates(D("0.03"), D("0.03"))  # half of 6 %
        own = Agreement(SideRates(D("0.02"), D("0.02")))
        commission_plans.save_plan(center, "Ana", date(2026, 5, 1), PLAN)
        commission_plans.save_plan(center, "Ana", date(2026, 5, 1), own)
        kept = commission_plans.plans(center)
        assert kept.on("Ana", date(2026, 4, 30)) == first.first
        assert kept.on("Ana", date(2026, 5, 1)) == own
        assert kept.on("Bo", date(2026, 5, 1)) == first.first
        assert kept.rates(date(2026, 6, 1)).by_agent == {"Ana": own.side_rates}
        assert [entry.action for entry in center.store.audit.find()].count("commission plan saved") == 2
        with pytest.raises(InputError, match="agent is empty"):
            commission_plans.save_plan(center, " ", date(2026, 5, 1), own)
        with pytest.raises(InputError, match="valid from is 1999-12-31"):
            commission_plans.save_plan(center, None, date(1999, 12, 31), own)


def test_goals_that_two_servers_set_within_a_second_are_all_kept(tmp_path: Path) -> None:
    with (
        CommandCenter(Settings(jorge_data_dir=tmp_path)) as one,
        CommandCenter(Settings(jorge_data_dir=tmp_path)) as other,
    ):
        commission_plans.set_goal(one, None, "2026", D(1))
        assert len(commission_plans.goals(other)) == 1  # read, and kept for a second
        commission_plans.set_goal(one, "Ana", "2026", D(2))
        commission_plans.set_goal(other, "Ben", "2026", D(3))
        assert [goal.agent for goal in commission_plans.goals(other)] == [None, "Ana", "Ben"]


def test_goals_stay_when_the_store_fails_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with CommandCenter(Settings(jorge_data_dir=tmp_path)) as center:
        for agent in (None, "Ana", "Ben"):
            commission_plans.set_goal(center, agent, "2026", D(1))
        cut: list[str] = []
        real = center.store.workspace

        def down_once(key: str) -> Any:
            if not cut:
                cut.append(key)
                raise StoreUnavailable("the connection was cut")
            return real(key)

        monkeypatch.setattr(center.store, "workspace", down_once)
        commission_plans.set_goal(center, "Cy", "2026", D(5))
        monkeypatch.undo()
        center.kept.clear()
        assert len(commission_plans.goals(center)) == 4


def test_a_goal_is_kept_replaced_and_taken_away(tmp_path: Path) -> None:
    with CommandCenter(Settings(jorge_data_dir=tmp_path)) as center:
        commission_plans.set_goal(center, None, "2026", D(500_000))
        commission_plans.set_goal(center, "Ana", "2026-11", D(20_000))
        commission_plans.set_goal(center, None, "2026", D(600_000))
        told = [(goal.agent, goal.period, goal.gci_usd) for goal in commission_plans.goals(center)]
        assert told == [(None, "2026", D(600_000)), ("Ana", "2026-11", D(20_000))]
        commission_plans.set_goal(center, "Ana", "2026-11", None)
        assert len(commission_plans.goals(center)) == 1
        with pytest.raises(InputError, match="must be a year such as 2026"):
            commission_plans.set_goal(center, None, "next year", D(1))
        for typed in ("2026-1", "2026-01", "9999-12"):  # one month written two ways, and the calendar's last
            commission_plans.set_goal(center, "Ben", typed, D(7))
        assert [goal.period for goal in commission_plans.goals(center)] == ["2026", "2026-01", "9999-12"]


def test_of_a_goal_that_was_kept_under_two_spellings_the_later_counts(tmp_path: Path) -> None:
    kept = [{"agent": None, "period": period, "gci_usd": usd} for period, usd in (("2026-1", "5"), ("2026-01", "7"))]
    with CommandCenter(Settings(jorge_data_dir=tmp_path)) as center:
        center.set_setting(commission_plans.GOALS, kept)
        told = [(goal.period, goal.gci_usd) for goal in commission_plans.goals(center)]
    assert told == [("2026-01", D(7))]

"""The days of leads as the database brings them together, against the outcomes gone through one by one."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import numpy as np
import pytest

from core.analytics.milestones import standing
from core.analytics.time_to_close import learn
from core.commission import SideRates
from core.leads import Outcome, Side, Stage
from core.store import LeadFilter, Store
from core.store.figures.cohorts import arrivals_and_contracts, undated_contracts
from core.store.figures.milestones import read_contracts, read_milestones
from core.store.figures.pipeline import Rates
from tests.store.made import NOON, at, history, scored

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

SIDES = {"ana": Side.BUYER, "bo": Side.BUYER, "cy": Side.SELLER}


def day(moment: datetime | None) -> float:
    return np.nan if moment is None else (moment - EPOCH) / timedelta(days=1)


def outcome(lead_id: str, stage: Stage, minutes: float, price: str | None = None) -> Outcome:
    return Outcome(
        lead_id=lead_id, stage=stage, occurred_at=at(minutes), sale_price_usd=None if price is None else Decimal(price)
    )


def test_a_lead_becomes_a_row_of_days(store: Store) -> None:
    store.save_scored([scored("a", minutes=60, created_at=at(0)), scored("a", 0.5, minutes=120, created_at=at(0))])
    store.add_outcomes([outcome("a", Stage.CONTRACT, 1_440), outcome("a", Stage.CLOSED, 2_880, "512345.67")])
    found, scores = read_milestones(store.database, LeadFilter(), NOON)
    start = day(NOON)
    row = (found.arrived, found.contract, found.closed, found.sale_price_usd)
    assert [column[0] for column in row] == pytest.approx([start, start + 1, start + 2, 512_345.67], rel=1e-12)
    assert np.isnan(found.lost[0])
    assert scores.probability.tolist() == [0.5]
    assert scores.scored.tolist() == pytest.approx([start + 120 / 1_440], rel=1e-12)
    assert scores.sale_price_usd.tolist() == [625_000.0]
    every = read_milestones(store.database, LeadFilter(), NOON, every_score=True)[1]
    assert every.probability.tolist() == [0.25, 0.5]
    assert every.lead.tolist() == [0, 0]


def test_with_rates_prices_are_what_the_team_earns_of_them(store: Store) -> None:
    store.save_scored([scored(name, 0.5, created_at=at(0), agent=name, side=side) for name, side in SIDES.items()])
    store.add_outcomes([outcome("ana", Stage.CLOSED, 2_880, "400000")])
    rates = Rates(SideRates(Decimal("0.03"), Decimal("0.02")), {"bo": SideRates(Decimal("0.025"), Decimal("0.01"))})
    for every_score in (False, True):
        found, scores = read_milestones(store.database, LeadFilter(), NOON, every_score, rates)
        assert found.sale_price_usd[0] == pytest.approx(12_000.0)  # 400,000 x 0.03
        # 625,000 x 0.03 for Ana's buyer, x 0.025 for Bo's, x 0.02 for Cy's seller
        assert scores.sale_price_usd.tolist() == pytest.approx([18_750.0, 15_625.0, 12_500.0])


def test_a_lead_that_came_back_is_not_lost(store: Store) -> None:
    store.save_scored([scored("a", created_at=at(0))])
    store.add_outcomes([outcome("a", Stage.LOST, 100), outcome("a", Stage.QUALIFIED, 200)])
    assert np.isnan(read_milestones(store.database, LeadFilter(), NOON)[0].lost).all()


def test_what_has_no_date_is_left_out(store: Store) -> None:
    store.save_scored(
        [
            scored("undated"),
            scored("told-closed", created_at=at(0), stage=Stage.CLOSED),
            scored("open", created_at=at(0), stage=Stage.SHOWING),
        ]
    )
    assert len(read_milestones(store.database, LeadFilter(), NOON)[0]) == 1


def test_a_lead_lost_without_a_date_never_signed(store: Store) -> None:
    came = at(-100 * 1_440)
    store.save_scored([scored(f"closed-{n}", created_at=came) for n in range(2)])
    store.add_outcomes([outcome(f"closed-{n}", Stage.CLOSED, -40 * 1_440) for n in range(2)])
    store.save_scored([scored(f"lost-{n}", created_at=came, stage=Stage.LOST) for n in range(6)])
    found, scores = read_milestones(store.database, LeadFilter(), NOON)
    assert np.isnan(found.lost[:2]).all()
    assert found.lost[2:] == pytest.approx(day(NOON), rel=1e-12)
    assert learn(found, day(NOON) + 0.5).to_contract.ever == pytest.approx(0.25)  # 2 of 8
    open_now, open_then = (standing(found, scores, day(NOON) + days) for days in (0.5, -30.0))
    assert (len(open_now), len(open_then)) == (0, 6)  # nobody knew then, so they counted as open


@pytest.mark.parametrize(("hours_before", "counts"), [(0, True), (20, True), (30, False)])
def test_who_signed_before_coming_in_tells_nothing_of_how_long_leads_take(
    store: Store, hours_before: float, counts: bool
) -> None:
    store.save_scored([scored("a", created_at=at(0)), scored("b", created_at=at(0))])
    store.add_outcomes([outcome("a", Stage.CLOSED, -60 * hours_before, "500000")])
    assert len(read_milestones(store.database, LeadFilter(), NOON)[0]) == 1 + counts
    assert len(read_contracts(store.database)[0]) == counts
    assert len(arrivals_and_contracts(store.database, LeadFilter(), NOON)[0]) == 1 + counts
    assert undated_contracts(store.database, LeadFilter(), NOON) == (not counts)
    assert len(store.pipeline_past.closings(at(-3_000))) == 1  # a closing it is


def test_a_filter_narrows_the_leads_and_their_scores(store: Store) -> None:
    store.save_scored([scored(name, created_at=at(0), source=name) for name in ("ads", "web", "zillow")])
    found, scores = read_milestones(store.database, LeadFilter(sources=("web", "ads")), NOON, every_score=True)
    assert len(found) == 2
    assert sorted(scores.lead.tolist()) == [0, 1]


def test_any_outcomes_give_the_days_that_going_through_them_gives(store: Store) -> None:
    dice = random.Random(4)
    stages = [Stage.QUALIFIED, Stage.SHOWING, Stage.CONTRACT, Stage.CLOSED, Stage.LOST]
    told = {
        f"lead-{n:02}": [(dice.choice(stages), dice.randrange(1, 90_000)) for _ in range(dice.randrange(4))]
        for n in range(40)
    }
    store.save_scored([scored(history(name, created_at=at(0))) for name in told])
    store.add_outcomes([outcome(name, stage, minutes) for name, rows in told.items() for stage, minutes in rows])
    found, _ = read_milestones(store.database, LeadFilter(), NOON)
    kept = []
    for name in sorted(told):
        rows = told[name]
        signed = min((m for stage, m in rows if stage in (Stage.CONTRACT, Stage.CLOSED)), default=None)
        closed = min((m for stage, m in rows if stage is Stage.CLOSED), default=None)
        losses = [m for stage, m in rows if stage is Stage.LOST]
        last = closed is None and losses and max(losses) >= max(m for _, m in rows)
        if not rows or closed is not None or last or max(rows, key=lambda row: row[1])[0] is not Stage.LOST:
            kept.append((signed, closed, max(losses) if last else None))
    for column, place in ((found.contract, 0), (found.closed, 1), (found.lost, 2)):
        expected = [np.nan if row[place] is None else day(at(float(row[place] or 0))) for row in kept]
        assert column == pytest.approx(expected, nan_ok=True)
